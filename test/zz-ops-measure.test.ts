import { mkdirSync, rmSync } from 'node:fs'
import { it } from 'vitest'
import { parseConfig } from '../src/config/read-config.ts'
import { loadSettings } from '../src/engine/engine.ts'
import { openEngine } from '../src/engine/open.ts'
import { freezeTable } from '../src/engine/parts.ts'
import { indexLines } from '../src/engine/line-index.ts'
import { eventsTable, tables } from '../src/schema/tables.ts'
import { ensureTable } from '../src/engine/ensure-table.ts'
import { makeColdBackup } from '../src/serve/backup/cold.ts'
import { restoreBackup } from '../src/serve/backup/restore.ts'
import { sql } from '../src/sql/sql.ts'
it('m', { timeout: 250_000 }, async () => {
  rmSync('/tmp/ops/m', { recursive: true, force: true }); mkdirSync('/tmp/ops/m')
  const engine = await openEngine({ kind: 'embedded', path: '/tmp/ops/m/data' })
  for (const t of tables) await ensureTable(engine, t)
  await indexLines(engine)
  await engine.run(sql`INSERT INTO events (segment, category, timestamp, source_ip, url_path, message) SELECT 'a.0', 'web', toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number, toIPv6(concat('198.51.100.', toString(rand() % 250))), concat('/', toString(rand(1) % 5000)), concat('198.51.100.7 - - [01/Jan/2026] "GET /', toString(rand(1) % 5000), '/', hex(rand64(3)), ' HTTP/1.1" 200 ', toString(rand(2) % 100000), ' "https://www.example.com/" "Mozilla/5.0 (X11; Linux x86_64) ', toString(rand(4) % 300), '"') FROM numbers(5000000)`, { settings: { ...loadSettings, max_block_size: 50000 } })
  await engine.run(sql`INSERT INTO segments (segment, lines) SELECT concat('a.', toString(number)), 1 FROM numbers(100000)`)
  await new Promise((r) => setTimeout(r, 10000))
  let t = performance.now()
  const f = await freezeTable(engine, eventsTable, '/tmp/ops/m/data')
  console.log('freeze ms', performance.now() - t, 'parts', f.parts.length)
  await f.release()
  await engine.close()
  const { config } = parseConfig('data: /tmp/ops/m/data\n', 'x')
  t = performance.now()
  const m = await makeColdBackup('/tmp/ops/m/b', config!)
  console.log('backup s', (performance.now() - t) / 1000, Object.values(m.files).reduce((a, b) => a + b, 0) / 1e6, 'MB', Object.keys(m.files).length, 'files')
  t = performance.now()
  await restoreBackup('/tmp/ops/m/b', { ...config!, data: '/tmp/ops/m/r' })
  console.log('restore s', (performance.now() - t) / 1000)
})
