import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changesBetween, openCurrent } from '../../src/config/changes.ts'
import type { Config } from '../../src/config/config.ts'
import { parseConfig, readConfig } from '../../src/config/read-config.ts'
import { startReload, type Reload } from '../../src/serve/reload.ts'
import { serve } from '../../src/serve/serve.ts'
import { sql } from '../../src/sql/sql.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-reload-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const configOf = (text: string): Config => {
  const { config, problems } = parseConfig(text, 'test')
  if (config === null) throw new Error(problems.map(({ problem }) => problem).join())
  return config
}

describe('a changed configuration', () => {
  it('says what takes effect, and what needs a restart', () => {
    const before = configOf('data: d\nlog: { level: info, format: json }\n')
    const after = configOf(
      'data: e\nretention: { days: 7 }\nbudget_per_day: 3\nmemory: 3GB\nlog: { level: debug, format: text }\n',
    )
    expect(changesBetween(before, before)).toEqual({ applied: [], needRestart: [] })
    expect(changesBetween(before, after)).toEqual({
      applied: ['budget_per_day', 'retention', 'log.level'],
      needRestart: ['data', 'memory', 'log.format'],
    })
    const { config, take } = openCurrent(before)
    take(after)
    expect(config).toMatchObject({ data: 'd', budgetPerDay: 3, retention: { days: 7 } })
    expect(config.log).toEqual({ level: 'debug', format: 'json' })
    take(configOf('data: d\ntime_zone: UTC\n'))
    expect(config.timeZone).toBe('UTC')
    take(before)
    expect('timeZone' in config).toBe(false)
  })
})

describe('a watched file', () => {
  const file = path.join(folder, 'winnow.yaml')
  const logged: string[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) })
  const applied: Config[] = []
  let reload: Reload | undefined
  afterEach(() => reload?.close())

  const seen = (text: string): Promise<void> =>
    vi.waitFor(() => expect(logged.join('')).toContain(text), { timeout: 10_000, interval: 50 })

  beforeEach(() => {
    logged.length = 0
    applied.length = 0
  })
  const startWith = async (text: string): Promise<Config> => {
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
    return readConfig(file, {})
  }
  const watchIt = (started: Config): Reload =>
    (reload = startReload({
      file,
      read: () => readConfig(file, {}),
      apply: async (next) => void applied.push(next),
      started,
      log,
      everyMs: 50,
    }))

  it('is read when it changes, when it is replaced, and when it is asked for; a wrong one changes nothing', async () => {
    const { now } = watchIt(await startWith('data: data\n'))
    writeFileSync(file, 'data: data\nbudget_per_day: 2\n')
    await seen('budget_per_day')
    expect(applied.at(-1)?.budgetPerDay).toBe(2)

    writeFileSync(`${file}.new`, 'data: data\nbudget_per_day: lots\nretention: { dayz: 1 }\n')
    renameSync(`${file}.new`, file)
    await seen('the settings from before stay')
    expect(logged.at(-1)).toMatch(/winnow\.yaml:2:1: budget_per_day.*winnow\.yaml:3:14: unknown setting/)
    expect(applied).toHaveLength(1)

    writeFileSync(file, 'data: data\nlisten: 9999\nbudget_per_day: 2\n')
    await now()
    await seen('needs a restart')
    expect(logged.join('')).toContain('"settings":["listen"]')
  })

  it('counts what changed before it was watched', async () => {
    const started = await startWith('data: data\n')
    writeFileSync(file, 'data: data\nbudget_per_day: 4\n')
    watchIt(started)
    await seen('budget_per_day')
    expect(applied).toMatchObject([{ budgetPerDay: 4 }])
  })

  it('says nothing while it is as it was', async () => {
    watchIt(await startWith('data: data\n'))
    await new Promise((resolve) => setTimeout(resolve, 300))
    rmSync(file)
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(logged).toEqual([])
    expect(applied).toEqual([])
    await startWith('data: data\nbudget_per_day: 3\n')
    await seen('budget_per_day')
    expect(logged).toHaveLength(1)
  })
})

const line = (address: number, second: number): string =>
  `198.51.100.${address} - - [02/Mar/2026:10:00:${String(second).padStart(2, '0')} +0000] "GET /${address} HTTP/1.1" 200 512 "-" "-"\n`

describe('a running server', () => {
  it(
    'takes files, budget, detectors and its log level from a changed configuration',
    { timeout: 120_000 },
    async () => {
      const text = (more: object): string =>
        JSON.stringify({
          data: path.join(folder, 'data'),
          listen: '127.0.0.1:0',
          intake: null,
          ...more,
        })
      const one = path.join(folder, 'one.log')
      const two = path.join(folder, 'two.log')
      writeFileSync(one, Array.from({ length: 30 }, (_, i) => line(1, i)).join(''))
      writeFileSync(two, Array.from({ length: 20 }, (_, i) => line(2, i)).join(''))
      const log = pino({ level: 'warn' }, { write: () => undefined })
      const server = await serve(configOf(text({ files: [{ name: 'web', paths: [one] }] })), {
        log,
        pace: 0.05,
      })
      try {
        const count = async (): Promise<number> => {
          const [row] = await server.engine.rows<{ n: number }>(sql`SELECT count() AS n FROM events`)
          return row?.n ?? 0
        }
        await vi.waitFor(async () => expect(await count()).toBe(30), { timeout: 30_000, interval: 200 })
        await server.reload(
          configOf(
            text({
              files: [{ name: 'web', paths: [one, two] }],
              budget_per_day: 1,
              own_networks: ['198.51.100.0/24'],
              detectors: { off: ['web-scanner'] },
              log: { level: 'error' },
            }),
          ),
        )
        expect(log.level).toBe('error')
        // What was read before is not read again.
        await vi.waitFor(async () => expect(await count()).toBe(50), { timeout: 30_000, interval: 200 })
        await expect(server.reload(configOf(text({ files: [], listen: '127.0.0.1:1' })))).resolves.toBe(
          undefined,
        )
        expect(await count()).toBe(50)
      } finally {
        await server.close()
      }
    },
  )
})
