import { bound, join, raw, sql, type Sql } from '../sql/sql.ts'

/** Bytes of one value in a request: the server takes 128 KiB, and each may need a backslash. */
export const longestValue = 60_000

/** A list cut into pieces whose parts add up to no more than the longest value. */
const pieces = <T>(items: readonly T[], size: (item: T) => number): T[][] => {
  const cut: T[][] = []
  let room = 0
  for (const item of items) {
    const last = cut.at(-1)
    const bytes = size(item)
    if (last === undefined || bytes > room) {
      cut.push([item])
      room = longestValue - bytes
    } else {
      last.push(item)
      room -= bytes
    }
  }
  return cut
}

const bytesOf = (value: unknown): number => Buffer.byteLength(String(value)) + 4

/** A value too long for one parameter becomes the concatenation of several. */
export const divided = (statement: Sql): Sql => {
  const parts = statement.pieces.map((piece) => {
    if (typeof piece === 'string') return raw(piece)
    const { type, value } = piece
    if (typeof value === 'string' && bytesOf(value) > longestValue) {
      // By characters: half of a pair would not survive.
      const texts = pieces(Array.from(value), (character) => Buffer.byteLength(character))
      return sql`concat(${join(texts.map((text) => bound(type, text.join(''))))})`
    }
    if (Array.isArray(value) && bytesOf(value) > longestValue) {
      const arrays = pieces<string | number>(value, bytesOf)
      // The pieces of an array have its elements' type.
      return sql`arrayConcat(${join(arrays.map((items) => bound(type, items as string[])))})`
    }
    return bound(type, value)
  })
  return join(parts, '')
}
