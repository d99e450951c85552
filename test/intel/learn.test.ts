import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { fillKnown, openOutside, withKnowledge, type OutsideRequest } from '../../src/intel/learn.ts'
import { subjectsOf } from '../../src/intel/subjects.ts'
import { answerWords } from '../../src/intel/words.ts'
import type { EntityRef, Finding } from '../../src/report/report.ts'
import { insertEvents, openTestEngine } from '../features/insert-events.ts'
import { sampleFindings } from '../report/sample-findings.ts'
import { makeCertificate } from './make-certificate.ts'
import { closing, nameServer, tlsServer, whoisServer } from './servers.ts'

const all = closing()
let engine: Engine
let close: () => Promise<void>
let folder: string

beforeAll(async () => {
  ;({ engine, close } = await openTestEngine())
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-learn-'))
  await insertEvents(engine, [
    { at: 1, category: 'proxy', source_ip: '10.0.0.5', destination_address: 'c2.example.net' },
    {
      at: 2,
      category: 'flow',
      source_ip: '10.0.0.5',
      destination_ip: '203.0.113.9',
      destination_address: '203.0.113.9',
    },
  ])
})

afterEach(() => all.all())

afterAll(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, text: string): string => {
  const file = path.join(folder, name)
  writeFileSync(file, text)
  return file
}

const pair = (source: string, kind: string, destination: string, port?: number): EntityRef => ({
  kind: `source_ip → ${kind}`,
  value: `${source} → ${destination}`,
  parts: [
    { kind: 'source_ip', value: source },
    { kind, value: destination },
    ...(port === undefined ? [] : [{ kind: 'destination_port', value: String(port) }]),
  ],
})

const findingOf = (entity: EntityRef, related: Finding['related'] = []): Finding => {
  const [sample] = sampleFindings
  if (sample === undefined) throw new TypeError('no sample')
  return { ...sample, entity, related, first: '2026-03-02T10:00:00.000Z' }
}

const learn = async (finding: Finding, request: OutsideRequest) => {
  const opened = await openOutside(request)
  await fillKnown(engine, opened)
  const [known] = await withKnowledge(engine, [finding], request, opened, {})
  return known?.knowledge ?? []
}

describe('a name below a suffix at which names are given away', () => {
  it('is told apart from its giver', async () => {
    const knowledge = await learn(
      findingOf(pair('10.0.0.5', 'destination_address', 'relay.somebody.github.io')),
      {},
    )
    expect(knowledge).toEqual([
      {
        about: 'relay.somebody.github.io',
        source: 'suffix',
        label: 'suffix',
        value: 'github.io, below which anybody gets a name',
      },
    ])
  })

  it('is not any name', async () => {
    const knowledge = await learn(findingOf(pair('10.0.0.5', 'destination_address', 'c2.example.net')), {})
    expect(knowledge).toEqual([])
  })
})

describe('whom a finding is about outside', () => {
  const outside = ({ value }: { readonly value: string }): boolean => !value.startsWith('10.')
  const values = (finding: Finding): string[] => subjectsOf(finding, outside).map(({ value }) => value)

  it('is the destination first, then a source that comes from outside', () => {
    expect(values(findingOf(pair('203.0.113.1', 'destination_address', 'C2.Example.Net.')))).toEqual([
      'c2.example.net',
      '203.0.113.1',
    ])
    expect(values(findingOf(pair('10.0.0.5', 'destination_ip', '203.0.113.9')))).toEqual(['203.0.113.9'])
  })

  it('is what came along where nobody else is outside, a few of them', () => {
    const related = Array.from({ length: 9 }, (_, i) => ({ kind: 'destination_ip', value: `203.0.113.${i}` }))
    expect(values(findingOf({ kind: 'source_ip', value: '10.0.0.5' }, related))).toEqual([
      '203.0.113.0',
      '203.0.113.1',
      '203.0.113.2',
    ])
  })

  it('is not the site that a stranger attacks, nor users, hosts and lone labels', () => {
    const site = [{ kind: 'destination_domain', value: 'shop.example.com' }]
    expect(values(findingOf({ kind: 'source_ip', value: '203.0.113.1' }, site))).toEqual(['203.0.113.1'])
    expect(values(findingOf({ kind: 'user_name', value: 'www.example.com' }))).toEqual([])
    expect(values(findingOf({ kind: 'destination_address', value: 'fileserver' }))).toEqual([])
    expect(values(findingOf({ kind: 'destination_ip', value: 'fe80::1%eth0' }))).toEqual([])
  })
})

describe('what is known of a finding', () => {
  it('comes from the files a person gives, for the domain and what is above it', async () => {
    const request = {
      categories: [write('categories.csv', 'example.org,News\n')],
      reputation: [write('blocklist', 'example.net\n203.0.113.0/24\n')],
      networks: write('networks.csv', '203.0.113.0,203.0.113.255,64496,Example Ltd\n'),
    }
    expect(
      await learn(findingOf(pair('10.0.0.5', 'destination_address', 'c2.example.net')), request),
    ).toEqual([
      { about: 'c2.example.net', source: 'reputation', label: 'listed as', value: 'blocklist' },
      { about: 'c2.example.net', source: 'category', label: 'category', value: 'uncategorised' },
    ])
    expect(await learn(findingOf(pair('10.0.0.5', 'destination_ip', '203.0.113.9')), request)).toEqual([
      { about: '203.0.113.9', source: 'reputation', label: 'listed as', value: 'blocklist' },
      { about: '203.0.113.9', source: 'network', label: 'network', value: 'AS64496 Example Ltd' },
    ])
  })

  it('does not call a name of the inside uncategorised', async () => {
    const request = { categories: [write('categories.txt', 'example.org\n')] }
    expect(await learn(findingOf({ kind: 'destination_address', value: 'wiki.corp' }), request)).toEqual([])
  })

  it('has the country of a public address, and of no other', async () => {
    // A registry's own address, as it publishes it.
    expect(await learn(findingOf(pair('10.0.0.5', 'destination_ip', '193.0.6.139')), {})).toEqual([
      { about: '193.0.6.139', source: 'country', label: 'country', value: 'Netherlands (NL)' },
    ])
    expect(await learn(findingOf(pair('10.0.0.5', 'destination_ip', '203.0.113.9')), {})).toEqual([])
    const own = { ownNetworks: ['193.0.0.0/16'] }
    expect(await learn(findingOf(pair('10.0.0.5', 'destination_ip', '193.0.6.139')), own)).toEqual([])
  })

  it('has nothing of those who were not asked, and of those who were what they said or why they did not', async () => {
    const dns = await nameServer(all, { 'A c2.example.net': ['127.0.0.1'] })
    const tls = await tlsServer(all, makeCertificate({ commonName: 'c2.example.net' }))
    const root = await whoisServer(all, () => 'nothing of the kind\r\n')
    const finding = findingOf(pair('10.0.0.5', 'destination_address', 'c2.example.net', tls.port))
    const lookUpSettings = {
      outside: { permitsAddress: () => true, permitsName: () => true, nameServers: [dns.address] },
      rdapBase: 'http://127.0.0.1:9/',
      whois: { host: '127.0.0.1', port: root.port },
    }
    expect(await learn(finding, { lookUpSettings })).toEqual([])
    expect([...dns.heard, ...root.heard, ...tls.names]).toEqual([])

    const about = 'c2.example.net'
    expect(await learn(finding, { lookUps: true, lookUpSettings })).toEqual([
      { about, source: 'certificate', label: `certificate at port ${tls.port} for`, value: about },
      { about, source: 'certificate', label: 'issued by', value: 'itself' },
      { about, source: 'certificate', label: 'valid', value: 'from 2026-01-01 to 2126-01-01' },
      {
        about,
        source: 'registration',
        label: 'not learned',
        value: 'RDAP: the connection was refused; WHOIS: it is not known who registers such names',
      },
    ])
    expect(root.heard).toEqual(['example.net'])
    const some = await learn(finding, { lookUps: ['certificate'], lookUpSettings })
    expect(new Set(some.map(({ source }) => source))).toEqual(new Set(['certificate']))
  })
})

describe('the words for a registration', () => {
  const first = '2026-03-02T10:00:00.000Z'
  it.each([
    ['2026-02-27', '2026-02-27, 3 days before'],
    ['2026-03-01', '2026-03-01, 1 day before'],
    ['2026-03-02', '2026-03-02, the same day'],
    ['2026-03-05', '2026-03-05, after this'],
    ['2001-03-05', '2001-03-05, 24 years before'],
  ])('count the age from the finding: %s', (registeredOn, value) => {
    const answer = { kind: 'registration', of: 'example.net', registration: { registeredOn } } as const
    expect(answerWords(answer, 'c2.example.net', first)).toEqual([
      { source: 'registration', label: 'example.net registered on', value },
    ])
  })
})
