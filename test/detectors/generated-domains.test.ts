import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { hunt } from '../../src/hunt.ts'
import { randomStream } from '../../src/models/random.ts'
import { huntOffice, queryLine, quietQueries } from './network-story.ts'
import type { Line } from './story.ts'

const detectors = ['dns-generated-domains', 'dns-generated-domain-bursts']
const infected = '192.0.2.33'
const morning = 9 * 3600

/** Names of so many drawn letters, always the same ones. */
const drawn = (count: number, length: number, seed = 4): string[] => {
  const random = randomStream(seed)
  const letter = (): string => 'abcdefghijklmnopqrstuvwxyz'[Math.floor(random() * 26)] ?? ''
  return Array.from({ length: count }, () => `${Array.from({ length }, letter).join('')}.example`)
}

const burst = (names: readonly string[], from: string, start: number, rcode = 'NXDOMAIN'): Line[] =>
  names.map((name, i) => queryLine(start + i * 5, from, name, 'A', rcode))

describe('dns-generated-domain-bursts', () => {
  test('names a machine that goes through a list of made-up names, once, as high', async () => {
    const lines = [...quietQueries(2), ...burst(drawn(40, 12), infected, 86_400 + morning)]
    const report = await huntOffice(lines, { detectors })
    const found = report.findings.filter(({ detector }) => detector === 'dns-generated-domain-bursts')
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ severity: 'high', entity: { value: infected }, attack: ['T1568.002'] })
    expect(found[0]?.title).toContain('40 names in 10 minutes that look generated')
    expect(found[0]?.evidence.lines[0]).toContain('NXDOMAIN')
  })

  test('finds six as well, where no answers are logged', async () => {
    const lines = [...quietQueries(2), ...burst(drawn(6, 11), infected, 86_400 + morning, '')]
    const report = await huntOffice(lines, { detectors: ['dns-generated-domain-bursts'] })
    expect(report.findings.map(({ entity }) => entity.value)).toEqual([infected])
  })

  test('is silent about misspelt names, reverse zones, local names and names of one label', async () => {
    const misspelt = ['wikipeda', 'gardne', 'kitchne', 'wether', 'musci', 'travle', 'photso'].map(
      (name) => `${name}.example`,
    )
    const reverse = Array.from({ length: 40 }, (_, i) => `${i}.2.0.192.in-addr.arpa`)
    const local = drawn(40, 12, 5).map((name) => name.replace('.example', '.localdomain'))
    const lone = drawn(40, 12, 6).map((name) => name.replace('.example', ''))
    const lines = [
      ...quietQueries(2),
      ...burst([...misspelt, ...reverse, ...local, ...lone], infected, 86_400 + morning),
    ]
    const report = await huntOffice(lines, { detectors })
    expect(report.findings.map(({ title }) => title)).toEqual([])
  })
})

describe('dns-generated-domains', () => {
  test('names the one made-up name that answers', async () => {
    const [name = ''] = drawn(1, 16, 9)
    const contact = [0, 60, 120].map((at) => queryLine(86_400 + morning + at, infected, name))
    const report = await huntOffice([...quietQueries(2), ...contact], {
      detectors: ['dns-generated-domains'],
    })
    expect(report.findings.map(({ entity }) => entity.value)).toEqual([`${infected} → ${name}`])
    expect(report.findings[0]?.title).toContain('a new name that looks generated')
  })

  test('is silent about a made-up name that many machines ask for', async () => {
    const [name = ''] = drawn(1, 16, 9)
    const many = Array.from({ length: 12 }, (_, i) =>
      queryLine(86_400 + morning + i, `192.0.2.${20 + i}`, name),
    )
    const report = await huntOffice([...quietQueries(2), ...many], { detectors: ['dns-generated-domains'] })
    expect(report.findings.map(({ title }) => title)).toEqual([])
  })
})

describe('a quiet network', () => {
  test('has no generated names in three days of queries', async () => {
    const report = await huntOffice(quietQueries(3), { detectors })
    expect(report.findings.map(({ title }) => title)).toEqual([])
  })
})

const shared = path.resolve('..', 'shared', 'data')
const simda = path.join(shared, 'copyleft', 'zeek', '005-zeek-scenario-malicious', 'dns.log')
const competition = path.join(shared, 'flows', 'wrccdc-zeek', 'dns.log.gz')

describe('real captures', () => {
  test.skipIf(!existsSync(simda))('have the machine with Simda first', async () => {
    const report = await hunt({ paths: [simda], format: 'zeek-tsv', threads: 2 })
    const [first] = report.findings
    expect(first).toMatchObject({ detector: 'dns-generated-domain-bursts', severity: 'high' })
    expect(first?.entity.value).toBe('fd77:48a1:c0bb:0:b96c:506d:6c7f:e8be')
  })

  test.skipIf(!existsSync(competition))('of a noisy competition hardly name anybody', async () => {
    const report = await hunt({ paths: [competition], format: 'zeek-tsv', threads: 2, detectors })
    expect(report.findings.length).toBeLessThanOrEqual(1)
  })
})
