/**
 * The page's beginning: the verdict, the key figures, and all events over time.
 *
 * @module
 */

import { countOf, formatDuration, formatNumber, formatShare, formatTimeRange } from '../format.ts'
import type { Report, Summary } from '../report.ts'
import { severityCounts } from '../severity.ts'
import { lookedFor, verdict, waysOut, whyQuiet } from '../verdict.ts'
import { type Content, type Markup, html } from './markup.ts'
import { overviewChart } from './time-chart.ts'

export function masthead(report: Report): Markup {
  const { first, last } = report.summary
  return html`<header class="masthead">
    <p class="brand">
      <svg aria-hidden="true" width="22" height="22" viewBox="0 0 22 22">
        <circle class="grain" cx="4" cy="5" r="2.4" />
        <circle class="grain" cx="11" cy="5" r="2.4" />
        <circle class="grain" cx="18" cy="5" r="2.4" />
        <circle class="grain" cx="7.5" cy="11" r="2.4" />
        <circle class="grain" cx="14.5" cy="11" r="2.4" />
        <circle class="grain kept" cx="11" cy="17.4" r="2.9" />
      </svg>
      <b>Winnow</b> hunt report
      ${first === null || last === null ? null : html`<span class="when">${formatTimeRange(first, last, false)} UTC</span>`}
    </p>
    <h1>${verdict(report)}</h1>
    ${lede(report)} ${keyFigures(report)}
  </header>`
}

function lede({ summary, findings, incidents }: Report): Content {
  if (summary.parsed === 0) {
    return html`<ul class="commands">
      ${waysOut(summary).map(
        ({ purpose, command }) => html`<li class="soft">${purpose} <code>${command}</code></li>`,
      )}
    </ul>`
  }
  const below = belowBudget(summary, findings.length)
  const [foremost] = incidents
  if (foremost === undefined) {
    return html`<p class="lede">${lookedFor(summary)}</p>
      <p class="lede">${whyQuiet(summary)}${below}</p>`
  }
  const counts = findings.length > 1 ? ` (${severityCounts(findings)})` : ''
  return html`<p class="lede">
    ${countOf(findings.length, 'finding')}${counts}.
    ${incidents.length > 1 ? 'First: ' : ''}<strong>${foremost.title}</strong>.${below}
  </p>`
}

function belowBudget({ belowBudget }: Summary, shown: number): Content {
  if (belowBudget === 0) return null
  return html` ${formatNumber(belowBudget)} more fell below the budget;
    <code>--budget ${shown + belowBudget}</code> shows ${belowBudget === 1 ? 'it' : 'them'}.`
}

function keyFigures({ summary, findings, incidents }: Report): Markup {
  const { files, lines, parsed, rejected, first, last, seconds } = summary
  const formats = new Set(summary.sources.flatMap(({ format }) => format ?? [])).size
  const spanSeconds = first === null || last === null ? null : (Date.parse(last) - Date.parse(first)) / 1000
  return html`<dl class="figures">
    ${figure('Incidents', formatNumber(incidents.length), incidents.length === 0 ? '' : `the worst of risk ${formatNumber(incidents[0]?.risk ?? 0)}`)}
    ${figure('Findings', formatNumber(findings.length), summary.belowBudget > 0 ? `${formatNumber(summary.belowBudget)} below the budget` : '')}
    ${figure('Events', formatNumber(parsed), `from ${countOf(lines, 'line')}`)}
    ${figure('Rejected lines', formatNumber(rejected), lines > 0 ? `${formatShare(rejected / lines)} of all` : '')}
    ${spanSeconds === null ? null : figure('Time span', formatDuration(spanSeconds), 'first to last event')}
    ${figure('Files', formatNumber(files), formats === 0 ? 'no known format' : countOf(formats, 'format'))}
    ${figure('Read in', formatDuration(seconds), seconds > 0 ? `${formatNumber(Math.round(lines / seconds))} lines/s` : '')}
  </dl>`
}

function figure(name: string, value: string, note: string): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}<span class="note">${note}</span></dd>
  </div>`
}

export function overview({ summary, incidents }: Report): Markup | null {
  const chart = overviewChart(summary, incidents)
  return chart === null ? null : html`<div class="overview">${chart}</div>`
}
