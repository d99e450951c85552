/**
 * Events over time as bars. Positions are percentages of the width, so that charts stretch and their texts don't.
 *
 * @module
 */

import { countOf, formatDuration, formatTimeRange, inert } from '../format.ts'
import type { Finding, Incident, Summary } from '../report.ts'
import { type Markup, html } from './markup.ts'
import { type Timeline, percentAt, ticksOf, timelineOf } from './time-scale.ts'

const mostBins = 180
const barsTop = 4
const laneHeight = 22
const axisHeight = 20
/** From this ratio of peak to median on. */
const squashFrom = 15

/** All events over the whole time, and under them a line for each incident from its first to its last event. */
export function overviewChart(summary: Summary, incidents: readonly Incident[]): Markup | null {
  const timeline = timelineOf(summary.activity, mostBins)
  if (timeline === undefined) return null
  const bottom = 120
  const lanes = incidents.map((incident, at) => lane(incident, timeline, bottom + 14 + at * laneHeight))
  const height = bottom + axisHeight + (lanes.length > 0 ? 16 + lanes.length * laneHeight : 0)
  return html`<figure class="time-chart">
    <figcaption>
      Events over time <span class="soft">${peakOf(timeline)}${scaleNote(timeline)}; times in UTC</span>
    </figcaption>
    <svg role="img" aria-labelledby="overview-title overview-desc" width="100%" height="${height}">
      <title id="overview-title">
        Events over time${incidents.length > 0 ? ', with the incidents marked' : ''}
      </title>
      <desc id="overview-desc">
        ${describe(timeline)}
        ${incidents
          .map(({ rank, first, last }) => `Incident ${rank}: ${formatTimeRange(first, last)}.`)
          .join(' ')}
      </desc>
      ${axis(timeline, 8, bottom, height - axisHeight + 2, height - axisHeight + 2)} ${bars(timeline, bottom)}
      ${lanes}
    </svg>
  </figure>`
}

/** One entity's events, with its anomalous windows in the finding's colour and underlined. */
export function activityChart(finding: Finding): Markup | null {
  const timeline = timelineOf(finding.activity, mostBins)
  if (timeline === undefined) return null
  const bottom = 150
  const height = bottom + 8 + axisHeight
  const id = `activity-${finding.rank}`
  return html`<figure class="time-chart">
    <figcaption>Activity <span class="soft">${peakOf(timeline)}${scaleNote(timeline)}</span></figcaption>
    <svg role="img" aria-labelledby="${id}-title ${id}-desc" width="100%" height="${height}">
      <title id="${id}-title">Events of ${finding.entity.value} over time</title>
      <desc id="${id}-desc">
        ${describe(timeline)} The anomalous windows lie within ${formatTimeRange(finding.first, finding.last)}
        UTC.
      </desc>
      ${axis(timeline, 4, bottom, bottom + 7, bottom + 8)} ${bars(timeline, bottom)}
      ${underlines(timeline, bottom + 4)}
    </svg>
    <p class="legend">
      <span class="key loud" aria-hidden="true"></span> anomalous, underlined
      <span class="key quiet" aria-hidden="true"></span> as usual
    </p>
  </figure>`
}

function bars({ bins, ...span }: Timeline, bottom: number): readonly Markup[] {
  const scale = heightScale(bins)
  return bins
    .filter(({ events }) => events > 0)
    .map(({ startMs, endMs, events, anomalous }) => {
      const x = percentAt(startMs, span)
      const width = Math.max(0.05, (percentAt(endMs, span) - x) * 0.86)
      // One event must stay visible beside a thousand.
      const height = Math.max(1.5, scale.share(events) * (bottom - barsTop))
      return html`<rect
        class="${anomalous ? 'loud' : 'quiet'}"
        x="${x}%"
        y="${fixed(bottom - height)}"
        width="${fixed(width)}%"
        height="${fixed(height)}"
      />`
    })
}

/** Where a peak would flatten all else, heights follow the square root, and the caption says so. */
function heightScale(bins: Timeline['bins']): {
  readonly root: boolean
  readonly share: (events: number) => number
} {
  const counts = bins.map(({ events }) => events).toSorted((a, b) => a - b)
  const peak = Math.max(1, counts.at(-1) ?? 1)
  const root = peak / Math.max(1, counts[counts.length >> 1] ?? 1) > squashFrom
  return { root, share: (events) => (root ? Math.sqrt(events / peak) : events / peak) }
}

function underlines({ bins, ...span }: Timeline, y: number): readonly Markup[] {
  const runs: { startMs: number; endMs: number }[] = []
  for (const bin of bins) {
    if (!bin.anomalous) continue
    const open = runs.at(-1)
    if (open !== undefined && open.endMs >= bin.startMs) open.endMs = bin.endMs
    else runs.push({ startMs: bin.startMs, endMs: bin.endMs })
  }
  return runs.map(
    ({ startMs, endMs }) =>
      html`<line
        class="span"
        x1="${percentAt(startMs, span)}%"
        x2="${percentAt(endMs, span)}%"
        y1="${y}"
        y2="${y}"
      />`,
  )
}

function lane(incident: Incident, timeline: Timeline, y: number): Markup {
  const first = Date.parse(incident.first)
  const last = Date.parse(incident.last)
  if (Number.isNaN(first) || Number.isNaN(last)) return html``
  const x1 = percentAt(first, timeline)
  const x2 = percentAt(last, timeline)
  const middle = y + laneHeight / 2 - 4
  // The label goes to the side that has room; over a line as wide as the chart, above nothing else, it sits on top.
  const before = 100 - x2 < 45 && x1 > 45
  const inside = !before && 100 - x2 < 45
  const value = inert(incident.entities[0]?.value ?? '')
  const label = html`<tspan class="rank">${incident.rank}</tspan
    ><tspan class="who" dx="6">${value.length > 40 ? `${value.slice(0, 39)}…` : value}</tspan>`
  return html`<g class="lane ${incident.severity}">
    <line class="guide" x1="0" x2="100%" y1="${middle + 9}" y2="${middle + 9}" />
    <line
      class="span"
      x1="${x1}%"
      x2="${x2}%"
      y1="${inside ? middle + 6 : middle}"
      y2="${inside ? middle + 6 : middle}"
    />
    ${
      before
        ? html`<text x="${x1}%" dx="-8" y="${middle + 4}" text-anchor="end">${label}</text>`
        : html`<text x="${inside ? x1 : x2}%" dx="8" y="${inside ? middle : middle + 4}">${label}</text>`
    }</g
  >`
}

function axis(timeline: Timeline, most: number, bottom: number, tickEnd: number, labelTop: number): Markup {
  const ticks = ticksOf(timeline, most)
  return html`<line class="axis" x1="0" x2="100%" y1="${bottom + 0.5}" y2="${bottom + 0.5}" />${ticks.map(
      ({ at, label }, index) => {
        const anchor = at < 3 ? 'start' : at > 97 ? 'end' : 'middle'
        return html`<g class="${index % 2 === 1 && ticks.length > 4 ? 'tick odd' : 'tick'}"
          ><line x1="${at}%" x2="${at}%" y1="${barsTop}" y2="${tickEnd}" /><text
            x="${at}%"
            y="${labelTop + 13}"
            text-anchor="${anchor}"
            >${label}</text
          ></g
        >`
      },
    )}`
}

function peakOf({ bins }: Timeline): string {
  const peak = bins.reduce<Timeline['bins'][number] | undefined>(
    (best, bin) => (best === undefined || bin.events > best.events ? bin : best),
    undefined,
  )
  return peak === undefined
    ? ''
    : `peak ${countOf(peak.events, 'event')} in ${formatDuration((peak.endMs - peak.startMs) / 1000)}`
}

function scaleNote({ bins }: Timeline): string {
  return heightScale(bins).root ? '; square-root heights' : ''
}

function describe(timeline: Timeline): string {
  const total = timeline.bins.reduce((sum, { events }) => sum + events, 0)
  return `${countOf(total, 'event')}, ${formatTimeRange(iso(timeline.startMs), iso(timeline.endMs))} UTC, ${peakOf(timeline)}.`
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

function fixed(value: number): number {
  return Math.round(value * 100) / 100
}
