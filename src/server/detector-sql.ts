/**
 * What a detector asks of the engine, for people to read.
 *
 * @module
 */
import { secondsOf, type Detector } from '../detect/detector.ts'
import { shortestSeconds, workPrefix } from '../detect/run.ts'
import { featureSetOf } from '../detect/windows.ts'
import { compileWindows } from '../features/compile.ts'
import type { Study } from '../features/feature-set.ts'
import { talliesOf } from '../features/tallies.ts'
import { columns } from '../schema/columns.ts'
import { id, render, type Sql } from '../sql/sql.ts'

const dayMs = 86_400_000

/** Long lines are broken where a clause begins. */
const readable = (fragment: Sql): string => {
  const { text, values } = render(fragment)
  const broken = text.replaceAll(/ (?=SELECT |FROM |WHERE |GROUP BY |HAVING |GLOBAL )/g, '\n')
  const bound = Object.entries(values).map(([name, value]) => `-- ${name} = ${JSON.stringify(value)}`)
  return [broken, ...bound].join('\n')
}

/**
 * The statements that add up events and make windows of them, over the day before `nowMs`. Empty for a detector of sources,
 * which counts no events.
 */
export const detectorSql = (detector: Detector, nowMs: number): string => {
  if (detector.measure !== null) return ''
  const range = { fromMs: nowMs - dayMs, toMs: nowMs }
  const study: Study = { set: featureSetOf(detector), range, prefix: workPrefix(detector) }
  const tallySeconds = shortestSeconds(detector)
  const tallies = talliesOf(study, tallySeconds)
  return [
    `-- What each entity did, by the shortest window\n${readable(tallies.fill)}`,
    ...detector.windows.map(({ length, minEvents }) => {
      const query = { seconds: secondsOf(length), minEvents, tallies: id(tallies.table.name), tallySeconds }
      return `-- Windows of ${length}\n${readable(compileWindows(study, query))}`
    }),
  ].join('\n\n')
}

/** Every column that something in a description names, as a key of a filter or as a value. */
const named = (part: unknown): readonly string[] => {
  if (typeof part === 'string') return [part]
  if (Array.isArray(part)) return part.flatMap(named)
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([name, value]) => [name, ...named(value)])
}

/** The columns of events that a detector reads, by name. */
export const columnsRead = ({ from, entity, features }: Detector): readonly string[] => {
  const words = new Set(named([from, entity, Object.values(features)]))
  return Object.keys(columns)
    .filter((name) => words.has(name))
    .toSorted()
}
