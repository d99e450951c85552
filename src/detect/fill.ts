import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Filled } from '../features/history.ts'

/** A working table is written by as many threads as measured it. */
const fillSettings = { max_insert_threads: 2 } as const

/** Makes working tables anew and fills them, one after the other: each may read those before it. */
export const fillTables = async (
  engine: Engine,
  tables: readonly Filled[],
  options: QueryOptions,
): Promise<void> => {
  for (const { table, fill } of tables) {
    await engine.dropTable(table)
    await engine.createTable(table)
    await engine.run(fill, { ...options, settings: { ...options.settings, ...fillSettings } })
  }
}
