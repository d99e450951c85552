import { describe, expect, test } from 'vitest'
import { hostAlert, hosts, huntAlerts, quietHosts, quietWire, wireAlert } from './alert-story.ts'
import type { Line } from './story.ts'

const ours = ['alert-risk', 'alert-risk-source', 'alert-risk-destination', 'alert-critical']

const day = 86_400
const hour = 3600

/** Of a web server: it is tried, broken into, and used to try others. */
const intrusion = (from: number): Line[] => [
  ...Array.from({ length: 300 }, (_, i) =>
    hostAlert(from + i, { host: 'server-9', rule: 'Web server 400 error code.', id: '31101' }),
  ),
  hostAlert(from + 320, { host: 'server-9', rule: 'Common web attack.', id: '31104', level: 6 }),
  hostAlert(from + 330, {
    host: 'server-9',
    rule: 'Multiple web attacks from one source.',
    id: '31153',
    level: 10,
  }),
  hostAlert(from + 400, { host: 'server-9', rule: 'Web server 500 error code.', id: '31120', level: 5 }),
  hostAlert(from + hour, { host: 'server-9', rule: 'User changed UID.', id: '5304', level: 3 }),
  hostAlert(from + hour + 60, {
    host: 'server-9',
    rule: 'First time user executed sudo.',
    id: '5403',
    level: 4,
  }),
  hostAlert(from + hour + 300, {
    host: 'server-3',
    rule: 'sshd: insecure connection attempt (scan).',
    id: '5706',
    level: 6,
  }),
  hostAlert(from + hour + 310, {
    host: 'server-3',
    rule: 'sshd: brute force trying to get access.',
    id: '5712',
    level: 10,
  }),
]

describe('alert-risk', () => {
  test('is silent on thousands of alerts a day that are always the same', async () => {
    const lines = quietHosts(4)
    const report = await huntAlerts(lines)
    expect(lines.length / 4).toBeGreaterThan(4000)
    expect(report.summary.rejected).toBe(0)
    expect(report.findings).toEqual([])
  })

  test('has hardly anything to say of a lone day', async () => {
    const report = await huntAlerts(quietHosts(1), { detectors: ours })
    expect(report.findings.length).toBeLessThanOrEqual(1)
    expect(report.findings.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  test('names an attack of several steps first, and where it went', async () => {
    const report = await huntAlerts([...quietHosts(4), ...intrusion(3 * day + 10 * hour)], {
      detectors: ours,
    })
    const [first] = report.findings
    expect(first).toMatchObject({
      detector: 'alert-risk',
      severity: 'high',
      entity: { kind: 'host_name', value: 'server-9' },
    })
    expect(first?.title).toMatch(/^server-9 raised \d kinds of alerts that are unusual for it in 1 hour: /)
    expect(first?.title).toMatch(/Common web attack|Multiple web attacks|Web server 500/)
    const rules = first?.evidence.lines.map((line) => /"description":"([^"]*)"/.exec(line)?.[1]) ?? []
    expect(rules.length).toBeGreaterThanOrEqual(5)
    expect(new Set(rules).size).toBe(rules.length)
    expect(rules).toContain('Common web attack.')
    expect(first?.related).toContainEqual({ kind: 'host_name', value: 'server-3' })
    expect(report.incidents).toHaveLength(1)
    expect(report.incidents[0]?.entities.map(({ value }) => value)).toEqual(
      expect.arrayContaining(['server-9', 'server-3']),
    )
  })

  test('makes at most one low finding of a new rule that fires at all machines', async () => {
    const rollout = hosts.flatMap((host, i) =>
      Array.from({ length: 30 }, (_, n) =>
        hostAlert(2 * day + 8 * hour + i * 60 + n * 3500, {
          host,
          rule: 'Package out of date.',
          id: '23505',
        }),
      ),
    )
    const report = await huntAlerts([...quietHosts(4), ...rollout])
    expect(report.findings.length).toBeLessThanOrEqual(1)
    expect(report.findings.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  test('names a machine at which a usual alert is raised a hundred times as often as ever', async () => {
    const many = Array.from({ length: 2000 }, (_, i) =>
      hostAlert(3 * day + 4 * hour + i, {
        host: 'server-1',
        rule: 'Mail user login failed.',
        id: '9702',
        source: '203.0.113.5',
      }),
    )
    const report = await huntAlerts([...quietHosts(4), ...many], { detectors: ours })
    expect(report.findings).toMatchObject([{ detector: 'alert-risk', entity: { value: 'server-1' } }])
    expect(report.findings[0]?.title).toContain('Mail user login failed.')
    expect(report.findings[0]?.related).toContainEqual({ kind: 'source_ip', value: '203.0.113.5' })
  })

  test('takes a rule whose name holds what changes for one kind', async () => {
    const changing = Array.from({ length: 96 }, (_, i) =>
      hostAlert(i * hour, { host: 'server-2', rule: `File /tmp/x${i * 7919} was scanned`, id: '87105' }),
    )
    const report = await huntAlerts([...quietHosts(4), ...changing], { detectors: ours })
    expect(report.findings).toEqual([])
  })

  test('finds the same whatever the number of threads', async () => {
    const lines = [...quietHosts(3), ...intrusion(2 * day + 10 * hour)]
    const found = async (threads: number) =>
      (await huntAlerts(lines, { detectors: ours, threads })).findings.map((finding) => ({
        ...finding,
        evidence: finding.evidence.lines,
      }))
    const one = await found(1)
    const two = await found(2)
    expect(one).toEqual(two)
  })
})

describe('alerts of a network', () => {
  const infected: Line[] = [
    wireAlert(3 * day + 9 * hour, {
      from: '192.0.2.117',
      to: '203.0.113.9',
      rule: 'EXAMPLE MALWARE loader',
      id: 1,
      severity: 1,
    }),
    wireAlert(3 * day + 9 * hour + 90, {
      from: '192.0.2.117',
      to: '203.0.113.9',
      rule: 'EXAMPLE beacon',
      id: 2,
    }),
    wireAlert(3 * day + 9 * hour + 99, {
      from: '192.0.2.117',
      to: '203.0.113.9',
      rule: 'EXAMPLE odd TLS client',
      id: 3,
    }),
  ]

  test('are silent while everybody scans and programs are old', async () => {
    const report = await huntAlerts(quietWire(4))
    expect(report.summary.rejected).toBe(0)
    expect(report.findings).toEqual([])
  })

  test('name the machine inside, not the sensor, and what its tool calls critical', async () => {
    const report = await huntAlerts([...quietWire(4), ...infected])
    const found = report.findings.map(({ detector, entity }) => `${detector} ${entity.value}`)
    expect(found).toContain('alert-risk-source 192.0.2.117')
    expect(found).toContain('alert-critical EXAMPLE MALWARE loader')
    expect(found.filter((one) => one.includes('sensor'))).toEqual([])
    expect(report.incidents[0]?.entities).toContainEqual(expect.objectContaining({ value: '192.0.2.117' }))
  })

  test('tell a server that is tried in earnest from one that is scanned', async () => {
    const tried = Array.from({ length: 4 }, (_, i) =>
      wireAlert(3 * day + 11 * hour + i, {
        from: '203.0.113.77',
        to: '192.0.2.80',
        rule: `EXAMPLE EXPLOIT ${['path traversal', 'upload', 'web shell', 'command'][i] ?? ''}`,
        id: 50 + i,
      }),
    )
    const report = await huntAlerts([...quietWire(4), ...tried], { detectors: ours })
    expect(report.findings[0]).toMatchObject({
      detector: 'alert-risk-destination',
      entity: { value: '192.0.2.80' },
    })
    expect(report.findings[0]?.related).toContainEqual({ kind: 'source_ip', value: '203.0.113.77' })
  })
})

describe('alert-critical', () => {
  test('is shown from the first day on, once a kind', async () => {
    const critical = [1, 2, 3].map((n) =>
      hostAlert(n * hour, { host: 'server-4', rule: 'Rootkit found.', id: '510', level: 13 }),
    )
    const report = await huntAlerts([...quietHosts(1), ...critical], { detectors: ['alert-critical'] })
    expect(report.findings).toMatchObject([
      {
        detector: 'alert-critical',
        rarity: 'Another tool named this: it is shown however often it happens.',
        entity: { kind: 'rule_name', value: 'Rootkit found.' },
        title: '“Rootkit found.” was raised 3 times in 1 day; its own tool calls that critical',
      },
    ])
  })

  test('says nothing of what a tool calls less', async () => {
    const lesser = hostAlert(hour, { host: 'server-4', rule: 'Rootkit found.', id: '510', level: 11 })
    expect(
      (await huntAlerts([...quietHosts(1), lesser], { detectors: ['alert-critical'] })).findings,
    ).toEqual([])
  })
})
