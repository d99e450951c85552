import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { count, defineDetector, firstSeen, novelty, prior, tailScore } from 'winnow'
import { hunt, type HuntRequest } from '../../src/hunt.ts'
import type { Report } from '../../src/report/report.ts'
import { quietLogins, requestLine, sshLine, type Line } from '../detectors/story.ts'

const day = 86_400
const startMs = Date.UTC(2026, 2, 2)
const dayText = (days: number): string => new Date(startMs + days * day * 1000).toISOString().slice(0, 10)

/** Every login of a user who logs in often, by how often the user comes from there. */
const whence = defineDetector({
  id: 'own-whence',
  title: 'A login from where its user seldom is',
  description: 'A detector of this test.',
  attack: ['T1078'],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: ['user_name', 'source_ip'],
  window: '1 day',
  features: {
    logins: count(),
    isNew: firstSeen(['user_name', 'source_ip']),
    seen: prior('logins', ['user_name', 'source_ip']),
    before: prior('logins', ['user_name']),
    sources: prior('isNew', ['user_name']),
  },
  scored: ['seen', 'before', 'sources'],
  requires: { before: { kind: 'atLeast', value: 20 } },
  model: novelty({ seen: 'seen', events: 'before', targets: 'sources' }),
  severity: 'high',
  sentence: (f) => `${f.entity} after ${f.seen} of ${f.before}`,
})

const volume = (id: string) =>
  defineDetector({
    id,
    title: 'A client that asks for more than the others',
    description: 'A detector of this test.',
    attack: ['T1595'],
    from: { category: 'web' },
    entity: 'source_ip',
    window: '1 day',
    features: { requests: count() },
    model: tailScore({ top: 1 }),
    raises: [{ when: { requests: { kind: 'atLeast', value: 100 } }, severity: 'medium' }],
    sentence: (f) => `${f.entity} made ${f.requests} requests`,
  })

let folder: string

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-learning-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const huntIn = (name: string, lines: readonly Line[], request: Partial<HuntRequest>): Promise<Report> => {
  const file = path.join(folder, name)
  const sorted = lines.toSorted((a, b) => a.at - b.at)
  writeFileSync(file, sorted.map((line) => `${line.text}\n`).join(''))
  return hunt({ year: 2026, threads: 2, budget: 100, ...request, paths: [file] })
}

const intruder = '203.0.113.99'
const intrusion = (on: number): Line => sshLine(on * day + 40_000, 'Accepted', 'user3', intruder)
/** How many earlier logins from there the findings about the intruder speak of, by day. */
const seenBefore = (report: Report): Record<string, number> =>
  Object.fromEntries(
    report.findings
      .filter((finding) => finding.entity.value === `user3 → ${intruder}`)
      .map((finding) => [finding.first.slice(0, 10), Number(/ after (\d+) of /.exec(finding.title)?.[1])]),
  )

describe('a period that is excluded', () => {
  const logins = [...quietLogins(14), ...[8, 9, 12].map(intrusion)]
  const only = { detectors: ['own-whence'], extraDetectors: [whence] }

  it('teaches nothing of what entities do: what happened in it is new afterwards', async () => {
    const during = { from: dayText(8), to: dayText(10) }
    const learned = await huntIn('auth.log', logins, only)
    const apart = await huntIn('auth.log', logins, { ...only, excludePeriods: [during] })
    // Neighbouring days make one episode, which begins on the first of them.
    expect(seenBefore(learned)).toEqual({ [dayText(8)]: 0, [dayText(12)]: 2 })
    expect(seenBefore(apart)).toEqual({ [dayText(8)]: 0, [dayText(12)]: 0 })
  })

  it('stays out of what a model is fitted on', async () => {
    const lines = Array.from({ length: 50 * 8 }, (_, i) =>
      Array.from({ length: 10 + (i % 7) }, (__, k) =>
        requestLine((i % 8) * day + 30_000 + k * 60, { client: `198.51.100.${i % 50}`, target: '/' }),
      ),
    ).flat()
    const busy = (on: number, client: string, requests: number): Line[] =>
      Array.from({ length: requests }, (_, k) => requestLine(on * day + 30_000 + k, { client, target: '/' }))
    // A load test by many, and afterwards somebody who asks for less than they did.
    const loadTest = Array.from({ length: 20 }, (_, i) => busy(2, `192.0.2.${i + 1}`, 400)).flat()
    const all = [...lines, ...loadTest, ...busy(6, intruder, 200)]
    const request = { detectors: ['own-volume'], extraDetectors: [volume('own-volume')] }
    const surpriseOf = (report: Report): number =>
      report.findings.find(({ entity }) => entity.value === intruder)?.surprise ?? 0
    const learned = await huntIn('access.log', all, request)
    const apart = await huntIn('access.log', all, {
      ...request,
      excludePeriods: [{ from: dayText(2), to: dayText(3) }],
    })
    expect(surpriseOf(apart)).toBeGreaterThan(surpriseOf(learned) + 0.5)
  })

  it('is refused where it ends before it begins', async () => {
    const periods = [{ from: dayText(3), to: dayText(2) }]
    await expect(huntIn('auth.log', logins, { excludePeriods: periods })).rejects.toThrow(/is not after/)
  })
})

describe('with a history', () => {
  it('what a hunt found does not make itself usual, until it was found on seven days', async () => {
    const data = path.join(folder, 'data')
    const quiet = quietLogins(18)
    const request = { data, detectors: ['own-whence'], extraDetectors: [whence] }
    await huntIn(
      'before.log',
      quiet.filter(({ at }) => at < 8 * day),
      request,
    )
    const seen: (number | undefined)[] = []
    for (let on = 8; on < 18; on++) {
      const today = quiet.filter(({ at }) => at >= on * day && at < (on + 1) * day)
      const report = await huntIn(`day-${on}.log`, [...today, intrusion(on)], request)
      seen.push(seenBefore(report)[dayText(on)])
    }
    expect(seen).toEqual([0, 0, 0, 0, 0, 0, 0, 7, 8, 9])
  })

  it('what is usual is what was usual lately', async () => {
    const data = path.join(folder, 'data')
    const clients = Array.from({ length: 60 }, (_, i) => `198.51.100.${i + 1}`)
    const daily = (on: number, requests: number): Line[] =>
      clients.flatMap((client) =>
        Array.from({ length: requests }, (_, k) =>
          requestLine(on * day + 30_000 + k * 60, { client, target: '/' }),
        ),
      )
    // For 35 days six requests a day, for 25 days twelve.
    const past = Array.from({ length: 60 }, (_, on) => daily(on, on < 35 ? 6 : 12)).flat()
    const today = Array.from({ length: 900 }, (_, k) =>
      requestLine(60 * day + k, { client: intruder, target: '/' }),
    )
    const request = { data, detectors: ['own-volume'], extraDetectors: [volume('own-volume')] }
    await huntIn('past.log', past, request)
    const report = await huntIn('today.log', [...daily(60, 12), ...today], request)
    const finding = report.findings.find(({ entity }) => entity.value === intruder)
    expect(finding?.reasons[0]).toMatchObject({ feature: 'requests', observed: 900, typical: 12 })
  })
})
