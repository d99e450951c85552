/**
 * The terminal's list of incidents, the riskiest first, with the findings below each.
 *
 * @module
 */

import { countOf, formatSurprise, formatTimeRange, inert } from '../format.ts'
import { byIncident, tacticsText, type Story } from '../incident.ts'
import type { Finding, Report } from '../report.ts'
import { cut, fill, wrap } from './columns.ts'
import type { Palette } from './palette.ts'

/** "critical" is the longest. */
const severityCells = 8

export function renderIncidents(report: Report, paint: Palette, width: number): readonly string[] {
  const stories = byIncident(report)
  const places = String(stories.length).length
  return stories.flatMap((story, at) => [
    ...(at === 0 ? [] : ['']),
    ...renderStory(story, places, paint, width),
  ])
}

function renderStory(
  { incident, findings }: Story,
  places: number,
  paint: Palette,
  width: number,
): readonly string[] {
  const { rank, risk, severity, title, first, last, events } = incident
  const before = `  ${String(rank).padStart(places)}  Risk ${String(risk).padStart(3)}  `
  const room = width - before.length
  const [head = '', ...rest] = wrap(inert(title), room)
  const indent = ' '.repeat(before.length)
  const facts = [
    `${formatTimeRange(first, last, false)} UTC`,
    countOf(events, 'event'),
    ...(incident.tactics.length === 0 ? [] : [inert(tacticsText(incident))]),
  ].join(' · ')
  return [
    `  ${paint.faint(String(rank).padStart(places))}  ${paint.severity[severity](`Risk ${String(risk).padStart(3)}`)}  ${paint.strong(head)}`,
    ...rest.map((line) => `${indent}${paint.strong(line)}`),
    ...wrap(facts, room).map((line) => `${indent}${paint.faint(line)}`),
    ...findings.map((finding) => line(finding, findings.length === 1, paint, width)),
  ]
}

/** A lone finding has the title of its incident: its detector says more. */
function line(finding: Finding, alone: boolean, paint: Palette, width: number): string {
  const indent = '    '
  const number = `#${finding.rank}`.padStart(3)
  const surprise = formatSurprise(finding.surprise).padStart(4)
  const said = inert(alone ? `${finding.detector}: ${finding.entity.value}` : finding.title)
  const room = width - indent.length - number.length - severityCells - surprise.length - 6
  const severity = paint.severity[finding.severity](fill(finding.severity, severityCells))
  return `${indent}${number}  ${severity}  ${paint.faint(surprise)}  ${cut(said, room)}`
}
