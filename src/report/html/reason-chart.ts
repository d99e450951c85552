/**
 * Why a finding was made: a table of what was observed against what is typical, with a pair of bars in each row.
 *
 * @module
 */

import { formatShare, formatValue } from '../format.ts'
import type { Finding, Reason } from '../report.ts'
import { type Markup, html } from './markup.ts'

/** From this ratio on the smaller bar would vanish on a linear scale. */
const logFrom = 20

/** Lengths of the two bars in percent of the row. A share is drawn as what it is; the rest compares within its row. */
export function barLengths({ observed, typical, unit }: Reason): {
  readonly observed: number
  readonly typical: number
  readonly log: boolean
} {
  const [a, b] = [size(observed), size(typical)]
  const most = Math.max(a, b)
  const least = Math.min(a, b)
  if (unit === 'share' && most <= 1) return { observed: percent(a), typical: percent(b), log: false }
  if (most === 0) return { observed: 0, typical: 0, log: false }
  const log = least > 0 && most / least > logFrom
  // Beyond twelve orders of magnitude both bars would look the same, and the ratio could overflow.
  const floor = Math.max(least, most / 1e12)
  const length = (value: number): number =>
    percent(log && floor > 0 ? Math.log1p(value / floor) / Math.log1p(most / floor) : value / most)
  return { observed: length(a), typical: length(b), log }
}

export function reasonsTable({ reasons, rank }: Finding): Markup | null {
  if (reasons.length === 0) return null
  const anyLog = reasons.some((reason) => barLengths(reason).log)
  return html`<div class="reasons">
    <table>
      <caption>
        Why it stands out
        <span class="soft"
          >${anyLog ? 'bars marked log are on a logarithmic scale' : 'bars compare within a row'}</span
        >
      </caption>
      <thead>
        <tr>
          <th scope="col">Reason</th>
          <th scope="col" class="number">Observed</th>
          <th scope="col" class="number">Typical</th>
          <th scope="col" class="number">Weight</th>
        </tr>
      </thead>
      <tbody>
        ${reasons.map((reason, at) => reasonRow(reason, `reason-${rank}-${at + 1}`))}
      </tbody>
    </table>
    <p class="legend">
      <span class="key loud" aria-hidden="true"></span> observed (upper bar)
      <span class="key quiet" aria-hidden="true"></span> typical (lower bar)
    </p>
  </div>`
}

function reasonRow(reason: Reason, id: string): Markup {
  const { observed, typical, log } = barLengths(reason)
  const said = formatValue(reason.observed, reason.unit)
  const usual = formatValue(reason.typical, reason.unit)
  return html`<tr>
    <th scope="row">
      <span class="label">${reason.label}${log ? html` <span class="log">log</span>` : null}</span>
      <svg role="img" aria-labelledby="${id}-title ${id}-desc" width="100%" height="13">
        <title id="${id}-title">${reason.label}: observed ${said}, typically ${usual}</title>
        <desc id="${id}-desc">
          Two bars${log ? ' on a logarithmic scale' : ''}: what was observed above what is typical.
        </desc>
        <rect class="track" x="0" y="0" width="100%" height="13" />
        <rect class="loud" x="0" y="0" width="${observed}%" height="7" />
        <rect class="quiet" x="0" y="8" width="${typical}%" height="5" />
      </svg>
    </th>
    <td class="number strong">${said}</td>
    <td class="number soft">${usual}</td>
    <td class="number">${formatShare(reason.share)}</td>
  </tr>`
}

function size(value: number): number {
  return Number.isFinite(value) ? Math.abs(value) : 0
}

function percent(share: number): number {
  return Math.round(share * 1000) / 10
}
