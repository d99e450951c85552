/**
 * The terminal's ranked table of findings, and the incidents they make up.
 *
 * @module
 */

import { formatNumber, formatSurprise, formatTimeRange, inert } from '../format.ts'
import type { Finding, Incident, Report } from '../report.ts'
import { type Column, columnWidths, cut, fill, row, wrap } from './columns.ts'
import type { Palette } from './palette.ts'

/** From this many cells on a finding takes one line; below, its title and time go on lines of their own. */
const roomy = 150

export function renderRanking(
  findings: readonly Finding[],
  paint: Palette,
  width: number,
): readonly string[] {
  const wide = width >= roomy
  const columns: readonly Column[] = [
    { head: '#', align: 'right' },
    { head: 'Severity' },
    { head: 'Surprise', align: 'right' },
    { head: 'Entity', most: 40, yields: true },
    ...(wide ? [{ head: 'Title', yields: true }, { head: 'First – last (UTC)' }] : []),
    { head: 'Events', align: 'right' as const },
  ]
  const rows = findings.map((finding) => [
    String(finding.rank),
    finding.severity,
    formatSurprise(finding.surprise),
    inert(finding.entity.value),
    ...(wide ? [inert(finding.title), formatTimeRange(finding.first, finding.last, false)] : []),
    formatNumber(finding.events),
  ])
  const widths = columnWidths(columns, rows, width - 2)
  const head = row(
    columns.map((column) => column.head),
    columns,
    widths,
  )
  const indent = ' '.repeat(4 + (widths[0] ?? 0))
  return [
    `  ${paint.faint(head)}`,
    ...findings.flatMap((finding, at) => {
      const texts = rows[at] ?? []
      const first = `  ${fill(texts[0] ?? '', widths[0] ?? 0, 'right')}  `
      const severity = paint.severity[finding.severity](fill(finding.severity, widths[1] ?? 0))
      const rest = row(texts.slice(2), columns.slice(2), widths.slice(2))
      return [
        `${first}${severity}  ${rest}`,
        ...(wide
          ? []
          : [
              `${indent}${cut(inert(finding.title), width - indent.length)}`,
              `${indent}${paint.faint(formatTimeRange(finding.first, finding.last, false))}`,
            ]),
      ]
    }),
  ]
}

/** Incidents of more than one finding; one of a single finding would only say that again. */
export function renderIncidents(report: Report, paint: Palette, width: number): readonly string[] {
  const incidents = report.incidents.filter(({ findings }) => findings.length > 1)
  if (incidents.length === 0) return []
  const ranks = new Map(report.findings.map(({ id, rank }) => [id, rank]))
  return [paint.strong('Findings that belong together'), ...incidents.flatMap((incident) => tell(incident))]

  function tell(incident: Incident): readonly string[] {
    const members = incident.findings.flatMap((id) => {
      const rank = ranks.get(id)
      return rank === undefined ? [] : [`#${rank}`]
    })
    const unseen = incident.findings.length - members.length
    const named = [...members, ...(unseen > 0 ? [`${unseen} below the budget`] : [])].join(', ')
    const entities = incident.entities.map(({ value }) => inert(value)).join(', ')
    return [
      ...wrap(inert(incident.title), width - 4).map((line, at) => (at === 0 ? `  ${line}` : `    ${line}`)),
      ...wrap(
        `risk ${formatNumber(Math.round(incident.risk))} of 100; findings ${named}; ${entities}`,
        width - 4,
      ).map((line) => `    ${paint.faint(line)}`),
    ]
  }
}
