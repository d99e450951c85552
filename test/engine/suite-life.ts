import { describe, expect, test } from 'vitest'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Table } from '../../src/schema/tables.ts'
import { tables } from '../../src/schema/tables.ts'
import { raw, sql } from '../../src/sql/sql.ts'
import { refused, type Opened } from './suite-tables.ts'

const table: Table = {
  name: 'suite_life',
  columns: [
    { name: 'segment', type: 'String' },
    { name: 'n', type: 'UInt64' },
  ],
  orderBy: ['segment'],
  shardBy: 'n',
}

const fill = (segment: string, count: number) =>
  sql`INSERT INTO suite_life SELECT ${segment}, number FROM numbers(${count})`

const counts = sql`SELECT segment, count() AS n FROM suite_life GROUP BY segment ORDER BY segment`

/** Tables are made, filled, thinned out and dropped. */
export const lifeTests = (engine: Opened): void => {
  describe('tables', () => {
    test('a table is made once, and kept when it is made again', async () => {
      await engine().createTable(table)
      await engine().run(fill('a', 10))
      await engine().createTable(table)
      expect(await engine().rows(counts)).toEqual([{ segment: 'a', n: 10 }])
    })

    test('a table of an earlier version gets the columns it lacks, and keeps its rows', async () => {
      const later: Table = {
        ...table,
        name: 'suite_later',
        columns: [...table.columns, { name: 'note', type: 'String', codec: 'ZSTD(1)' }],
      }
      await engine().createTable({ ...later, columns: table.columns })
      await engine().run(sql`INSERT INTO suite_later SELECT 'a', number FROM numbers(3)`)
      await ensureTable(engine(), later)
      await ensureTable(engine(), later)
      await engine().run(sql`INSERT INTO suite_later SELECT 'b', number, 'new' FROM numbers(2)`)
      const notes = sql`SELECT segment, note, count() AS n FROM suite_later GROUP BY segment, note ORDER BY segment`
      expect(await engine().rows(notes)).toEqual([
        { segment: 'a', note: '', n: 3 },
        { segment: 'b', note: 'new', n: 2 },
      ])
      await engine().dropTable(later)
    })

    test('deleted rows are gone at once, and only those', async () => {
      await engine().run(fill("b'; --", 1000))
      await engine().deleteRows(table, sql`segment = ${"b'; --"} AND n >= ${10}`)
      expect(await engine().rows(counts)).toEqual([
        { segment: 'a', n: 10 },
        { segment: "b'; --", n: 10 },
      ])
      await engine().deleteRows(table, sql`segment = 'nobody'`)
      await engine().run(fill('c', 7))
      expect(await engine().rows(counts)).toHaveLength(3)
    })

    test('an insert from an aggregate over the same table counts all rows', async () => {
      await engine().run(sql`INSERT INTO suite_life SELECT 'sum', sum(n) FROM suite_life WHERE segment = 'a'`)
      expect(await engine().rows(sql`SELECT n FROM suite_life WHERE segment = 'sum'`)).toEqual([{ n: 45 }])
    })

    test('a dropped table is gone, can be dropped again, and comes back empty', async () => {
      await engine().dropTable(table)
      await refused(engine().rows(counts), 'engine-failed')
      await engine().dropTable(table)
      await engine().createTable(table)
      expect(await engine().rows(counts)).toEqual([])
    })

    test('all the tables of the schema can be made', async () => {
      for (const one of tables) await engine().createTable(one)
      for (const one of tables) {
        expect(await engine().rows(sql`SELECT count() AS n FROM ${raw(one.name)}`)).toEqual([{ n: 0 }])
      }
    })
  })
}
