import { describe, expect, it } from 'vitest'
import { randomStream } from '../../src/models/random.ts'
import { huntLines, named, quietLogins, sshLine } from './story.ts'

const quiet = quietLogins(14)
const attacker = '203.0.113.66'
const day10 = 10 * 86_400

describe('login detectors', () => {
  it('are silent on quiet days', async () => {
    const report = await huntLines(quiet)
    expect(named(report)).toEqual([])
    expect(report.summary.detectors).toContain('login-brute-force')
  })

  it('name a brute force of ten attempts', async () => {
    const attempts = Array.from({ length: 10 }, (_, i) => sshLine(day10 + i * 7, 'Failed', 'root', attacker))
    const report = await huntLines([...quiet, ...attempts])
    expect(named(report)).toContain(`login-brute-force: ${attacker}`)
  })

  it('name a spray of one try for each of twenty users', async () => {
    const spray = Array.from({ length: 20 }, (_, i) =>
      sshLine(day10 + i * 90, 'Failed', `person${i}`, attacker),
    )
    const report = await huntLines([...quiet, ...spray])
    expect(named(report)).toContain(`login-spraying: ${attacker}`)
  })

  it('name the success after the failures, before all else', async () => {
    const guesses = Array.from({ length: 25 }, (_, i) => sshLine(day10 + i * 4, 'Failed', 'user3', attacker))
    const report = await huntLines([
      ...quiet,
      ...guesses,
      sshLine(day10 + 110, 'Accepted', 'user3', attacker),
    ])
    expect(named(report)[0]).toBe(`login-success-after-failures: ${attacker}`)
    expect(report.findings[0]?.related).toContainEqual({ kind: 'user_name', value: 'user3' })
    const [incident] = report.incidents
    expect(incident?.findings.length).toBeGreaterThan(1)
    expect(incident?.entities).toContainEqual({ kind: 'source_ip', value: attacker, role: 'actor' })
  })

  it('name a login from a new source by someone who has always used one', async () => {
    const report = await huntLines([
      ...quietLogins(30),
      sshLine(29 * 86_400 + 40_000, 'Accepted', 'user4', attacker),
    ])
    expect(named(report)).toContain(`login-new-source: user4 → ${attacker}`)
  })

  it('name guesses from the desk of the victim, in spite of the logins from there before', async () => {
    const guesses = Array.from({ length: 40 }, (_, i) =>
      sshLine(day10 + 70_000 + i * 4, 'Failed', 'user3', '192.0.2.13'),
    )
    const report = await huntLines([...quiet, ...guesses])
    expect(named(report)[0]).toBe('login-failure-burst: user3 → 192.0.2.13')
  })

  it('let a traveller be', async () => {
    const traveller = Array.from({ length: 60 }, (_, i) =>
      sshLine(i * 20_000, 'Accepted', 'nomad', `198.51.100.${1 + i}`),
    )
    const report = await huntLines([...quiet, ...traveller])
    expect(named(report).filter((name) => name.includes('nomad'))).toEqual([])
  })

  it('let a program be that goes on with a password that has expired', async () => {
    const service = Array.from({ length: 14 * 24 }, (_, i) =>
      sshLine(i * 3600 + 120, i < 9 * 24 ? 'Accepted' : 'Failed', 'backup', '192.0.2.77'),
    )
    const renewed = sshLine(14 * 86_400 - 600, 'Accepted', 'backup', '192.0.2.77')
    expect(named(await huntLines([...quiet, ...service, renewed]))).toEqual([])
  })

  it('let a shared exit be on its first day, where forty people mistype as everywhere', async () => {
    const random = randomStream(3)
    const arrivals = Array.from({ length: 40 }, (_, i) => {
      const at = day10 + 30_000 + random() * 9000
      const mistyped = random() < 0.3 ? [sshLine(at - 9, 'Failed', `guest${i}`, '198.51.100.3')] : []
      return [...mistyped, sshLine(at, 'Accepted', `guest${i}`, '198.51.100.3')]
    })
    const report = await huntLines([...quiet, ...arrivals.flat()])
    expect(named(report).filter((name) => name.includes('198.51.100.3'))).toEqual([])
  })

  it('let a person be who forgot a password and found it again', async () => {
    const forgot = Array.from({ length: 3 }, (_, i) =>
      sshLine(day10 + 40_000 + i * 9, 'Failed', 'user2', '192.0.2.12'),
    )
    const report = await huntLines([
      ...quiet,
      ...forgot,
      sshLine(day10 + 40_040, 'Accepted', 'user2', '192.0.2.12'),
    ])
    expect(named(report)).toEqual([])
  })
})
