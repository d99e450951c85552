/**
 * What findings of some kinds show beside their reasons: the rhythm of a beacon, the queries of a tunnel, the targets of a
 * scan.
 *
 * @module
 */
import { countOf, formatBytes, formatDuration, formatNumber, formatTimeRange } from '../format.ts'
import type { Blinded, Detail, Finding, Queries, Rhythm, Targets } from '../report.ts'
import { pathBlock, touchedBlock } from './graph.ts'
import { type Markup, html } from './markup.ts'
import { payloadsBlock } from './payloads.ts'

const chartHeight = 90
const labelHeight = 18
const rowHeight = 13
const labelWidth = 12

export function detailBlocks({ details, rank }: Finding): readonly Markup[] {
  return details.map((detail, at) => detailBlock(detail, `detail-${rank}-${at + 1}`))
}

function detailBlock(detail: Detail, id: string): Markup {
  switch (detail.kind) {
    case 'rhythm':
      return html`<section class="details" aria-labelledby="${id}">
        <h4 id="${id}">
          Rhythm <span class="soft">every ${formatDuration(detail.medianGap)}, by the median</span>
        </h4>
        <div class="charts">${gapChart(detail, id)} ${hourChart(detail, id)}</div>
      </section>`
    case 'queries':
      return queriesBlock(detail, id)
    case 'targets':
      return targetsBlock(detail, id)
    case 'blinded':
      return blindedBlock(detail, id)
    case 'touched':
      return touchedBlock(detail, id)
    case 'path':
      return pathBlock(detail, id)
    case 'payloads':
      return payloadsBlock(detail, id)
  }
}

function blindedBlock({ detectors }: Blinded, id: string): Markup {
  return html`<section class="details" aria-labelledby="${id}">
    <h4 id="${id}">
      Blind meanwhile <span class="soft">detectors that read hardly anything but this log</span>
    </h4>
    <ul class="names">
      ${detectors.map((one) => html`<li><code>${one.id}</code> ${one.title}</li>`)}
    </ul>
  </section>`
}

function gapChart({ gaps }: Rhythm, id: string): Markup {
  const most = Math.max(1, ...gaps.map((bucket) => bucket.gaps))
  const width = 100 / Math.max(1, gaps.length)
  const last = gaps.at(-1)
  const regular = last === undefined ? 0 : (gaps.at(-2)?.toSeconds ?? last.toSeconds)
  return html`<figure class="time-chart">
    <figcaption>Time between calls <span class="soft">how often each gap occurs</span></figcaption>
    <svg
      role="img"
      aria-labelledby="${id}-gaps-title ${id}-gaps-desc"
      width="100%"
      height="${chartHeight + labelHeight}"
    >
      <title id="${id}-gaps-title">Histogram of the time between calls</title>
      <desc id="${id}-gaps-desc">
        ${gaps
          .filter((bucket) => bucket.gaps > 0)
          .map(
            (bucket) =>
              `${formatDuration(bucket.fromSeconds)} to ${formatDuration(bucket.toSeconds)}: ${bucket.gaps}.`,
          )
          .join(' ')}
      </desc>
      ${gaps.map((bucket, i) => bar(i * width, width, bucket.gaps / most, bucket.gaps > 0, chartHeight))}
      <line class="axis" x1="0" x2="100%" y1="${chartHeight + 0.5}" y2="${chartHeight + 0.5}" />
      <text x="0" y="${chartHeight + 14}">0</text>
      <text x="100%" y="${chartHeight + 14}" text-anchor="end">${formatDuration(regular)} and more</text>
    </svg>
  </figure>`
}

function bar(x: number, width: number, share: number, any: boolean, bottom: number): Markup {
  const height = any ? Math.max(1.5, share * (bottom - 4)) : 0
  return html`<rect
    class="loud"
    x="${fixed(x)}%"
    y="${fixed(bottom - height)}"
    width="${fixed(width * 0.86)}%"
    height="${fixed(height)}"
  />`
}

interface Day {
  readonly label: string
  readonly hours: readonly { readonly hour: number; readonly events: number; readonly time: string }[]
}

function daysOf({ hours }: Rhythm): readonly Day[] {
  const days = new Map<string, Day['hours'][number][]>()
  for (const { time, events } of hours) {
    const day = time.slice(0, 10)
    const cells = days.get(day) ?? []
    days.set(day, cells)
    cells.push({ hour: Number(time.slice(11, 13)), events, time })
  }
  return [...days].map(([label, cells]) => ({ label, hours: cells }))
}

/** A row a day and a column an hour: what is on day and night shows as a band, what comes and goes with people does not. */
function hourChart(rhythm: Rhythm, id: string): Markup {
  const days = daysOf(rhythm)
  const most = Math.max(1, ...rhythm.hours.map(({ events }) => events))
  const width = (100 - labelWidth) / 24
  const height = days.length * rowHeight + labelHeight
  const first = rhythm.hours[0]?.time ?? ''
  const last = rhythm.hours.at(-1)?.time ?? ''
  return html`<figure class="time-chart">
    <figcaption>Calls by hour <span class="soft">darker is more; times in UTC</span></figcaption>
    <svg role="img" aria-labelledby="${id}-hours-title ${id}-hours-desc" width="100%" height="${height}">
      <title id="${id}-hours-title">Calls by day and hour</title>
      <desc id="${id}-hours-desc">
        ${formatTimeRange(first, last, false)} UTC; calls in
        ${rhythm.hours.filter(({ events }) => events > 0).length} of ${countOf(rhythm.hours.length, 'hour')},
        at most ${most} in one.
      </desc>
      ${days.map(
        ({ label, hours }, row) =>
          html`<text x="0" y="${row * rowHeight + 10}">${label.slice(5)}</text>${hours.map(
              ({ hour, events }) =>
                html`<rect
                  class="${events > 0 ? 'loud' : 'track'}"
                  x="${fixed(labelWidth + hour * width)}%"
                  y="${row * rowHeight}"
                  width="${fixed(width * 0.92)}%"
                  height="${rowHeight - 1}"
                  fill-opacity="${events > 0 ? fixed(0.25 + (0.75 * events) / most) : 1}"
                />`,
            )}`,
      )}
      ${[0, 6, 12, 18].map(
        (hour) => html`<text x="${fixed(labelWidth + hour * width)}%" y="${height - 4}">${hour}:00</text>`,
      )}
    </svg>
  </figure>`
}

function queriesBlock(detail: Queries, id: string): Markup {
  const { queries, names, bytes, types, examples } = detail
  return html`<section class="details" aria-labelledby="${id}">
    <h4 id="${id}">
      Queries
      <span class="soft"
        >${countOf(queries, 'query', 'queries')} for ${countOf(names, 'name')}, with ${formatBytes(bytes)} of
        text below the domain</span
      >
    </h4>
    <div class="tables">
      ${ranked(
        'Record types',
        'Queries',
        types.map(({ type, queries: events }) => ({ value: type, events })),
      )}
      <div>
        <h5>Longest names</h5>
        <ol class="names">
          ${examples.map((name) => html`<li><code>${name}</code></li>`)}
        </ol>
      </div>
    </div>
  </section>`
}

function targetsBlock(detail: Targets, id: string): Markup {
  const { addresses, ports, answered, unanswered, topAddresses, topPorts } = detail
  return html`<section class="details" aria-labelledby="${id}">
    <h4 id="${id}">
      Targets
      <span class="soft"
        >${countOf(addresses, 'address', 'addresses')}, ${countOf(ports, 'port')}; ${formatNumber(answered)}
        calls answered, ${formatNumber(unanswered)} not</span
      >
    </h4>
    <div class="tables">
      ${ranked('Ports', 'Calls', topPorts)} ${ranked('Addresses', 'Calls', topAddresses)}
    </div>
  </section>`
}

function ranked(what: string, count: string, rows: Targets['topPorts']): Markup {
  const most = Math.max(1, ...rows.map(({ events }) => events))
  return html`<table>
    <thead>
      <tr>
        <th scope="col">${what}</th>
        <th scope="col" class="number">${count}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ value, events }) =>
          html`<tr>
            <th scope="row">
              <code>${value}</code>
              <svg aria-hidden="true" width="100%" height="5">
                <rect class="loud" x="0" y="0" width="${fixed((100 * events) / most)}%" height="5" />
              </svg>
            </th>
            <td class="number">${formatNumber(events)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function fixed(value: number): number {
  return Math.round(value * 100) / 100
}
