/**
 * The terminal's first block: what was read, how fast, and what was not understood.
 *
 * @module
 */

import { countOf, formatDuration, formatNumber, formatTimeRange, inert } from '../format.ts'
import type { ListSummary, SourceSummary, Summary } from '../report.ts'
import { type Column, columnWidths, cut, row, wrap } from './columns.ts'
import type { Palette } from './palette.ts'

/** More sources than this are counted, not listed. */
const fewSources = 12
const topRejects = 3

export function renderSummary(summary: Summary, paint: Palette, width: number): readonly string[] {
  const { lines, seconds, first, last } = summary
  const speed = seconds > 0 && lines > 0 ? ` (${formatNumber(Math.round(lines / seconds))} lines/s)` : ''
  const said = (name: string, text: string): readonly string[] =>
    wrap(text, width - 12).map((line, at) => `  ${paint.faint((at === 0 ? name : '').padEnd(8))}  ${line}`)
  return [
    paint.strong('Winnow hunt'),
    ...said(
      'read',
      `${countOf(lines, 'line')} from ${countOf(summary.files, 'file')} in ${formatDuration(seconds)}${speed}`,
    ),
    ...said('parsed', countOf(summary.parsed, 'event')),
    ...said('rejected', countOf(summary.rejected, 'line')),
    ...rejects(summary, paint, width),
    ...(first === null || last === null
      ? []
      : said('time', `${formatTimeRange(first, last)} UTC (${spanOf(first, last)})`)),
    ...(summary.lists ?? []).flatMap((list) => said('list', listText(list))),
    ...sources(summary.sources, paint, width),
  ]
}

function listText({ path, kind, entries, bad, firstBad }: ListSummary): string {
  const first = firstBad === undefined ? '' : `, the first is line ${formatNumber(firstBad)}`
  const unread = bad === 0 ? '' : `; ${countOf(bad, 'line')} not understood${first}`
  return `${inert(path)}: ${countOf(entries, 'entry', 'entries')} (${kind})${unread}`
}

function spanOf(first: string, last: string): string {
  return formatDuration((Date.parse(last) - Date.parse(first)) / 1000)
}

function rejects(summary: Summary, paint: Palette, width: number): readonly string[] {
  const shown = summary.rejects.slice(0, topRejects)
  const rest = summary.rejects.slice(topRejects).reduce((sum, { lines }) => sum + lines, 0)
  return [
    ...shown.map(({ reason, lines }) => `${formatNumber(lines)} × ${inert(reason)}`),
    ...(rest > 0 ? [`${formatNumber(rest)} × other reasons`] : []),
  ].map((line) => `            ${paint.faint(cut(line, width - 12))}`)
}

function sources(list: readonly SourceSummary[], paint: Palette, width: number): readonly string[] {
  if (list.length === 0 || list.length > fewSources) return []
  const noted = list.some(({ note }) => note !== undefined)
  const columns: readonly Column[] = [
    { head: 'Source', keep: 'end', yields: true },
    { head: 'Format', yields: true },
    { head: 'Lines', align: 'right' },
    { head: 'Rejected', align: 'right' },
    ...(noted ? [{ head: 'Note', yields: true }] : []),
  ]
  const rows = list.map(({ path, format, lines, rejected, note }) => [
    inert(path),
    format === null ? 'not read' : inert(format),
    formatNumber(lines),
    formatNumber(rejected),
    inert(note ?? ''),
  ])
  const widths = columnWidths(columns, rows, width - 2)
  const head = row(
    columns.map((column) => column.head),
    columns,
    widths,
  )
  return [
    '',
    `  ${paint.faint(head)}`,
    ...rows.map((texts) => `  ${row(texts.slice(0, columns.length), columns, widths)}`),
  ]
}
