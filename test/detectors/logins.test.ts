import { describe, expect, it } from 'vitest'
import { huntLines, named, quietLogins, sshLine } from './story.ts'

const quiet = quietLogins(14)
const attacker = '203.0.113.66'
const day10 = 10 * 86_400

describe('login detectors', () => {
  it('are silent on quiet days', async () => {
    const report = await huntLines(quiet)
    expect(named(report)).toEqual([])
    expect(report.summary.detectors).toHaveLength(4)
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
    expect(incident?.entities).toContainEqual({ kind: 'source_ip', value: attacker })
  })

  it('name a login from a new source by someone who has always used one', async () => {
    const report = await huntLines([...quiet, sshLine(13 * 86_400 + 10_000, 'Accepted', 'user4', attacker)])
    expect(named(report)).toContain(`login-new-source: user4 → ${attacker}`)
  })

  it('let a traveller be', async () => {
    const traveller = Array.from({ length: 60 }, (_, i) =>
      sshLine(i * 20_000, 'Accepted', 'nomad', `198.51.100.${1 + i}`),
    )
    const report = await huntLines([...quiet, ...traveller])
    expect(named(report).filter((name) => name.includes('nomad'))).toEqual([])
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
