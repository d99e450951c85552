import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { accountChange, logon, privileges, type UserEvent } from '../../bench/quality/users-wire.ts'
import { organisation } from '../../bench/quality/users-organisation.ts'
import { named } from './story.ts'
import { at, huntEvents, quietOrganisation, userDetectors as detectors, visits } from './users-story.ts'

const quiet = quietOrganisation(21).events
const own = new Set<string>(detectors)

const hunted = (...more: readonly (readonly UserEvent[])[]) =>
  huntEvents([...quiet, ...more.flat()], { detectors })

/** What these detectors find when all others are at work beside them, as in any hunt. */
const foundAmongAll = async (...more: readonly (readonly UserEvent[])[]): Promise<string[]> => {
  const report = await huntEvents([...quiet, ...more.flat()])
  return named({ ...report, findings: report.findings.filter(({ detector }) => own.has(detector)) })
}

/** A clerk of finance who logs in to the same three machines, over and over. */
const clerk = Array.from({ length: 21 }, (_, day) => day)
  .filter((day) => day % 7 < 5)
  .flatMap((day) =>
    ['ws-clerk', 'finance-app1', 'files1'].flatMap((host, n) =>
      Array.from({ length: 45 }, (_, i) =>
        logon(at(day, 8 + n + i / 45), { user: 'clerk', host, from: 'ws-clerk' }),
      ),
    ),
  )

describe('three weeks of an organisation', () => {
  it('are quiet: administrators, a new employee, new laptops, a new server', async () => {
    expect(named(await huntEvents(quiet))).toEqual([])
  })
})

describe('user-new-host', () => {
  it('names an account that goes over machines of other departments', async () => {
    const report = await hunted(
      visits(at(17, 10), 'user9', 'ws-9', ['legal-app2', 'engineering-app3', 'ws-30']),
    )
    expect(named(report)[0]).toBe('user-new-host: user9')
    const [found] = report.findings
    expect(found?.title).toBe('user9 logged in on 3 machines that neither user9 nor its peers use')
    const [touched] = found?.details ?? []
    if (touched?.kind !== 'touched') throw new Error('the finding does not show who touched what')
    expect(touched.peers.name).toBe('finance-app1, finance-app2')
    expect(touched.kinds.find(({ column }) => column === 'host_name')).toMatchObject({ fresh: 3 })
    expect(touched.edges.slice(0, 3).map(({ value, before, peers }) => [value, before, peers])).toEqual([
      ['engineering-app3', 0, 0],
      ['legal-app2', 0, 0],
      ['ws-30', 0, 0],
    ])
  })

  it('names a clerk of three machines on a fourth, after two thousand logins', async () => {
    const report = await hunted(clerk, visits(at(18, 10), 'clerk', 'ws-clerk', ['legal-app2']))
    expect(named(report)[0]).toBe('user-new-host: clerk')
  })

  it('lets a clerk be who is on a machine of the department', async () => {
    const calm = visits(at(18, 10), 'clerk', 'ws-clerk', ['finance-app2'])
    expect(await foundAmongAll(clerk, calm)).toEqual([])
  })

  it('lets the day be on which many move', async () => {
    const move = Array.from({ length: 24 }, (_, n) =>
      visits(at(18, 9 + n / 8), `user${n + 20}`, `ws-${n + 20}`, [
        n % 2 === 0 ? 'legal-app1' : 'people-app1',
      ]),
    )
    expect(await foundAmongAll(...move)).toEqual([])
  })

  it('goes by the groups of a file, where there is one', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-peers-'))
    try {
      const peers = path.join(folder, 'peers.csv')
      // User 6 works in legal, and so does user 9 from now on.
      writeFileSync(peers, 'user,group\nuser6,legal\nUSER9,legal\nuser14,legal\n')
      const attack = visits(at(17, 10), 'user9', 'ws-9', ['legal-app1', 'legal-app2'])
      const alike = await huntEvents([...quiet, ...attack], { detectors: ['user-new-host'], peers })
      expect(named(alike)).not.toContain('user-new-host: user9')
      writeFileSync(peers, 'user6,legal\nuser9\n')
      await expect(huntEvents(quiet, { detectors, peers })).rejects.toThrow(`${peers}: line 2: expected`)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('says nothing where the past is too short to know', async () => {
    const week = quiet.filter(({ timeMs }) => timeMs < at(6, 0))
    const attack = visits(at(5, 10), 'user9', 'ws-9', ['legal-app2', 'engineering-app3', 'ws-30'])
    expect(named(await huntEvents([...week, ...attack], { detectors }))).toEqual([])
  })
})

describe('lateral-movement', () => {
  const hops = [
    ...visits(at(17, 10), 'user9', 'ws-9', ['legal-app2']),
    ...visits(at(17, 10.5), 'user9', 'legal-app2', ['engineering-app3']),
    ...visits(at(17, 11), 'admin2', 'engineering-app3', ['ws-30']),
    ...visits(at(17, 12), 'admin2', 'ws-30', ['people-app1']),
  ]

  it('names who began a path, and shows it', async () => {
    const report = await hunted(hops)
    expect(named(report)[0]).toBe('lateral-movement: user9')
    const [found] = report.findings
    expect(found?.severity).toBe('high')
    expect(found?.details).toEqual([
      {
        kind: 'path',
        hops: [
          {
            time: '2026-03-19T10:00:00.000Z',
            from: 'ws-9',
            to: 'legal-app2',
            user: 'user9',
            switched: false,
          },
          {
            time: '2026-03-19T10:30:00.000Z',
            from: 'legal-app2',
            to: 'engineering-app3',
            user: 'user9',
            switched: false,
          },
          {
            time: '2026-03-19T11:00:00.000Z',
            from: 'engineering-app3',
            to: 'ws-30',
            user: 'admin2',
            switched: true,
          },
          {
            time: '2026-03-19T12:00:00.000Z',
            from: 'ws-30',
            to: 'people-app1',
            user: 'admin2',
            switched: false,
          },
        ],
      },
    ])
  })

  it('lets an administrator be who goes by way of the jump host', async () => {
    const rounds = ['legal-app1', 'legal-app2', 'people-app1'].flatMap((host, n) => [
      ...visits(at(17, 10 + n), 'admin2', 'ws-2', ['jump1']),
      ...visits(at(17, 10.1 + n), 'admin2', 'jump1', [host]),
    ])
    expect(await foundAmongAll(rounds)).toEqual([])
  })
})

describe('account-new', () => {
  const work = [
    ...visits(at(17, 10), 'helpdesk7', 'ws-30', ['files1', 'dc1']),
    privileges(at(17, 10.2), 'helpdesk7', 'files1'),
  ]

  it('names an account that nobody saw before and that uses special rights', async () => {
    const report = await hunted(work)
    expect(named(report)[0]).toBe('account-new: helpdesk7')
    expect(report.findings[0]?.severity).toBe('medium')
  })

  it('lets somebody be who was taken on and does what others do', async () => {
    const first = [
      accountChange(at(17, 7), 'admin1', 'newcomer'),
      ...visits(at(17, 9), 'newcomer', 'ws-newcomer', ['dc1', 'files1', 'sales-app1', 'sales-app2', 'ws-34']),
    ]
    expect(await foundAmongAll(first)).toEqual([])
  })
})

describe('user-daily-activity', () => {
  it('names an account that reads a file server a thousand times', async () => {
    const reads = Array.from({ length: 1200 }, (_, n) =>
      logon(at(17, 8) + n * 9000, { user: 'user9', host: 'files1', from: 'ws-9' }),
    )
    const report = await hunted(reads)
    expect(named(report)[0]).toBe('user-daily-activity: user9')
    expect(report.findings[0]?.details[0]?.kind).toBe('touched')
  })

  it('lets a busy day be', async () => {
    const busy = Array.from({ length: 25 }, (_, n) =>
      logon(at(17, 8) + n * 900_000, { user: 'user9', host: 'files1', from: 'ws-9' }),
    )
    expect(await foundAmongAll(busy)).toEqual([])
  })
})

describe('account-revived', () => {
  const long = organisation({ people: 25, days: 50, seed: 4 }).events
  const active = Array.from({ length: 9 }, (_, day) =>
    visits(at(day, 9), 'former', 'ws-former', ['ws-former', 'files1', 'finance-app1'], 40),
  ).flat()
  const back = visits(at(46, 11), 'former', 'ws-guest', ['files1'])

  it('names an account that wakes up after five weeks', async () => {
    const report = await huntEvents([...long, ...active, ...back], { detectors })
    expect(named(report)[0]).toBe('account-revived: former')
    expect(report.findings[0]?.title).toBe(
      'former came back after 38 days of silence, on one machine, from a source it never had',
    )
  })

  it('lets an account be that wakes up once a month', async () => {
    const monthly = [0, 15, 46].flatMap((day) =>
      visits(at(day, 9), 'closing', 'ws-closing', ['finance-app1', 'files1']),
    )
    const report = await huntEvents([...long, ...active, ...monthly], { detectors: ['account-revived'] })
    expect(named(report)).toEqual([])
  })
})
