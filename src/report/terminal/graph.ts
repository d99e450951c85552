/**
 * Who touched what, and paths from machine to machine, for the terminal.
 *
 * @module
 */
import { kindInWords } from '../entity.ts'
import { countOf, formatNumber, formatTime, inert } from '../format.ts'
import type { Path, Touched } from '../report.ts'
import { cells, cut, fill, wrap } from './columns.ts'

const mostEdges = 10
const widestName = 40

export function touchedLines(detail: Touched, room: number): readonly string[] {
  const { peers, kinds, edges } = detail
  const counted = kinds.map(
    ({ column, values, fresh }) =>
      `${kindInWords(column)}: ${formatNumber(values)}${fresh === 0 ? '' : `, ${formatNumber(fresh)} new`}`,
  )
  const among =
    peers.name === '' ? 'compared with everyone' : `${countOf(peers.members, 'peer')}: ${peers.name}`
  const shown = edges.slice(0, mostEdges).map((edge) => ({
    kind: kindInWords(edge.column),
    value: cut(inert(edge.value), widestName),
    events: formatNumber(edge.events),
    said: `${edge.before === 0 ? 'new' : `${formatNumber(edge.before)} before`}, ${peers.name === '' ? '' : `${formatNumber(edge.peers)} of its peers, `}${formatNumber(edge.others)} others`,
  }))
  const width = (texts: readonly string[]): number => Math.max(0, ...texts.map(cells))
  const [kind, value, events] = [
    width(shown.map((row) => row.kind)),
    width(shown.map((row) => row.value)),
    width(shown.map((row) => row.events)),
  ]
  return [
    ...wrap(inert(`${counted.join('; ')}; ${among}`), room),
    ...shown.map((row) =>
      cut(
        `  ${fill(row.kind, kind)}  ${fill(row.value, value)}  ${fill(row.events, events, 'right')}  ${row.said}`,
        room,
      ),
    ),
  ]
}

export function pathLines({ hops }: Path, room: number): readonly string[] {
  return hops.map(({ time, from, to, user, switched }) =>
    cut(
      `${formatTime(time)}  ${inert(from)} → ${inert(to)}  as ${inert(user)}${switched ? ', another user' : ''}`,
      room,
    ),
  )
}
