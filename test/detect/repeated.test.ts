import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { logon, type UserEvent } from '../../bench/quality/users-wire.ts'
import { hunt, type HuntRequest } from '../../src/hunt.ts'
import type { Report } from '../../src/report/report.ts'
import {
  agentOf,
  day,
  homeOf,
  hour,
  lagos,
  login,
  quietWeeks,
  userOf,
  writeLogins,
  type Login,
} from '../detectors/login-story.ts'
import { named } from '../detectors/story.ts'
import { at, huntEvents, quietOrganisation, visits } from '../detectors/users-story.ts'

let folder: string
let data: string

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-repeated-'))
  data = path.join(folder, 'data')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

const huntLoginsIn = async (
  logins: readonly Login[],
  from: number,
  to: number,
  request: Omit<HuntRequest, 'paths'>,
): Promise<string[]> => {
  const own = path.join(folder, String(from))
  mkdirSync(own)
  const today = logins.filter((one) => one.at >= from * day && one.at < to * day)
  return named(await hunt({ threads: 2, data, ...request, ...writeLogins(own, today) }))
}

describe('an intruder who was found and comes again the next day', () => {
  const stranger = { ip: '2001:db8:fa11::66', place: lagos }

  it('is named again: country, program, hour and journey are as strange as the day before', async () => {
    const intrusion = [16, 17].flatMap((on) => [
      login(on * day + 10.5 * hour, 7, { ...stranger, agent: 'loader/1.0' }),
      login(on * day + 2 * hour, 14),
    ])
    // Somebody else has a new line at home, which is nothing that anybody would be shown.
    const moved = [16, 17].map((on) =>
      login(on * day + 19 * hour, 5, { ip: homeOf(5).replace('::10', '::77'), agent: agentOf(5) }),
    )
    const logins = [...quietWeeks(), ...intrusion, ...moved]
    const request = {
      detectors: ['login-new-country', 'login-new-device', 'login-unusual-hour', 'impossible-travel'],
    }
    const found = new Map<number, string[]>()
    await huntLoginsIn(logins, 0, 16, request)
    for (const on of [16, 17]) found.set(on, await huntLoginsIn(logins, on, on + 1, request))
    const expected = [
      `impossible-travel: ${userOf(7)}`,
      `login-new-country: ${userOf(7)} → ${stranger.ip}`,
      `login-new-device: ${userOf(7)} → loader/1.0`,
      `login-unusual-hour: ${userOf(14)}`,
    ]
    expect(found.get(16)?.toSorted()).toEqual(expected)
    expect(found.get(17)?.toSorted()).toEqual(expected)
  })
})

const quiet = quietOrganisation(21).events
/** What is logged from one moment to another, hunted in with what was hunted in before. */
const huntUsersIn = async (
  events: readonly UserEvent[],
  fromMs: number,
  toMs: number,
  detectors: readonly string[],
): Promise<Report> => {
  const today = events.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs)
  return huntEvents(today, { data, detectors })
}

describe('an account on machines that its peers do not use', () => {
  it('is named again the next day, and one that nobody was shown is known by then', async () => {
    const detectors = ['user-new-host']
    const again = [16, 17].flatMap((on) => [
      ...visits(at(on, 10), 'user9', 'ws-9', ['legal-app2', 'engineering-app3', 'ws-30']),
      logon(at(on, 11), { user: 'user10', host: 'files1', from: 'ws-10' }),
    ])
    const events = [...quiet, ...again]
    await huntUsersIn(events, at(0, 0), at(16, 0), detectors)
    const first = await huntUsersIn(events, at(16, 0), at(17, 0), detectors)
    const second = await huntUsersIn(events, at(17, 0), at(18, 0), detectors)
    expect(named(first)).toEqual(['user-new-host: user9'])
    expect(named(second)).toEqual(['user-new-host: user9'])
  })
})

describe('a path from machine to machine', () => {
  const detectors = ['lateral-movement']
  const pathOf = ({ findings }: Report): string[] =>
    (findings[0]?.details ?? []).flatMap((detail) =>
      detail.kind === 'path' ? detail.hops.map(({ from, to, user }) => `${from} → ${to} as ${user}`) : [],
    )
  const crossing = [
    ...visits(at(16, 23.6), 'user9', 'ws-9', ['legal-app2']),
    ...visits(at(17, 0.4), 'user9', 'legal-app2', ['engineering-app3']),
    ...visits(at(17, 1), 'admin2', 'engineering-app3', ['ws-30']),
  ]
  const crossed = [
    'ws-9 → legal-app2 as user9',
    'legal-app2 → engineering-app3 as user9',
    'engineering-app3 → ws-30 as admin2',
  ]

  it('is told on the day of its last hop, though its first was hunted in the day before', async () => {
    const events = [...quiet, ...crossing]
    expect(named(await huntUsersIn(events, at(0, 0), at(17, 0), detectors))).toEqual([])
    const second = await huntUsersIn(events, at(17, 0), at(18, 0), detectors)
    expect(named(second)).toEqual(['lateral-movement: user9'])
    expect(pathOf(second)).toEqual(crossed)
  })

  it('is told beside one that was told the day before, and not that one again', async () => {
    const whole = [
      ...visits(at(16, 9), 'user9', 'ws-9', ['people-app1']),
      ...visits(at(16, 9.5), 'user9', 'people-app1', ['sales-app2']),
      ...visits(at(16, 10), 'user9', 'sales-app2', ['ws-33']),
    ]
    const events = [...quiet, ...whole, ...crossing]
    const first = await huntUsersIn(events, at(0, 0), at(17, 0), detectors)
    expect(pathOf(first)[0]).toBe('ws-9 → people-app1 as user9')
    const second = await huntUsersIn(events, at(17, 0), at(18, 0), detectors)
    expect(pathOf(second)).toEqual(crossed)
  })

  it('is told again where it is gone again the next day', async () => {
    const events = [
      ...quiet,
      ...[16, 17].flatMap((on) => [
        ...visits(at(on, 10), 'user9', 'ws-9', ['legal-app2']),
        ...visits(at(on, 10.5), 'user9', 'legal-app2', ['engineering-app3']),
      ]),
    ]
    for (const [from, to] of [
      [0, 17],
      [17, 18],
    ] as const) {
      const report = await huntUsersIn(events, at(from, 0), at(to, 0), detectors)
      expect(pathOf(report)).toEqual(crossed.slice(0, 2))
    }
  })
})
