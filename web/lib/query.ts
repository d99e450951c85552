/**
 * Writing parts of queries: `field:value` with quotes where they are needed.
 *
 * @module
 */

/** Values that the query language reads as they stand. */
const plain = /^[\w.@][\w.@-]*$/
const words = /^(?:and|or|not|to)$/i

/** A slash before a space or a bracket is escaped: it would end an expression that a path in front of it seems to begin. */
const quoted = (value: string): string =>
  plain.test(value) && !words.test(value)
    ? value
    : `"${value
        .replaceAll('\\', '\\\\')
        .replaceAll('"', String.raw`\"`)
        .replaceAll(/\/(?=[\s)])/g, String.raw`\/`)}"`

export const term = (field: string, value: string | number | boolean): string =>
  `${field}:${quoted(String(value))}`

/** Every way to write OR, `||` among them. Words that only look alike do no harm: brackets change nothing. */
const either = /\bor\b|\|\|/i

/**
 * Whether an OR may stand outside quotes and brackets. A slash may begin an expression, in which quotes and brackets are
 * none: then every OR counts.
 */
const mayBeEither = (query: string): boolean => {
  let open = query.replaceAll(/\\.|"(?:\\.|[^\\"])*"/gs, ' ')
  if (open.includes('/')) return either.test(query)
  for (let before = ''; before !== open;) {
    before = open
    open = before.replaceAll(/\([^()]*\)/g, ' ')
  }
  return either.test(open)
}

/** A backslash at the very end, which would take the meaning from whatever is written behind it. */
const openEnd = /(?<!\\)(?:\\\\)*\\$/

/**
 * A query with one more condition, which all of it has to meet: a query whose OR would reach across is bracketed.
 *
 * @param condition as {@link term} writes it, or NOT and such a one
 */
export const narrowed = (query: string, condition: string): string => {
  const whole = query.trim()
  if (whole === '' || whole === '*') return condition
  // What it stood before is kept: a space, or nothing, for which a second backslash stands.
  const ended = openEnd.test(whole) ? whole + (query.trimStart()[whole.length] ?? '\\') : whole
  return `${mayBeEither(ended) ? `(${ended})` : ended} AND ${condition}`
}

/** A finding's filter without its own time range, which the range picker shows instead. */
export const withoutTimes = (filter: string): string =>
  filter
    .replace(/(?:^|\s+AND\s+)timestamp:[[{][^\]}]*[\]}]/g, '')
    .replace(/^\s*AND\s+/, '')
    .trim()
