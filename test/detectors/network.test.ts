import { describe, expect, test } from 'vitest'
import { randomStream } from '../../src/models/random.ts'
import type { Line } from './story.ts'
import { named } from './story.ts'
import {
  flowLine,
  huntOffice,
  proxyLine,
  queryLine,
  quietFlows,
  quietQueries,
  quietRequests,
  type Flow,
} from './network-story.ts'

const flows = (count: number, from: number, every: number, flow: (i: number) => Flow): Line[] =>
  Array.from({ length: count }, (_, i) => flowLine(from + i * every, flow(i)))

const morning = 9 * 3600
const day = 86_400

describe('a quiet network', () => {
  test('has hardly a finding in four days of flows', async () => {
    const report = await huntOffice(quietFlows(4))
    expect(report.summary.rejected).toBe(0)
    expect(named(report).length).toBeLessThanOrEqual(4)
    expect(report.findings.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  test('has hardly a finding in three days of queries', async () => {
    const report = await huntOffice(quietQueries(3))
    expect(named(report).length).toBeLessThanOrEqual(3)
    expect(report.findings.filter(({ severity }) => severity !== 'low')).toEqual([])
  })

  test('has hardly a finding in three days of requests', async () => {
    const report = await huntOffice(quietRequests(3))
    expect(named(report).length).toBeLessThanOrEqual(3)
    expect(report.findings.filter(({ severity }) => severity !== 'low')).toEqual([])
  })
})

describe('network-scan', () => {
  test('names a machine that tries one port of many, and shows its targets', async () => {
    const sweep = flows(120, morning, 2, (i) => ({
      from: '192.0.2.33',
      to: `192.0.2.${100 + i}`,
      port: 445,
      state: i % 9 === 0 ? 'REJ' : 'S0',
    }))
    const [first] = (await huntOffice([...quietFlows(1), ...sweep])).findings
    expect(first).toMatchObject({
      detector: 'network-scan',
      severity: 'high',
      entity: { value: '192.0.2.33' },
      title: '192.0.2.33 tried one port of 120 addresses in vain in 10 minutes',
    })
    // Three calls of its ordinary day went unanswered as well.
    expect(first?.details).toMatchObject([
      { kind: 'targets', addresses: 123, ports: 3, answered: 54, unanswered: 123 },
    ])
    expect(first?.details[0]).toHaveProperty('topPorts.0', { value: '445', events: 120 })
  })

  test('names a machine that tries the ports of one', async () => {
    const scan = flows(400, morning, 1, (i) => ({
      from: '192.0.2.34',
      to: '192.0.2.5',
      port: 1 + i,
      state: 'REJ',
    }))
    const [first] = (await huntOffice([...quietFlows(1), ...scan])).findings
    expect(first?.title).toBe('192.0.2.34 tried 400 ports of one address in vain in 10 minutes')
  })

  test('leaves out what knocks from outside', async () => {
    const weather = flows(300, morning, 1, (i) => ({
      from: '203.0.113.99',
      to: `192.0.2.${1 + (i % 200)}`,
      port: 23,
      state: 'S0',
    }))
    const report = await huntOffice([...quietFlows(1), ...weather])
    expect(named(report)).not.toContain('network-scan: 203.0.113.99')
  })
})

test('network-unanswered names a machine that calls a dead address again and again', async () => {
  const calls = flows(90, morning, 130, () => ({
    from: '192.0.2.35',
    to: '203.0.113.66',
    port: 8443,
    state: 'S0',
    sent: 0,
    received: 0,
  }))
  const report = await huntOffice([...quietFlows(1), ...calls])
  expect(named(report)).toContain('network-unanswered: 192.0.2.35 → 203.0.113.66')
  const found = report.findings.find(({ detector }) => detector === 'network-unanswered')
  expect(found?.details[0]).toMatchObject({ kind: 'rhythm', medianGap: 130 })
})

describe('network-upload', () => {
  const gigabyte = (at: number): Line =>
    flowLine(at, {
      from: '192.0.2.36',
      to: '203.0.113.70',
      seconds: 600,
      sent: 900_000_000,
      received: 200_000,
    })

  test('names a machine that sends out a gigabyte', async () => {
    const report = await huntOffice([...quietFlows(3), gigabyte(2 * day + morning)])
    expect(named(report)).toContain('network-upload: 192.0.2.36 → 203.0.113.70')
  })

  test('is silent where more comes back than goes out', async () => {
    const fetches = flows(50, 2 * day + morning, 30, () => ({
      from: '192.0.2.36',
      to: '203.0.113.70',
      sent: 300,
      received: 90_000_000,
    }))
    const report = await huntOffice([...quietFlows(3), gigabyte(2 * day + morning), ...fetches])
    expect(named(report)).not.toContain('network-upload: 192.0.2.36 → 203.0.113.70')
  })

  test('is silent about the fourth night of a backup', async () => {
    const nights = [0, 1, 2, 3].map((night) => gigabyte(night * day + 3600))
    const report = await huntOffice([...quietFlows(4), ...nights], { since: '2026-03-05' })
    expect(named(report)).not.toContain('network-upload: 192.0.2.36 → 203.0.113.70')
  })
})

test('network-long-connection names a connection that lasts all day', async () => {
  const tunnel = flowLine(morning, {
    from: '192.0.2.37',
    to: '203.0.113.71',
    seconds: 30_000,
    sent: 40_000,
    received: 60_000,
  })
  const report = await huntOffice([...quietFlows(2), tunnel])
  expect(named(report)).toContain('network-long-connection: 192.0.2.37 → 203.0.113.71')
  expect(report.findings.map(({ title }) => title)).toContain(
    '192.0.2.37 kept a connection to 203.0.113.71 open for 8.3 hours',
  )
})

test('network-new-service names a machine that answers on a port it never answered on', async () => {
  const door = flows(6, 3 * day + morning, 60, () => ({ from: '192.0.2.22', to: '192.0.2.5', port: 4444 }))
  const report = await huntOffice([...quietFlows(4), ...door])
  expect(named(report)).toContain('network-new-service: 192.0.2.5 → 4444')
})

test('network-new-port names a machine that turns to a port of its own', async () => {
  const calls = flows(5, 3 * day + morning, 60, () => ({ from: '192.0.2.25', to: '203.0.113.9', port: 6667 }))
  const report = await huntOffice([...quietFlows(4), ...calls])
  expect(named(report)).toContain('network-new-port: 192.0.2.25 → 6667')
})

describe('rare-destination', () => {
  const visits = (url: string, method: string, type: string): Line[] =>
    Array.from({ length: 12 }, (_, i) =>
      proxyLine(2 * day + morning + i * 97, { client: '192.0.2.40', url, method, type, bytes: 300 }),
    )

  test('names a client that alone posts to a new site on a port of its own', async () => {
    const calls = visits('http://drop.files-hidden.example:8088/in', 'POST', 'application/x-dosexec')
    const report = await huntOffice([...quietRequests(3), ...calls])
    expect(named(report)).toContain('rare-destination: 192.0.2.40 → files-hidden.example')
  })

  test('is silent about a new site that somebody reads', async () => {
    const calls = visits('http://www.hobby-forum.example/threads', 'GET', 'text/html')
    const report = await huntOffice([...quietRequests(3), ...calls])
    expect(named(report)).not.toContain('rare-destination: 192.0.2.40 → hobby-forum.example')
  })
})

test('bare-address names a client that posts to an address without a name', async () => {
  const calls = Array.from({ length: 40 }, (_, i) =>
    proxyLine(2 * day + morning + i * 300, {
      client: '192.0.2.41',
      url: 'http://203.0.113.80:8080/gate.php',
      method: 'POST',
      bytes: 120,
    }),
  )
  const others = Array.from({ length: 60 }, (_, i) =>
    proxyLine(morning + i * 900, {
      client: `192.0.2.${20 + (i % 30)}`,
      url: `http://198.51.100.${150 + (i % 20)}/status`,
    }),
  )
  const report = await huntOffice([...quietRequests(3), ...others, ...calls])
  expect(named(report)).toContain('bare-address: 192.0.2.41 → 203.0.113.80')
})

describe('dns-tunnel', () => {
  const encoded = (i: number): string =>
    `${(i * 7_919_173_331).toString(36)}${'mzq4k7x2n0pa'.repeat(3)}${(i * 104_729).toString(36)}`

  test('names a client and the domain it carries data to, and shows the queries', async () => {
    const tunnel = Array.from({ length: 200 }, (_, i) =>
      queryLine(morning + i, '192.0.2.42', `${encoded(i)}.t.relay-host.example`, 'NULL'),
    )
    const [first] = (await huntOffice([...quietQueries(2), ...tunnel])).findings
    expect(first).toMatchObject({
      detector: 'dns-tunnel',
      severity: 'high',
      entity: { value: '192.0.2.42 → relay-host.example' },
    })
    expect(first?.details[0]).toMatchObject({
      kind: 'queries',
      queries: 200,
      names: 200,
      types: [{ type: 'NULL', queries: 200 }],
    })
  })

  test('names a slow one: a name every ten minutes', async () => {
    const drip = Array.from({ length: 60 }, (_, i) =>
      queryLine(morning + i * 600, '192.0.2.43', `${encoded(i)}.sync-clock.example`),
    )
    const report = await huntOffice([...quietQueries(2), ...drip])
    expect(named(report)).toContain('dns-tunnel: 192.0.2.43 → sync-clock.example')
  })

  test('takes one name in many spellings for one', async () => {
    const random = randomStream(31)
    const spelt = (): string =>
      Array.from('storage.region-seven.vendor-cloud', (letter) =>
        random() < 0.5 ? letter.toUpperCase() : letter,
      ).join('')
    const asks = Array.from({ length: 300 }, (_, i) =>
      queryLine(morning + i * 30, '192.0.2.45', `${spelt()}.example`),
    )
    const report = await huntOffice([...quietQueries(2), ...asks], { detectors: ['dns-tunnel'] })
    expect(named(report)).toEqual([])
  })

  test('is silent about the hashes that the antivirus of every machine asks for', async () => {
    const report = await huntOffice(quietQueries(3), { detectors: ['dns-tunnel'] })
    expect(named(report).filter((name) => name.includes('vendor.example'))).toEqual([])
  })
})

describe('dns-data-records', () => {
  const asked = (type: string, names: number): Line[] =>
    Array.from({ length: names }, (_, i) =>
      queryLine(morning + i, '192.0.2.46', `va${i}kardli.t.relay-host.example`, type),
    )

  test.each(['NULL', 'query-65399'])('names a client at its third name of type %s', async (type) => {
    const finding = 'dns-data-records: 192.0.2.46 → relay-host.example'
    expect(named(await huntOffice([...quietQueries(2), ...asked(type, 3)]))).toContain(finding)
    expect(named(await huntOffice([...quietQueries(2), ...asked(type, 2)]))).not.toContain(finding)
  })

  test('is silent about TXT records, which carry policies and keys', async () => {
    const report = await huntOffice([...quietQueries(2), ...asked('TXT', 3)], {
      detectors: ['dns-data-records'],
    })
    expect(named(report)).toEqual([])
  })
})

test('dns-rare-record-type names a client that asks for whole zones', async () => {
  const asks = Array.from({ length: 9 }, (_, i) =>
    queryLine(morning + i * 20, '192.0.2.44', `zone${i}.garden-garden.example`, 'AXFR', 'REFUSED'),
  )
  const report = await huntOffice([...quietQueries(2), ...asks])
  expect(named(report)).toContain('dns-rare-record-type: 192.0.2.44 → AXFR')
})
