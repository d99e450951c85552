/**
 * Tables for people: on the terminal and in RESULTS.md the same.
 *
 * @module
 */

/** A Markdown table whose columns line up; all but the first are set to the right where `numeric`. */
export const table = (
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  numeric = true,
): string => {
  const widths = heads.map((head, i) => Math.max(3, head.length, ...rows.map((row) => (row[i] ?? '').length)))
  const toRight = (i: number): boolean => numeric && i > 0
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, i) => (toRight(i) ? (cells[i] ?? '').padStart(width) : (cells[i] ?? '').padEnd(width))).join(' | ')} |`
  const rule = widths.map((width, i) => (toRight(i) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)))
  return [line(heads), `| ${rule.join(' | ')} |`, ...rows.map(line)].join('\n')
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}
