/**
 * The page's end: what was read, what was not understood, and what was looked for.
 *
 * @module
 */

import { formatNumber } from '../format.ts'
import type { Summary } from '../report.ts'
import { type Markup, html } from './markup.ts'

/** UTF-16 units of a rejected line: enough to recognise it. */
const longestExample = 300

export function whatWasRead({ sources, rejects }: Summary): Markup | null {
  if (sources.length === 0 && rejects.length === 0) return null
  return html`<section aria-labelledby="read">
    <h2 id="read">What was read</h2>
    <div class="read">${sourcesTable(sources)} ${rejectsTable(rejects)}</div>
  </section>`
}

function sourcesTable(sources: Summary['sources']): Markup | null {
  if (sources.length === 0) return null
  return html`<table>
    <caption>
      Sources
    </caption>
    <thead>
      <tr>
        <th scope="col">File</th>
        <th scope="col">Format</th>
        <th scope="col" class="number">Lines</th>
        <th scope="col" class="number">Rejected</th>
      </tr>
    </thead>
    <tbody>
      ${sources.map(
        ({ path, format, lines, rejected, note }) =>
          html`<tr>
            <th scope="row">
              <code>${path}</code>${note === undefined ? null : html`<span class="note">${note}</span>`}
            </th>
            <td>${format ?? html`<span class="soft">not read</span>`}</td>
            <td class="number">${formatNumber(lines)}</td>
            <td class="number">${formatNumber(rejected)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function rejectsTable(rejects: Summary['rejects']): Markup | null {
  if (rejects.length === 0) return null
  return html`<table>
    <caption>
      Rejected lines
    </caption>
    <thead>
      <tr>
        <th scope="col">Reason, with an example</th>
        <th scope="col" class="number">Lines</th>
      </tr>
    </thead>
    <tbody>
      ${rejects.map(
        ({ reason, lines, example }) =>
          html`<tr>
            <th scope="row">
              ${reason}${example === '' ? null : html`<code class="example">${example.slice(0, longestExample)}${example.length > longestExample ? '…' : ''}</code>`}
            </th>
            <td class="number">${formatNumber(lines)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

export function whatWasLookedFor({ detectors }: Summary, ran: ReadonlyMap<string, number>): Markup | null {
  if (detectors.length === 0) return null
  return html`<section aria-labelledby="detectors">
    <h2 id="detectors">What was looked for</h2>
    <ul class="detectors">
      ${detectors.map(
        (detector) =>
          html`<li>
            ${detector}
            <span class="soft"
              >${ran.has(detector) ? `found ${formatNumber(ran.get(detector) ?? 0)}` : 'found nothing'}</span
            >
          </li>`,
      )}
    </ul>
  </section>`
}
