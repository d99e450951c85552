/**
 * Writing parts of queries: `field:value` with quotes where they are needed.
 *
 * @module
 */

/** Values that the query language reads as they stand. */
const plain = /^[\w.@][\w.@-]*$/
const words = /^(?:and|or|not|to)$/i

const quoted = (value: string): string =>
  plain.test(value) && !words.test(value)
    ? value
    : `"${value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`

export const term = (field: string, value: string | number | boolean): string =>
  `${field}:${quoted(String(value))}`

/** A query with one more condition; each side is bracketed where OR would reach across. */
export const narrowed = (query: string, condition: string): string => {
  const whole = query.trim()
  if (whole === '' || whole === '*') return condition
  const kept = /\bOR\b/.test(whole) ? `(${whole})` : whole
  return `${kept} AND ${condition}`
}

/** A finding's filter without its own time range, which the range picker shows instead. */
export const withoutTimes = (filter: string): string =>
  filter
    .replace(/(?:^|\s+AND\s+)timestamp:[[{][^\]}]*[\]}]/g, '')
    .replace(/^\s*AND\s+/, '')
    .trim()
