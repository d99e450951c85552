/**
 * The paths of findings: which machines, one after the other, and as whom.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Study } from '../features/feature-set.ts'
import { allPaths, pathTables } from '../features/paths.ts'
import type { Detail, Path } from '../report/report.ts'
import { sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import { fillTables } from './fill.ts'
import type { Subject } from './subjects.ts'
import { featureSetOf } from './windows.ts'

/** All of the time that the engine's clock can tell. */
const always = { fromMs: Date.UTC(1970, 0, 1), toMs: Date.UTC(2200, 0, 1) }

interface Row {
  readonly root: string
  readonly start: number
  readonly surprise: number
  readonly steps: readonly (readonly [from: string, to: string, user: string, at: number])[]
}

const detailOf = ({ steps }: Row): Path => ({
  kind: 'path',
  hops: steps.map(([from, to, user, at], i) => ({
    time: new Date(at).toISOString(),
    from,
    to,
    user,
    switched: i > 0 && steps[i - 1]?.[2] !== user,
  })),
})

/** The most surprising path that each subject began in its time. */
export const pathsOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<Detail[][]> => {
  const prefix = `shown_${detector.id.replaceAll(/\W/g, '_')}`
  const study: Study = { set: featureSetOf(detector), range: always, prefix }
  const tables = pathTables(study)
  try {
    await fillTables(engine, tables, options)
    const roots = subjects.map(({ entity }) => entity[0] ?? '')
    const rows = await engine.rows<Row>(
      sql`SELECT root, start, surprise, steps FROM ${allPaths(prefix)} WHERE root IN (SELECT arrayJoin(${roots})) ORDER BY surprise DESC, start, steps`,
      options,
    )
    return subjects.map(({ entity, firstMs, lastMs }) => {
      const best = rows.find(
        ({ root, start }) => root === entity[0] && start >= firstMs - 1 && start <= lastMs + 1,
      )
      return best === undefined ? [] : [detailOf(best)]
    })
  } finally {
    for (const { table } of tables) await engine.dropTable(table)
  }
}
