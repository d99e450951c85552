import type { Table } from '../schema/tables.ts'
import { sql } from '../sql/sql.ts'
import type { Engine } from './engine.ts'

/** Creates a table that outlives the process; one of an earlier version gets the columns that it lacks. */
export const ensureTable = async (engine: Engine, table: Table): Promise<void> => {
  await engine.createTable(table)
  const rows = await engine.rows<{ name: string }>(
    sql`SELECT name FROM system.columns WHERE database = currentDatabase() AND table = ${table.name}`,
  )
  const there = new Set(rows.map(({ name }) => name))
  const lacking = table.columns.filter(({ name }) => !there.has(name))
  if (lacking.length > 0) await engine.addColumns(table, lacking)
}
