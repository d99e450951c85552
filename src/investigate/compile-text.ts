/**
 * Texts and patterns as conditions. Upper and lower case make no difference.
 *
 * @module
 */
import { sql, type Sql } from '../sql/sql.ts'
import { plainText, type Pattern } from './query/tree.ts'

const asciiOnly = /^[\0-\u007F]*$/

/** ASCII letters only, as the engine's `lower` does it. */
const lowerAscii = (text: string): string => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())

const likeText = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)

/** The pattern in the words of LIKE, without what stands around it. */
export const likePattern = (pattern: Pattern): string =>
  pattern
    .map((piece) => (piece.kind === 'text' ? likeText(piece.text) : piece.kind === 'any' ? '%' : '_'))
    .join('')

/** Whether a text is the pattern from its first character to its last. */
export const isText = (column: Sql, pattern: Pattern): Sql => {
  const plain = plainText(pattern)
  if (plain === null) return sql`${column} ILIKE ${likePattern(pattern)}`
  return asciiOnly.test(plain)
    ? sql`lower(${column}) = ${lowerAscii(plain)}`
    : sql`lowerUTF8(${column}) = ${plain.toLowerCase()}`
}

/** The engine looks for at most so many words at once. */
const mostTokens = 60

/** Words as the index of lines has them: runs of letters and digits, and all that is not ASCII. */
const tokensOf = (text: string): string[] =>
  [...new Set(text.split(/[\0-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u007F]+/))]
    .filter((token) => token !== '')
    .slice(0, mostTokens)

/**
 * Whether a line has the words of a text, next to each other as they stand there; or, with wildcards, whether the pattern is
 * found anywhere in it. Case makes no difference.
 *
 * The words are found by the index of lines, where there is one. ILIKE takes half the time of a search in lowered text.
 */
export const lineHas = (pattern: Pattern): Sql => {
  const middle = likePattern(pattern)
  const start = pattern[0]?.kind === 'any' ? '' : '%'
  const end = pattern.at(-1)?.kind === 'any' ? '' : '%'
  const holds = sql`message ILIKE ${start + middle + end}`
  const plain = plainText(pattern)
  if (plain === null) return holds
  const text = lowerAscii(plain)
  const tokens = tokensOf(text)
  if (tokens.length === 0) return holds
  const words = sql`hasAllTokens(lower(message), ${tokens})`
  return tokens.length === 1 && tokens[0] === text ? words : sql`(${words} AND ${holds})`
}
