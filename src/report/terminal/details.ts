/**
 * What findings of some kinds show beside their reasons, for the terminal.
 *
 * @module
 */
import { countOf, formatBytes, formatDuration, formatNumber, formatTime, inert } from '../format.ts'
import type { Detail, Queries, Rhythm, Targets } from '../report.ts'
import { cut, wrap } from './columns.ts'
import { pathLines, touchedLines } from './graph.ts'
import { payloadLines } from './payloads.ts'

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const examplesShown = 4

/** A row of bars, one cell each; nothing is a dot, so that a little stays apart from nothing. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(1, ...values)
  return values
    .map((value) => (value <= 0 ? '·' : (levels[Math.min(7, Math.ceil((value / most) * 8) - 1)] ?? '█')))
    .join('')
}

const sections: Readonly<Record<Detail['kind'], string>> = {
  rhythm: 'Rhythm',
  queries: 'Queries',
  targets: 'Targets',
  touched: 'Who touched what',
  path: 'Path',
  blinded: 'Blind meanwhile',
  payloads: 'Payloads',
}

export const detailName = (detail: Detail): string => sections[detail.kind]

/** Lines of at most `room` cells, without colours. */
export function detailLines(detail: Detail, room: number): readonly string[] {
  switch (detail.kind) {
    case 'rhythm':
      return rhythm(detail, room)
    case 'queries':
      return queries(detail, room)
    case 'targets':
      return targets(detail, room)
    case 'blinded':
      return detail.detectors.flatMap(({ id, title }) => wrap(inert(`${id}: ${title}`), room))
    case 'touched':
      return touchedLines(detail, room)
    case 'path':
      return pathLines(detail, room)
    case 'payloads':
      return payloadLines(detail, room)
  }
}

/** Neighbours are added up until they fit. */
function fitting(values: readonly number[], room: number): readonly number[] {
  const each = Math.max(1, Math.ceil(values.length / Math.max(1, room)))
  return Array.from({ length: Math.ceil(values.length / each) }, (_, i) =>
    values.slice(i * each, (i + 1) * each).reduce((sum, value) => sum + value, 0),
  )
}

function rhythm({ medianGap, gaps, hours }: Rhythm, room: number): readonly string[] {
  const longest = gaps.at(-1)?.toSeconds ?? 0
  const [first] = hours
  const last = hours.at(-1)
  const drawn = Math.min(60, room - 2)
  return [
    `every ${formatDuration(medianGap)} (median); gaps from 0 to ${formatDuration(longest)}:`,
    `  ${sparkline(
      fitting(
        gaps.map((bucket) => bucket.gaps),
        drawn,
      ),
    )}`,
    ...(first === undefined || last === undefined
      ? []
      : [
          cut(`by hour, ${formatTime(first.time)} to ${formatTime(last.time)} UTC:`, room),
          `  ${sparkline(
            fitting(
              hours.map((bucket) => bucket.events),
              drawn,
            ),
          )}`,
        ]),
  ]
}

function queries(detail: Queries, room: number): readonly string[] {
  const types = detail.types.map((each) => `${each.type} ${formatNumber(each.queries)}`).join(', ')
  const said = `${countOf(detail.queries, 'query', 'queries')} for ${countOf(detail.names, 'name')} with ${formatBytes(detail.bytes)} of text below the domain; ${types}`
  return [
    ...wrap(inert(said), room),
    ...detail.examples.slice(0, examplesShown).map((name) => `  ${cut(inert(name), room - 2)}`),
  ]
}

function targets(detail: Targets, room: number): readonly string[] {
  const said = `${countOf(detail.addresses, 'address', 'addresses')}, ${countOf(detail.ports, 'port')}; ${formatNumber(detail.answered)} answered, ${formatNumber(detail.unanswered)} did not`
  const most = (of: Targets['topPorts']): string =>
    of.map(({ value, events }) => `${value} (${formatNumber(events)})`).join(', ')
  return [
    ...wrap(said, room),
    cut(inert(`ports: ${most(detail.topPorts)}`), room),
    cut(inert(`addresses: ${most(detail.topAddresses)}`), room),
  ]
}
