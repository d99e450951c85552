import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { streamOf } from '../../bench/generate/office-times.ts'
import type { Injected, Medium, Place, Scene } from '../../bench/inject/attack-kind.ts'
import { attackKinds } from '../../bench/inject/kinds.ts'
import { readAccessLine } from '../../bench/quality/access-log.ts'
import { accessScene, authScene, timeOfAuthLine } from '../../bench/quality/dose-scenes.ts'
import { doseFor, doses, dosesText, isFoundBy, type DoseLevel } from '../../bench/quality/doses.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

const scene: Scene = {
  paths: ['/', '/about', '/news/1', '/news/2'],
  hosts: ['gate-1', 'db-1', 'web-1', 'web-2', 'web-3'],
  hostAddresses: new Map([['gate-1', '100.64.10.10']]),
  users: Array.from({ length: 6 }, (_, n) => ({
    name: `user${n}`,
    hosts: ['web-1'],
    sources: [`198.51.100.${n + 1}`],
  })),
  machines: Array.from({ length: 12 }, (_, n) => `192.0.2.${n + 20}`),
  stamp: (timeMs) => new Date(timeMs).toISOString(),
}

const startMs = Date.UTC(2026, 2, 4, 10)
const placeOf = (number: number): Place => ({ scene, random: streamOf(1, number), startMs, number })

/** How much an attack writes, whatever it writes into. */
const sizeOf = ({ lines, act, cuts, fromMs, toMs }: Injected): number => {
  let count = lines?.length ?? 0
  const random = streamOf(9)
  const host = (name: string) => ({
    name,
    addresses: ['198.18.7.7'] as const,
    v6: null,
    ttlS: 60,
    alias: null,
  })
  act?.({
    random,
    world: { sites: [], oddSites: [], host },
    flow: () => {
      count++
      return 'C'
    },
    ask: () => void count++,
    find: () => undefined,
    exchange: ({ bytesOut }) => void (count += bytesOut),
  })
  return cuts === undefined ? count : toMs - fromMs
}

const filesUnder = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))

describe('what is injected', () => {
  it('knows no detector, and no detector knows it', () => {
    const library = filesUnder('bench/inject')
    const product = ['detectors', 'src', 'parsers'].flatMap(filesUnder)
    expect([library.length > 4, product.length > 100]).toEqual([true, true])
    const importing = (files: readonly string[], what: RegExp): string[] =>
      files.filter((file) =>
        [...readFileSync(file, 'utf8').matchAll(/from\s+'([^']+)'|import\('([^']+)'\)/g)].some((match) =>
          what.test(match[1] ?? match[2] ?? ''),
        ),
      )
    expect(importing(library, /detectors\/|src\/(?:detect|features|triage|hunt)|^winnow$/)).toEqual([])
    expect(importing(product, /bench\//)).toEqual([])
  })

  it('is told apart by names of its own', () => {
    const ids = attackKinds.map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(20)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.filter((id) => !/^[a-z]+(-[a-z]+)*$/.test(id))).toEqual([])
  })

  it.each(attackKinds.map((kind) => [kind.id, kind] as const))('%s grows with its dose', (_, kind) => {
    const doses = kind.dose.values
    expect(doses.length).toBeGreaterThan(3)
    expect(doses.slice(1).filter((dose, i) => dose !== 2 * (doses[i] ?? 0))).toEqual([])
    const sizes = doses.map((dose) => sizeOf(kind.inject(dose, placeOf(0))))
    expect(sizes.slice(1).filter((size, i) => size <= (sizes[i] ?? 0))).toEqual([])
  })

  it.each(attackKinds.map((kind) => [kind.id, kind] as const))(
    '%s is the same again, and names its own',
    (_, kind) => {
      const [dose = 1] = kind.dose.values
      const [once, again, other] = [placeOf(0), placeOf(0), placeOf(1)].map((place) =>
        kind.inject(dose, place),
      )
      expect(again?.lines).toEqual(once?.lines)
      expect(once?.names.length).toBeGreaterThan(0)
      expect((once?.toMs ?? 0) >= (once?.fromMs ?? 1)).toBe(true)
      expect(other?.names).not.toEqual(once?.names)
      for (const { timeMs } of once?.lines ?? []) {
        expect(timeMs >= (once?.fromMs ?? 0) && timeMs <= (once?.toMs ?? 0)).toBe(true)
      }
    },
  )
})

describe('an attack in a log', () => {
  const read: Readonly<Partial<Record<Medium, (text: string) => boolean>>> = {
    access: (text) => readAccessLine(text) !== null,
    auth: (text) => timeOfAuthLine(text) !== null && text.includes(' sshd['),
    staff: (text) => timeOfAuthLine(text) !== null && text.includes(' sshd['),
    alerts: (text) => text.startsWith('{"timestamp":"2026-03-04T10:'),
  }

  it.each(
    attackKinds.filter(({ medium }) => read[medium] !== undefined).map((kind) => [kind.id, kind] as const),
  )('%s is written as that log is', (_, kind) => {
    const [dose = 1] = kind.dose.values
    const { lines = [], cuts } = kind.inject(4 * dose, placeOf(2))
    expect(lines.length + (cuts === undefined ? 0 : 1)).toBeGreaterThan(0)
    expect(lines.filter(({ text }) => read[kind.medium]?.(text) !== true)).toEqual([])
  })

  it('is found where it was put, and counted', { timeout: 240_000 }, async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-inject-test-'))
    try {
      // A machine on which three people work from where they always are.
      const lines = Array.from({ length: 1500 }, (_, n) => {
        const at = new Date(Date.UTC(2026, 2, 2) + n * 400_000).toISOString()
        const user = ['alice', 'bob', 'carla'][n % 3] ?? 'alice'
        const outcome = n % 40 === 7 ? 'Failed' : 'Accepted'
        return `${at} gate-1 sshd[${800 + n}]: ${outcome} password for ${user} from 198.51.100.${7 + (n % 3)} port ${40_000 + n} ssh2`
      })
      writeFileSync(path.join(folder, 'auth.log'), `${lines.join('\n')}\n`)
      const [result] = await doses({ seed: 1, kind: 'ssh-brute-force', place: folder, doses: [1, 64] })
      expect(result?.levels.map(({ dose, placed, found }) => [dose, placed, found['any']])).toEqual([
        [1, 10, 0],
        [64, 10, 10],
      ])
      expect(dosesText(result === undefined ? [] : [result])).toContain('login-brute-force')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('what an attacker knows', () => {
  it('is read from the log: paths that exist, people and their machines', () => {
    const access = (target: string, status: number) => ({
      timeMs: 0,
      text: `198.51.100.7 - - [04/Mar/2026:10:00:00 +0000] "GET ${target} HTTP/1.1" ${status} 5 "-" "-"`,
    })
    expect(
      accessScene([access('/a?x=1', 200), access('/a', 200), access('/b', 200), access('/c', 404)]).paths,
    ).toEqual(['/a', '/b'])
    const login = (at: string, host: string) => {
      const text = `${at} ${host} sshd[7]: Accepted password for alice from 198.51.100.7 port 4022 ssh2`
      return { timeMs: timeOfAuthLine(text) ?? 0, text }
    }
    const lines = Array.from({ length: 15 }, (_, n) =>
      login(`2026-03-04T10:00:${10 + n}.000000+00:00`, n < 10 ? 'web-1' : 'web-2'),
    )
    const read = authScene(lines)
    expect(read.users).toEqual([
      { name: 'alice', hosts: ['web-1', 'web-2'], count: 15, sources: ['198.51.100.7'] },
    ])
    expect(read.hosts).toEqual(['web-1', 'web-2'])
    expect(timeOfAuthLine('Mar  4 10:00:10 web-1 sshd[7]: Accepted')).toBe(Date.UTC(2026, 2, 4, 10, 0, 10))
  })
})

describe('a finding', () => {
  const injected: Injected = { names: ['203.0.113.9'], fromMs: startMs, toMs: startMs + 60_000 }
  const finding = (value: string, first: number, last: number) => ({
    entity: { kind: 'source_ip', value },
    first: new Date(startMs + first).toISOString(),
    last: new Date(startMs + last).toISOString(),
  })

  it('counts if it names the attacker while the attack lasts', () => {
    expect(isFoundBy(finding('203.0.113.9', 5000, 30_000), injected)).toBe(true)
    expect(isFoundBy(finding('203.0.113.9', -900_000, 900_000), injected)).toBe(true)
    expect(isFoundBy(finding('203.0.113.9', -900_000, -60_000), injected)).toBe(false)
    expect(isFoundBy(finding('203.0.113.8', 5000, 30_000), injected)).toBe(false)
  })

  it('makes a dose: the least from which on so many are found', () => {
    const level = (dose: number, any: number): DoseLevel => ({ dose, placed: 10, found: { any } })
    const levels = [level(1, 6), level(2, 4), level(4, 7), level(8, 9), level(16, 10)]
    expect(doseFor(levels, 'any', 0.5)).toBe(4)
    expect(doseFor(levels, 'any', 0.9)).toBe(8)
    expect(doseFor(levels, 'other', 0.5)).toBe(null)
  })
})
