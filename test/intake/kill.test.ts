import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildProgram, type Program } from '../program.ts'

let program: Program

beforeAll(() => {
  program = buildProgram('killed-intake')
})
afterAll(() => program.remove())

test('each acknowledged line is there once after eight kills at any moment', () => {
  const script = path.join(program.folder, 'bench', 'kill.js')
  const ran = spawnSync(process.execPath, [script, '--kills', '8', '--life', '2500', '--rate', '4000'])
  expect(ran.stderr.toString()).toBe('')
  const found = JSON.parse(ran.stdout.toString()) as Record<string, number>
  expect(found['acknowledged']).toBeGreaterThan(1000)
  expect(found).toMatchObject({ kills: 8, missing: 0, different: found['rows'], listed: found['rows'] })
}, 180_000)
