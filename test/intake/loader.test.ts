import { expect, test } from 'vitest'
import { sql } from '../../src/sql/sql.ts'
import type { Stream } from '../../src/spool/spool.ts'
import { accessLines, stored } from '../ingest/place.ts'
import { inIntake } from './loader-place.ts'

const file = (name: string): Stream => ({ name, kind: 'file' })

test(
  'lines of several streams become events, each with its source and its number',
  inIntake(async ({ engine, give, settled, loaded }) => {
    await Promise.all([
      give(file('/a'), accessLines(50)),
      give(file('/b'), accessLines(70, 1000)),
      give({ name: 'net', kind: 'syslog' }, [
        '<38>Mar  1 10:00:00 host sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2',
      ]),
    ])
    await give(file('/a'), accessLines(25, 50))
    await settled()
    expect(await stored(engine)).toEqual({ rows: 146, different: 146 })
    const rows = await engine.rows(
      sql`SELECT source, format, count() AS lines, min(line_number) AS least, max(line_number) AS most, countIf(category = 'reject') AS rejected FROM events GROUP BY source, format ORDER BY source`,
    )
    expect(rows).toEqual([
      { source: '/a', format: 'apache-access', lines: 75, least: 1, most: 75, rejected: 0 },
      { source: '/b', format: 'apache-access', lines: 70, least: 1, most: 70, rejected: 0 },
      { source: 'net', format: 'sshd', lines: 1, least: 1, most: 1, rejected: 0 },
    ])
    expect(loaded.reduce((sum, { lines }) => sum + lines, 0)).toBe(146)
  }),
)
