/**
 * The report for a terminal: what was read, the incidents, and each finding with its reasons and its raw lines.
 *
 * @module
 */

import { countOf } from './format.ts'
import { byIncident } from './incident.ts'
import type { Report } from './report.ts'
import { severityCounts } from './severity.ts'
import { wrap } from './terminal/columns.ts'
import { renderFinding } from './terminal/finding.ts'
import { type Palette, palette } from './terminal/palette.ts'
import { renderIncidents } from './terminal/incidents.ts'
import { renderSummary } from './terminal/summary.ts'
import { lookedFor, verdict, waysOut, whyQuiet } from './verdict.ts'

/**
 * The whole report, ending in a newline. No line is wider than `width` cells (60 at least), but for filters, which
 * stay in one piece to be copied. Text from the logs can't act on the terminal: see `inert`.
 */
export function renderTerminal(
  report: Report,
  options: { readonly color: boolean; readonly width: number },
): string {
  const paint = palette(options.color)
  const width = Math.max(60, Math.floor(options.width) || 80)
  const { summary, findings } = report
  const blocks = [renderSummary(summary, paint, width)]

  if (summary.parsed === 0) {
    blocks.push(nothingParsed(report, paint, width))
  } else if (findings.length === 0) {
    blocks.push(nothingStoodOut(report, paint, width))
  } else {
    const { incidents } = report
    const counted = `(${countOf(findings.length, 'finding')}: ${severityCounts(findings)})`
    blocks.push([
      ...beside(countOf(incidents.length, 'incident'), counted, paint, width),
      '',
      ...renderIncidents(report, paint, width),
    ])
    const told = byIncident(report).flatMap((story) => story.findings)
    blocks.push(...told.map((finding) => renderFinding(finding, paint, width)))
  }
  blocks.push(belowBudget(summary.belowBudget, findings.length, paint, width))
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`
}

function nothingParsed(report: Report, paint: Palette, width: number): readonly string[] {
  return [
    paint.strong('Nothing was parsed, so nothing could be looked for.'),
    ...indented(verdict(report), width),
    ...waysOut(report.summary).flatMap(({ purpose, command }) => [
      '',
      ...indented(purpose, width),
      `    ${paint.accent(command)}`,
    ]),
  ]
}

function nothingStoodOut(report: Report, paint: Palette, width: number): readonly string[] {
  return [
    paint.strong(verdict(report)),
    ...indented(lookedFor(report.summary), width),
    '',
    ...indented(whyQuiet(report.summary), width),
  ]
}

function belowBudget(count: number, shown: number, paint: Palette, width: number): readonly string[] {
  if (count === 0) return []
  const text = `${countOf(count, 'more finding')} fell below the budget. To see ${count === 1 ? 'it' : 'them'}: `
  const command = `--budget ${shown + count}`
  return text.length + command.length <= width
    ? [`${text}${paint.accent(command)}`]
    : [...wrap(text.trimEnd(), width), `  ${paint.accent(command)}`]
}

/** On one line, where both fit. */
function beside(strong: string, faint: string, paint: Palette, width: number): readonly string[] {
  return strong.length + 1 + faint.length <= width
    ? [`${paint.strong(strong)} ${paint.faint(faint)}`]
    : [paint.strong(strong), ...wrap(faint, width).map(paint.faint)]
}

function indented(text: string, width: number): readonly string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`)
}
