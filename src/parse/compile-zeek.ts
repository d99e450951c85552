/**
 * Lines under Zeek's header blocks: which block is in force at a line, and where its fields are.
 *
 * @module
 */
import { bound, raw, sql, id, type Sql } from '../sql/sql.ts'
import type { ParseContext, ZeekHeader } from './context.ts'
import type { Located } from './compile-line.ts'

interface Block extends ZeekHeader {
  readonly line: number
  readonly names: readonly string[]
}

/** Blocks that say something else than the one before. */
const blocksOf = ({ headers }: ParseContext): Block[] => {
  const blocks = headers.flatMap(({ line, names, zeek }) =>
    zeek === undefined ? [] : [{ line, names, ...zeek }],
  )
  const said = (block: Block): string => JSON.stringify({ ...block, line: 0 })
  return blocks.filter((block, i) => {
    const before = blocks[i - 1]
    return before === undefined || said(before) !== said(block)
  })
}

const allSame = (values: readonly (string | number)[]): boolean =>
  values.every((value) => value === values[0])

/** Behind all fields: an array gives empty text there. */
const nowhere = 65_536

export const locateZeek = (text: Sql, prefix: string, context: ParseContext): Located => {
  const blocks = blocksOf(context)
  const [first] = blocks
  if (first === undefined)
    return { split: () => [], locate: () => raw("''"), matches: () => raw('0'), known: () => undefined }

  const starts = blocks.map(({ line }) => line)
  // A binary search, then a hash: many logs may have been put together.
  const inForce = sql`roundDown(toUInt64(line_number), ${bound('Array(UInt64)', starts)})`
  const pickNumber = (of: (block: Block) => number): Sql => {
    const values = blocks.map(of)
    if (allSame(values)) return raw(`toUInt64(${values[0] ?? 0})`)
    return sql`transform(${inForce}, ${bound('Array(UInt64)', starts)}, ${bound('Array(UInt64)', values)}, toUInt64(0))`
  }
  const pickText = (of: (block: Block) => string): Sql => {
    const values = blocks.map(of)
    if (allSame(values)) return bound('String', values[0] ?? '')
    return sql`transform(${inForce}, ${bound('Array(UInt64)', starts)}, ${values}, '')`
  }
  const fields = id(`${prefix}_f`)
  const splitAt = (separator: string): Sql =>
    Buffer.byteLength(separator) === 1
      ? sql`splitByChar(${separator}, ${text})`
      : sql`splitByString(${bound('String', separator)}, ${text})`
  const separators = [...new Set(blocks.map(({ separator }) => separator))]
  const pieces = separators
    .slice(1)
    .reduce(
      (otherwise, separator) =>
        sql`if(${pickText((block) => block.separator)} = ${separator}, ${splitAt(separator)}, ${otherwise})`,
      splitAt(first.separator),
    )
  const isUsual = blocks.every(({ unset, empty }) => unset === '-' && empty === '(empty)')
  const unset = pickText((block) => block.unset)
  const empty = pickText((block) => block.empty)
  const split = isUsual
    ? pieces
    : sql`arrayMap(x -> multiIf(x = ${unset}, '-', x = ${empty}, '(empty)', x), ${pieces})`
  return {
    split: () => [[`${prefix}_f`, split]],
    matches: () =>
      sql`line_number > ${first.line} AND ${text} != '' AND NOT startsWith(${text}, '#') AND length(${fields}) = ${pickNumber((block) => block.names.length)}`,
    locate: (name) => {
      if (name === '#path') return pickText(({ path }) => path)
      if (name === '#open') return pickText(({ open }) => open)
      const places = blocks.map(({ names }) => names.indexOf(name) + 1)
      if (places.every((place) => place === 0)) return raw("''")
      return sql`${fields}[${pickNumber(({ names }) => names.indexOf(name) + 1 || nowhere)}]`
    },
    known: (name) => (name === '#path' ? [...new Set(blocks.map(({ path }) => path))] : undefined),
  }
}
