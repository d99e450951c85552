/**
 * Times written with `strftime` → regular expressions and the value that puts what they find together.
 *
 * @module
 */
import { constant, firstOf, isLike, joined, lookup, replace, time, when, type Value } from 'winnow'

const months = 'January February March April May June July August September October November December'.split(
  ' ',
)

const monthNumbers = Object.fromEntries(
  months.flatMap((month, i) => {
    const number = String(i + 1).padStart(2, '0')
    return [
      [month, number],
      [month.slice(0, 3), number],
    ]
  }),
)

/** The directives that are read, each with what it looks like; those without a meaning for the time are skipped. */
const directives: Readonly<Record<string, string>> = {
  Y: '[0-9]{4}',
  y: '[0-9]{2}',
  m: '[0-9]{2}',
  b: '[A-Z][a-z]{2}',
  B: '[A-Z][a-z]+',
  d: '[0-9]{2}',
  e: '[ 0-9][0-9]',
  H: '[0-9]{2}',
  M: '[0-9]{2}',
  S: '[0-9]{2}',
  z: '[+-][0-9]{4}',
  s: '[0-9]+',
  Z: '[A-Z][A-Za-z0-9+-]*',
  a: '[A-Z][a-z]{2}',
  A: '[A-Z][a-z]+',
}

const shorthands: Readonly<Record<string, string>> = {
  T: '%H:%M:%S',
  R: '%H:%M',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  h: '%b',
  n: '\n',
  t: '\t',
}

export const escaped = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replaceAll(/ +/g, ' +')

interface TimePattern {
  /** With a named group for each directive: the prefix and the directive's letter. */
  readonly pattern: string
  readonly letters: readonly string[]
  /** A directive that cannot be read. */
  readonly unknown?: string
}

/** What a time in this form looks like. */
export const timePattern = (format: string, prefix: string): TimePattern => {
  const long = format.replaceAll(/%([TRFDhnt])/g, (_, letter: string) => shorthands[letter] ?? '')
  const parts = long.match(/%.|[^%]+/gs) ?? []
  const letters: string[] = []
  let unknown: string | undefined
  const patterns = parts.map((part) => {
    if (!part.startsWith('%')) return escaped(part)
    if (part === '%%') return '%'
    const letter = part.slice(1)
    const form = directives[letter]
    if (form === undefined) {
      unknown ??= part
      return '.*?'
    }
    if (letters.includes(letter)) return form
    letters.push(letter)
    return `(?<${prefix}${letter}>${form})`
  })
  return { pattern: patterns.join(''), letters, ...(unknown === undefined ? {} : { unknown }) }
}

/** What is missing for a moment: the directives of which one must be there. */
export const missingFrom = (letters: readonly string[]): string | undefined => {
  if (letters.includes('s')) return undefined
  const needed = [
    ['Y', 'y'],
    ['m', 'b', 'B'],
    ['d', 'e'],
    ['H', ''],
    ['M', ''],
  ]
  const lacking = needed.find((choices) => !choices.some((letter) => letters.includes(letter)))
  return lacking?.[0] === undefined ? undefined : `%${lacking[0]}`
}

/**
 * The moment that directives give together.
 *
 * @param value the text of a directive; undefined where it was not written
 * @param utc whether times without a zone are UTC
 */
export const momentOf = (
  value: (letter: string) => Value | undefined,
  milliseconds: Value | undefined,
  utc: boolean,
): Value => {
  const since = value('s')
  if (since !== undefined) return time(since, { epoch: 'seconds' })
  const year = value('Y') ?? joined([constant('20'), value('y') ?? constant('')], '')
  const name = value('b') ?? value('B')
  const month = value('m') ?? lookup(name ?? constant(''), monthNumbers)
  const day = value('d') ?? replace(value('e') ?? constant(''), ' ', '0')
  const clock = [value('H'), value('M'), value('S') ?? constant('00')].filter((one) => one !== undefined)
  const fraction = milliseconds === undefined ? [] : [milliseconds]
  const named = value('Z')
  const isUtc =
    named === undefined ? constant('') : when(isLike(named, '^(?:UTC|GMT|Z)$'), constant('Z'), constant(''))
  const zone = firstOf(value('z') ?? isUtc, utc ? constant('Z') : constant(''))
  const written = joined([joined([year, month, day], '-'), joined(clock, ':')], 'T')
  return time(joined([joined([written, ...fraction], '.'), zone], ''), 'iso')
}
