import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { isCategorised, isListed, isUncategorised } from '../../src/features/known-destinations.ts'
import {
  dropKnownDestinations,
  fillKnownDestinations,
  openList,
  type ListFile,
} from '../../src/intel/lists.ts'
import { networksOf, openNetworks } from '../../src/intel/networks.ts'
import type { ListSummary } from '../../src/report/report.ts'
import { sql } from '../../src/sql/sql.ts'
import { insertEvents, openTestEngine } from '../features/insert-events.ts'

let engine: Engine
let close: () => Promise<void>
let folder: string

const logged = [
  'example.com',
  'www.shop.example.com',
  'ads.example.net',
  'deep.bad.example.org',
  'evil-example.org',
  '192.0.2.7',
  '192.0.3.7',
  '2001:db8::5',
]

beforeAll(async () => {
  const opened = await openTestEngine()
  ;({ engine, close } = opened)
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-lists-'))
  await insertEvents(
    engine,
    logged.map((value, at) => ({ at, category: 'proxy', destination_address: value })),
  )
  await insertEvents(engine, [
    { at: 100, category: 'dns', dns_question_name: 'T.Tunnel.Example.COM.', source_ip: '198.51.100.9' },
  ])
})

afterAll(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, content: string | Buffer): string => {
  const file = path.join(folder, name)
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

interface Known {
  readonly value: string
  readonly categorised: number
  readonly category: string
  readonly listed: number
  readonly listed_as: string
}

const known = async (
  ...files: readonly (readonly [ListFile['kind'], string])[]
): Promise<{ summaries: ListSummary[]; rows: readonly Known[] }> => {
  const lists: ListFile[] = []
  for (const [kind, file] of files) lists.push(await openList(kind, file))
  const summaries = await fillKnownDestinations(engine, lists)
  const rows = await engine.rows<Known>(sql`SELECT * FROM known_destinations ORDER BY value`)
  return { summaries, rows }
}

const categories = async (content: string | Buffer, name = 'list.txt'): Promise<Record<string, string>> => {
  const { rows } = await known(['categories', write(name, content)])
  return Object.fromEntries(rows.filter((row) => row.value !== '').map((row) => [row.value, row.category]))
}

describe('a file of categories', () => {
  it('may have a domain a line, which covers what is below it, and is named by its file', async () => {
    const content = '# shops\n\nExample.COM.\n*.ads.example.net\n.example.org # note\nexample.org\n'
    expect(await categories(content, 'shopping.txt.gz')).toEqual({
      'ads.example.net': 'shopping',
      'deep.bad.example.org': 'shopping',
      'example.com': 'shopping',
      't.tunnel.example.com': 'shopping',
      'www.shop.example.com': 'shopping',
    })
  })

  it('is named by its folder where its name says nothing', async () => {
    expect(await categories('example.com\n', 'gambling/domains')).toMatchObject({ 'example.com': 'gambling' })
  })

  it('may be packed with gzip, have a byte order mark and lines that end in CRLF', async () => {
    const packed = gzipSync('\ufeffexample.com\r\nads.example.net\r\n')
    expect(Object.keys(await categories(packed))).toEqual([
      'ads.example.net',
      'example.com',
      't.tunnel.example.com',
      'www.shop.example.com',
    ])
  })

  it('may be CSV without a header; the most precise entry counts', async () => {
    const content = 'example.com,News,x\nshop.example.com,"Shopping, online",y\nads.example.net,Ads\n'
    expect(await categories(content)).toEqual({
      'ads.example.net': 'Ads',
      'example.com': 'News',
      't.tunnel.example.com': 'News',
      'www.shop.example.com': 'Shopping, online',
    })
  })

  it('may be CSV with a header that names the columns, whatever their order', async () => {
    const content = 'id;category;domain\n1;News;example.com\n2;Ads;ads.example.net\n'
    expect(await categories(content)).toMatchObject({ 'example.com': 'News', 'ads.example.net': 'Ads' })
  })

  it('may be in the hosts format, and the names every such file has are no entries', async () => {
    const content =
      '127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 0.0.0.0\n0.0.0.0 ads.example.net shop.example.com # two\n'
    const { summaries, rows } = await known(['categories', write('hosts', content)])
    expect(rows.map((row) => row.value)).toEqual(['', 'ads.example.net', 'www.shop.example.com'])
    expect(summaries).toMatchObject([{ entries: 2, bad: 0 }])
  })
})

describe('a file of reputation', () => {
  it('may have addresses and networks of both kinds beside domains', async () => {
    const content = '192.0.2.0/24\n2001:db8::/126\n2001:db8::4/126\n198.51.100.9\nbad.example.org\n'
    const { rows } = await known(['reputation', write('blocklist.txt', content)])
    expect(rows.map((row) => [row.value, row.listed, row.listed_as, row.categorised])).toEqual([
      ['192.0.2.7', 1, 'blocklist', 0],
      ['198.51.100.9', 1, 'blocklist', 0],
      ['2001:db8::5', 1, 'blocklist', 0],
      ['deep.bad.example.org', 1, 'blocklist', 0],
    ])
  })

  it('says what it says of the most precise entry', async () => {
    const content = 'network,threat,note\n192.0.0.0/16,scanner,wide\n192.0.2.7/32,botnet,c2 server\n'
    const { rows } = await known(['reputation', write('c2.csv', content)])
    expect(rows.map((row) => [row.value, row.listed_as])).toEqual([
      ['192.0.2.7', 'botnet: c2 server'],
      ['192.0.3.7', 'scanner: wide'],
    ])
  })
})

describe('lines that are not understood', () => {
  it('are counted and told, and the others count', async () => {
    const content =
      'example.com\nnot a domain!\n192.0.2.0/33\n0.0.0.0/0\ncom\nads.example.net\na.example.com\nb.example.com\n'
    const { summaries } = await known(['categories', write('some-bad', content)])
    expect(summaries).toMatchObject([{ kind: 'categories', entries: 4, bad: 4, firstBad: 2 }])
  })
})

describe('a file that is no list', () => {
  it.each([
    ['an Adblock list', '[Adblock Plus 2.0]\n! Title: x\n||ads.example.net^\n@@||example.com^\n', /Adblock/],
    ['prose', 'This is a text.\nIt says nothing of domains.\n', /expected a domain.*“This is a text\.”/],
    ['JSON', '{\n  "domains": [\n    "example.com"\n  ]\n}\n', /expected a domain/],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), /seems to be a program/],
    ['a ZIP archive', Buffer.from('504b0304140000000800', 'hex'), /ZIP archive/],
    ['URLs', 'http://example.com/a\nhttps://example.net/b\n', /expected a domain/],
  ])('is refused: %s', async (_, content, problem) => {
    await expect(openList('reputation', write('wrong', content))).rejects.toMatchObject({
      code: 'invalid-list',
      message: expect.stringMatching(problem),
    })
  })

  it('is refused where it is not there or a folder', async () => {
    await expect(openList('categories', path.join(folder, 'none'))).rejects.toMatchObject({
      code: 'invalid-list',
    })
    await expect(openList('categories', folder)).rejects.toMatchObject({ code: 'invalid-list' })
  })
})

describe('what detectors may ask', () => {
  const facts = async (): Promise<Record<string, number[]>> => {
    const value = sql`destination_address`
    const rows = await engine.rows<{ value: string; facts: number[] }>(
      sql`SELECT ${value} AS value, [${isCategorised(value)}, ${isUncategorised(value)}, ${isListed(value)}] AS facts FROM events WHERE category = 'proxy' OR category = 'dns'`,
    )
    return Object.fromEntries(rows.map((row) => [row.value, row.facts]))
  }

  it('is which destinations are categorised, uncategorised and listed', async () => {
    await known(
      ['categories', write('c', 'example.com\n')],
      ['reputation', write('r', 'bad.example.org\n192.0.2.0/24\n')],
    )
    expect(await facts()).toEqual({
      '': [1, 0, 0],
      'example.com': [1, 0, 0],
      'www.shop.example.com': [1, 0, 0],
      'ads.example.net': [0, 1, 0],
      'deep.bad.example.org': [0, 1, 1],
      'evil-example.org': [0, 1, 0],
      '192.0.2.7': [0, 1, 1],
      '192.0.3.7': [0, 1, 0],
      '2001:db8::5': [0, 1, 0],
    })
  })

  it('says nothing is uncategorised where no categories were given', async () => {
    await known()
    expect(new Set(Object.values(await facts()).flat())).toEqual(new Set([0]))
    await dropKnownDestinations(engine)
  })
})

describe('a file of networks', () => {
  const wanted = ['192.0.2.7', '198.51.100.1', '2001:db8::1']

  it.each([
    [
      'first, last, number, name',
      '192.0.2.0,192.0.2.255,64496,"Example, Ltd"\n2001:db8::,2001:db8::ffff,64497,Other\n192.0.0.0,192.0.255.255,1,Wide\n',
      { '192.0.2.7': 'AS64496 Example, Ltd', '2001:db8::1': 'AS64497 Other' },
    ],
    [
      'the form of iptoasn.com',
      '192.0.2.0\t192.0.2.255\t64496\tDE\tEXAMPLE Ltd\n198.51.100.0\t198.51.100.255\t0\tNone\tNot routed\n',
      { '192.0.2.7': 'AS64496 EXAMPLE Ltd' },
    ],
    [
      'network and number',
      '192.0.2.0/24,AS64496,Example Ltd\n2001:db8::/32,AS64497,Other\n',
      { '192.0.2.7': 'AS64496 Example Ltd', '2001:db8::1': 'AS64497 Other' },
    ],
  ])('may have lines of %s', async (_, content, found) => {
    const file = await openNetworks(write('networks', content))
    expect(Object.fromEntries(await networksOf(engine, file, wanted))).toEqual(found)
  })

  it('is refused where it is something else', async () => {
    await expect(openNetworks(write('not-networks', 'example.com\n'))).rejects.toMatchObject({
      code: 'invalid-list',
      message: expect.stringContaining('first address, last address'),
    })
  })
})
