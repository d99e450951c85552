import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { sql } from '../../src/sql/sql.ts'
import { linesTable, refused } from '../engine/suite-tables.ts'
import { startNodes, type Nodes } from './nodes.ts'

let nodes: Nodes | undefined
const started = (): Nodes => {
  if (nodes === undefined) throw new Error('the nodes are not up')
  return nodes
}
const openOn = (
  urls: readonly string[],
  more: { username?: string; password?: string } = {},
): Promise<Engine> =>
  openEngine({ kind: 'cluster', urls, cluster: started().cluster, database: 'winnow_failures', ...more })

const localCounts = (engines: readonly Engine[]): Promise<number[]> =>
  Promise.all(
    engines.map(async (engine) => {
      const [row] = await engine.rows<{ n: number }>(sql`SELECT count() AS n FROM suite_lines_local`)
      return row?.n ?? -1
    }),
  )

beforeAll(async () => {
  nodes = await startNodes()
})

afterAll(async () => {
  await nodes?.stop()
})

test('nobody at an address is said with the address, and without the password', async () => {
  const error = await refused(
    openOn(['http://127.0.0.1:9'], { username: 'winnow', password: 'hidden' }),
    'engine-unreachable',
  )
  expect(error.facts['url']).toBe('http://127.0.0.1:9')
  expect(JSON.stringify([error.message, error.facts])).not.toContain('hidden')
})

test('a name nobody knows is said', async () => {
  const error = await refused(openOn(['http://nowhere.invalid:8123']), 'engine-unreachable')
  expect(error.message).toContain('nowhere.invalid')
})

test('what is no address is said, without what is secret in it', async () => {
  const error = await refused(openOn(['ftp://user:hidden@192.0.2.1']), 'engine-unreachable')
  expect(error.message).not.toContain('hidden')
})

test('a wrong user is refused as unreachable, with what the server said', async () => {
  const error = await refused(
    openOn(started().urls, { username: 'nobody', password: 'no' }),
    'engine-unreachable',
  )
  expect(error.message).toContain('nobody')
})

test('rows go to all nodes, are deleted on all, and the tables dropped on all', async () => {
  const engine = await openOn(started().urls)
  const each = await Promise.all(started().urls.map((url) => openOn([url])))
  await engine.createTable(linesTable)
  await engine.run(sql`INSERT INTO suite_lines SELECT 'a', toString(number), number FROM numbers(3000)`)
  const before = await localCounts(each)
  expect(before.reduce((sum, n) => sum + n, 0)).toBe(3000)
  expect(Math.min(...before)).toBeGreaterThan(500)
  await engine.deleteRows(linesTable, sql`line_number >= ${10}`)
  const after = await localCounts(each)
  expect(after.reduce((sum, n) => sum + n, 0)).toBe(10)
  await engine.dropTable(linesTable)
  for (const one of each) {
    await refused(one.rows(sql`SELECT 1 FROM suite_lines_local`), 'engine-failed')
    await one.close()
  }
  await engine.close()
})

test('with one node gone, an answer that would lack its rows is an error', async () => {
  const engine = await openOn(started().urls)
  await engine.createTable(linesTable)
  await engine.run(sql`INSERT INTO suite_lines SELECT 'a', toString(number), number FROM numbers(3000)`)
  await started().stopOne(2)
  const error = await refused(engine.rows(sql`SELECT count() AS n FROM suite_lines`), 'engine-unreachable')
  expect(error.facts['url']).toBe(started().urls[0])
  await refused(engine.deleteRows(linesTable, sql`line_number = 1`), 'engine-unreachable')
  await engine.close()
})
