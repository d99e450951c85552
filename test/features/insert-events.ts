import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { columnOf, isColumnName, type ColumnName } from '../../src/schema/columns.ts'
import { tables } from '../../src/schema/tables.ts'
import { id, join, sql, type Sql } from '../../src/sql/sql.ts'

/** An event by column; `at` is its time in seconds after 2026-03-02T00:00:00Z. */
export type TestEvent = { readonly at: number } & { readonly [C in ColumnName]?: string | number }

export const epochMs = Date.UTC(2026, 2, 2)

/** An engine on a folder of its own, with empty tables; `close` removes it. */
export const openTestEngine = async (): Promise<{ engine: Engine; close: () => Promise<void> }> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-test-'))
  const engine = openEmbedded({ path: folder })
  for (const table of tables) await engine.createTable(table)
  return {
    engine,
    close: async () => {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const cell = (name: ColumnName, value: string | number): Sql =>
  columnOf(name).type === 'ip' ? sql`toIPv6(${value})` : sql`${value}`

const emptyCell = (name: ColumnName): string | number => {
  if (name === 'event_repeats') return 1
  const { type } = columnOf(name)
  if (type === 'ip') return '::'
  return type === 'integer' || type === 'port' || type === 'number' ? 0 : ''
}

/** Inserts events; the raw line is a rendering of their columns. */
export const insertEvents = async (engine: Engine, events: readonly TestEvent[]): Promise<void> => {
  const names = [...new Set(events.flatMap((event) => Object.keys(event)))].filter(isColumnName)
  const withRepeats = names.includes('event_repeats') ? names : [...names, 'event_repeats' as const]
  for (let start = 0; start < events.length; start += 200) {
    const rows = events.slice(start, start + 200).map((event, i) => {
      const cells = withRepeats.map((name) => cell(name, event[name] ?? emptyCell(name)))
      const line = withRepeats.map((name) => `${name}=${event[name] ?? ''}`).join(' ')
      return sql`SELECT fromUnixTimestamp64Milli(${Math.round(epochMs + event.at * 1000)}, 'UTC'), ${start + i + 1}, ${line}, 'test.log', ${join(cells)}`
    })
    await engine.run(
      sql`INSERT INTO events (timestamp, line_number, message, source, ${join(withRepeats.map(id))}) ${join(rows, ' UNION ALL ')}`,
    )
  }
}
