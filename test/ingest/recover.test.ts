import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openEngine } from '../../src/engine/open.ts'
import { recover } from '../../src/ingest/segments.ts'
import { tables } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-recover-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('what a crash left behind', () => {
  it('is removed, and only of the own streams where others write as well', async () => {
    const engine = await openEngine({ kind: 'embedded', path: folder, sessions: 1 })
    try {
      for (const table of tables) await engine.createTable(table)
      await engine.run(
        sql`INSERT INTO events (segment, message) SELECT segment, 'a line' AS message FROM (SELECT arrayJoin(['mine.0', 'mine.7', 'theirs.0']) AS segment)`,
      )
      await engine.run(sql`INSERT INTO segments (segment, lines) SELECT 'mine.0', 1`)
      expect(await recover(engine, undefined, [])).toEqual([])
      expect(await recover(engine, undefined, ['mine'])).toEqual(['mine.7'])
      expect(await recover(engine)).toEqual(['theirs.0'])
      const left = await engine.rows<{ segment: string }>(sql`SELECT segment FROM events`)
      expect(left).toEqual([{ segment: 'mine.0' }])
    } finally {
      await engine.close()
    }
  })
})
