import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { networkRange, privateNetworks } from '../../src/addresses/networks.ts'
import type { ParseContext } from '../../src/parse/context.ts'
import { delimited } from '../../src/parse/line.ts'
import { defineParser, type ColumnValues } from '../../src/parse/parser.ts'
import { constant, ip, text, time, type Value } from '../../src/parse/value.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

interface Derived {
  readonly address: string
  readonly domain: string
  readonly question: string
  readonly direction: string
}

type Part = (name: 'from' | 'to' | 'name' | 'question') => Value

const all = (part: Part): ColumnValues => ({
  source_ip: ip(part('from')),
  destination_ip: ip(part('to')),
  destination_domain: text(part('name')),
  dns_question_name: text(part('question')),
})

let sources = 0

/** What is derived of lines `from|to|name|question`. */
const derive = async (
  lines: readonly string[],
  context: ParseContext = goldenContext,
  columns: (part: Part) => ColumnValues = all,
): Promise<Derived[]> => {
  const parser = defineParser({
    id: 'ends',
    title: 'Ends',
    category: 'flow',
    line: delimited({ separator: '|', names: ['from', 'to', 'name', 'question'] }),
    columns: (part) => ({ timestamp: time(constant('2026-03-02T00:00:00Z'), 'iso'), ...columns(part) }),
  })
  const source = `derive ${sources++}`
  const bytes = Buffer.from(`${lines.join('\n')}\n`)
  await lab.load(source, bytes, { envelopes: [], parsers: [parser] }, context)
  return lab.engine.rows<Derived>(
    sql`SELECT destination_address AS address, destination_registered_domain AS domain, dns_question_registered_domain AS question, network_direction AS direction FROM events WHERE source = ${source} ORDER BY line_number`,
  )
}

describe('whom a client wanted to reach', () => {
  test('is the name in lower case without its last dot, else the address as people write it', async () => {
    const found = await derive([
      '192.0.2.7|198.51.100.9|WWW.Example.COM.|',
      '192.0.2.7|198.51.100.9||',
      '192.0.2.7|2001:db8::9||',
      '192.0.2.7|||',
    ])
    expect(found.map(({ address, domain }) => [address, domain])).toEqual([
      ['www.example.com', 'example.com'],
      ['198.51.100.9', ''],
      ['2001:db8::9', ''],
      ['', ''],
    ])
  })

  test('is made of what a format has: only a name, or only an address', async () => {
    const line = ['192.0.2.7|198.51.100.9|www.example.com|']
    const [named] = await derive(line, goldenContext, (part) => ({ destination_domain: part('name') }))
    expect(named).toEqual({
      address: 'www.example.com',
      domain: 'example.com',
      question: '',
      direction: '',
    })
    const [addressed] = await derive(line, goldenContext, (part) => ({ destination_ip: ip(part('to')) }))
    expect(addressed).toEqual({ address: '198.51.100.9', domain: '', question: '', direction: '' })
  })

  test('has a registered domain, and so has the name that is asked for', async () => {
    const [found] = await derive(['192.0.2.7|192.0.2.53||Deep.Sub.Example.co.uk.'])
    expect(found?.question).toBe('example.co.uk')
  })
})

describe('the direction', () => {
  test('follows from which ends are in the own networks', async () => {
    const found = await derive([
      '192.0.2.7|192.0.2.9||',
      '192.0.2.7|198.51.100.9||',
      '198.51.100.9|192.0.2.7||',
      '198.51.100.9|203.0.113.9||',
      // The edges of 192.0.2.0/24.
      '192.0.2.0|192.0.2.255||',
      '192.0.1.255|192.0.3.0||',
    ])
    expect(found.map(({ direction }) => direction)).toEqual([
      'internal',
      'outbound',
      'inbound',
      'external',
      'internal',
      'external',
    ])
  })

  test('of what goes to groups and broadcasts is internal', async () => {
    const found = await derive([
      '192.0.2.7|224.0.0.251||',
      '192.0.2.7|255.255.255.255||',
      '192.0.2.7|ff02::fb||',
    ])
    expect(found.map(({ direction }) => direction)).toEqual(['internal', 'internal', 'internal'])
  })

  test('is unknown where an end is, but a name that has no address is outside', async () => {
    const found = await derive(['192.0.2.7|||', '|198.51.100.9||', '192.0.2.7||www.example.com|'])
    expect(found.map(({ direction }) => direction)).toEqual(['', '', 'outbound'])
  })

  test('takes private networks for one’s own where none were named, IPv6 among them', async () => {
    const lines = [
      '10.1.2.3|198.51.100.9||',
      '172.31.255.255|172.32.0.0||',
      'fd00::7|2001:db8::1||',
      '::1|fe80::1||',
    ]
    const found = await derive(lines, { ...goldenContext, ownNetworks: privateNetworks })
    expect(found.map(({ direction }) => direction)).toEqual(['outbound', 'outbound', 'outbound', 'internal'])
  })

  test('is external between all where there is no own network', async () => {
    const found = await derive(['192.0.2.7|198.51.100.9||'], { ...goldenContext, ownNetworks: [] })
    expect(found.map(({ direction }) => direction)).toEqual(['external'])
  })
})

test.for([
  ['192.0.2.0/24', '0:0:0:0:0:ffff:c000:200', '0:0:0:0:0:ffff:c000:2ff'],
  ['192.0.2.77/24', '0:0:0:0:0:ffff:c000:200', '0:0:0:0:0:ffff:c000:2ff'],
  ['192.0.2.7', '0:0:0:0:0:ffff:c000:207', '0:0:0:0:0:ffff:c000:207'],
  ['2001:db8::/32', '2001:db8:0:0:0:0:0:0', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff'],
  ['::1/128', '0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1'],
])('the network %s goes from %s to %s', ([network = '', first, last]) => {
  expect(networkRange(network)).toEqual([first, last])
})

test('an IPv6 address stays whole, whatever stands in its middle', async () => {
  const [one] = await derive(['192.0.2.7|2001:db8::ffff:1||'])
  expect(one?.address).toBe('2001:db8::ffff:1')
})
