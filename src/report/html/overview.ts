/**
 * The page's beginning: the verdict, the key figures, all events over time, the ranking and the incidents.
 *
 * @module
 */

import {
  countOf,
  formatDuration,
  formatNumber,
  formatShare,
  formatSurprise,
  formatTimeRange,
} from '../format.ts'
import type { Finding, Incident, Report, Summary } from '../report.ts'
import { severityCounts } from '../severity.ts'
import { lookedFor, verdict, waysOut, whyQuiet } from '../verdict.ts'
import { severityBadge } from './badges.ts'
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

function lede({ summary, findings }: Report): Content {
  if (summary.parsed === 0) {
    return html`<ul class="commands">
      ${waysOut(summary).map(
        ({ purpose, command }) => html`<li class="soft">${purpose} <code>${command}</code></li>`,
      )}
    </ul>`
  }
  const below = belowBudget(summary, findings.length)
  const foremost = findings[0]
  if (foremost === undefined) {
    return html`<p class="lede">${lookedFor(summary)}</p>
      <p class="lede">${whyQuiet(summary)}${below}</p>`
  }
  const counts = findings.length > 1 ? ` (${severityCounts(findings)})` : ''
  return html`<p class="lede">
    ${countOf(findings.length, 'finding')}${counts}.
    ${findings.length > 1 ? 'First: ' : ''}<strong>${foremost.title}</strong>.${below}
  </p>`
}

function belowBudget({ belowBudget }: Summary, shown: number): Content {
  if (belowBudget === 0) return null
  return html` ${formatNumber(belowBudget)} more fell below the budget;
    <code>--budget ${shown + belowBudget}</code> shows ${belowBudget === 1 ? 'it' : 'them'}.`
}

function keyFigures({ summary, findings }: Report): Markup {
  const { files, lines, parsed, rejected, first, last, seconds } = summary
  const formats = new Set(summary.sources.flatMap(({ format }) => format ?? [])).size
  const spanSeconds = first === null || last === null ? null : (Date.parse(last) - Date.parse(first)) / 1000
  return html`<dl class="figures">
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

export function overview({ summary, findings }: Report): Markup | null {
  const chart = overviewChart(summary, findings)
  return chart === null ? null : html`<div class="overview">${chart}</div>`
}

export function ranking(findings: readonly Finding[]): Markup | null {
  if (findings.length === 0) return null
  return html`<section aria-labelledby="ranking">
    <h2 id="ranking">Ranking</h2>
    <table class="ranking">
      <thead>
        <tr>
          <th scope="col" class="position">#</th>
          <th scope="col" class="graded">Severity</th>
          <th scope="col">Finding</th>
          <th scope="col" class="wide">First – last (UTC)</th>
          <th scope="col" class="number wide">Events</th>
          <th scope="col" class="number wide">Surprise</th>
        </tr>
      </thead>
      <tbody>
        ${findings.map(
          (finding) =>
            html`<tr>
              <td class="position">${finding.rank}</td>
              <td class="graded">${severityBadge(finding.severity)}</td>
              <th scope="row">
                <span class="narrow">${severityBadge(finding.severity)}</span>
                <a href="#finding-${finding.rank}">${finding.title}</a
                ><span class="entity">${finding.entity.value}</span>
              </th>
              <td class="time wide">${formatTimeRange(finding.first, finding.last, false)}</td>
              <td class="number wide">${formatNumber(finding.events)}</td>
              <td class="number wide">${formatSurprise(finding.surprise)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

/** Incidents of more than one finding; one of a single finding would only say that again. */
export function incidents(report: Report): Markup | null {
  const several = report.incidents.filter(({ findings }) => findings.length > 1)
  if (several.length === 0) return null
  const ranks = new Map(report.findings.map(({ id, rank }) => [id, rank]))
  return html`<section aria-labelledby="incidents">
    <h2 id="incidents">Findings that belong together</h2>
    <ul class="incidents">
      ${several.map((incident) => incidentItem(incident, ranks))}
    </ul>
  </section>`
}

function incidentItem(incident: Incident, ranks: ReadonlyMap<string, number>): Markup {
  const members = incident.findings.flatMap((id) => ranks.get(id) ?? [])
  const unseen = incident.findings.length - members.length
  return html`<li>
    <h3>${incident.title}</h3>
    <p>
      Risk ${formatNumber(Math.round(incident.risk))} of 100. Findings
      ${members.map(
        (rank, at) => html`${at > 0 ? ', ' : ''}<a href="#finding-${rank}">${rank}</a>`,
      )}${unseen > 0 ? ` and ${formatNumber(unseen)} below the budget` : ''}:
      <span class="entity">${incident.entities.map(({ value }) => value).join(', ')}</span>
    </p>
  </li>`
}
