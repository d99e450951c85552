/** Stories that several detectors tell: each is one incident, and says so in order. */
import { describe, expect, it } from 'vitest'
import type { Report } from '../../src/report/report.ts'
import { flowLine, huntOffice, quietFlows } from '../detectors/network-story.ts'
import { huntLines, quietLogins, sshLine } from '../detectors/story.ts'

const day = 86_400
const morning = 9 * 3600

/** The detectors of each incident, the riskiest first. */
const told = ({ incidents, findings }: Report) =>
  incidents.map(({ findings: ids }) =>
    ids.map((id) => findings.find((finding) => finding.id === id)?.detector ?? '').toSorted(),
  )

describe('a password that was guessed', () => {
  const attacker = '203.0.113.66'
  const other = '198.51.100.200'
  const at = 10 * day
  const lines = [
    ...quietLogins(14),
    ...Array.from({ length: 25 }, (_, i) => sshLine(at + i * 4, 'Failed', 'user3', attacker)),
    sshLine(at + 110, 'Accepted', 'user3', attacker),
    ...Array.from({ length: 30 }, (_, i) => sshLine(at + i * 5, 'Failed', 'user5', other)),
  ]

  it('is one incident of guessing, getting in and being somewhere new, and another attacker is another', async () => {
    const report = await huntLines(lines)
    const [first] = report.incidents
    expect(told(report)[0]).toEqual(
      expect.arrayContaining(['login-brute-force', 'login-success-after-failures']),
    )
    expect(first?.entities[0]).toEqual({ kind: 'source_ip', value: attacker, role: 'actor' })
    expect(first?.title).toMatch(
      /^203\.0\.113\.66 guessed passwords of user3 in 25 failed logins,? (?:and|then) got in as user3; user3 logged in /,
    )
    expect(first?.tactics.map(({ name }) => name)).toContain('Credential Access')
    expect(first?.severity).toBe('critical')
    const apart = report.incidents.find(({ entities }) => entities.some(({ value }) => value === other))
    expect(apart?.id).not.toBe(first?.id)
    expect(first?.risk).toBeGreaterThan(apart?.risk ?? 100)
    const held = report.incidents.flatMap(({ findings }) => findings)
    expect(held.toSorted()).toEqual(report.findings.map(({ id }) => id).toSorted())
  })

  it('is the same in another run', async () => {
    const [one, two] = [await huntLines(lines), await huntLines(lines)]
    expect(one.incidents).toEqual(two.incidents)
  })
})

it('two machines that call the same stranger are one campaign, and who scans meanwhile is not part of it', async () => {
  const calls = ['192.0.2.31', '192.0.2.32'].flatMap((from, n) =>
    Array.from({ length: 150 }, (_, i) =>
      flowLine(morning + 40 * n + i * 240, { from, to: '203.0.113.5', port: 8443, sent: 700, received: 300 }),
    ),
  )
  const scan = Array.from({ length: 120 }, (_, i) =>
    flowLine(morning + i * 2, { from: '192.0.2.40', to: `192.0.2.${100 + i}`, port: 445, state: 'S0' }),
  )
  const report = await huntOffice([...quietFlows(2), ...calls, ...scan])
  const campaign = report.incidents.find(({ entities }) =>
    entities.some(({ value }) => value === '203.0.113.5'),
  )
  expect(
    campaign?.entities
      .filter(({ role }) => role === 'actor')
      .map(({ value }) => value)
      .toSorted(),
  ).toEqual(['192.0.2.31', '192.0.2.32'])
  expect(campaign?.title).toMatch(/^192\.0\.2\.3[12] and 192\.0\.2\.3[12] called? /)
  expect(campaign?.tactics).toContainEqual({
    id: 'TA0011',
    name: 'Command and Control',
    techniques: ['T1071'],
  })
  const scanner = report.incidents.find(({ entities }) =>
    entities.some(({ value }) => value === '192.0.2.40'),
  )
  expect(scanner?.findings.some((id) => campaign?.findings.includes(id))).toBe(false)
})
