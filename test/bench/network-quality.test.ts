import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { flowNetwork, generateFlows, writeFlows } from '../../bench/generate/zeek-flows.ts'
import { zeekHeader, zeekJson, zeekTsv, type ZeekRecord } from '../../bench/generate/zeek-log.ts'
import { labelledFiles, labelsOf, readMalicious } from '../../bench/quality/labelled.ts'
import { isAbout, namesIn, placeOf } from '../../bench/quality/named.ts'
import { captureFiles, captureFolders, infectedIn } from '../../bench/quality/zeek.ts'
import { readZeek, sourcesOf, zeekLines } from '../../bench/quality/zeek-lines.ts'
import { speedRow } from '../../bench/speed-rows.ts'

const finding = {
  rank: 3,
  detector: 'beacon',
  severity: 'high',
  entity: {
    kind: 'address',
    value: '192.0.2.9 → example.com',
    parts: [
      { kind: 'address', value: '192.0.2.9' },
      { kind: 'domain', value: 'example.com' },
    ],
  },
  related: [{ kind: 'address', value: '198.51.100.7' }],
  title: 'it calls',
} as const

describe('findings', () => {
  it('are about their parts, and about hosts below a domain that is one', () => {
    expect(isAbout(finding, '192.0.2.9')).toBe(true)
    expect(isAbout(finding, 'www.example.com')).toBe(true)
    expect(isAbout(finding, 'badexample.com')).toBe(false)
    expect(isAbout(finding, '192.0.2.91')).toBe(false)
  })

  it('name what they mention without being about it', () => {
    expect(namesIn(finding)).toContain('198.51.100.7')
    expect(isAbout(finding, '198.51.100.7')).toBe(false)
  })

  it('have a place, and none where there are none', () => {
    expect(placeOf(finding)).toEqual({ rank: 3, detector: 'beacon', severity: 'high', title: 'it calls' })
    expect(placeOf(undefined).rank).toBeNull()
  })
})

describe('labels', () => {
  it('tell who talks to whom, and which hosts are polled and harmless', () => {
    const labels = readMalicious({
      malicious: [
        { src: '192.0.2.9', dest: 'www.example.com', what: 'beacon' },
        { src: '192.0.2.8', domain: 'example.net' },
      ],
      known_benign_periodic: ['www.example.org every 300 s from several hosts'],
    })
    expect(labels.malicious.map(({ source, target }) => [source, target])).toEqual([
      ['192.0.2.9', 'www.example.com'],
      ['192.0.2.8', 'example.net'],
    ])
    expect(labels.benignPolled).toEqual(['www.example.org'])
    expect(readMalicious('nothing')).toEqual({ malicious: [], benignPolled: [] })
  })
})

const header = ['#path\tconn', '#fields\tts\tid.orig_h\tid.resp_p\tproto\tlocal_orig\tlabel']
const row = (source: string, port: number, local: string, label: string): string =>
  ['1.0', source, port, 'tcp', local, label].join('\t')

describe('captures', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-captures-'))
  const write = (name: string, lines: readonly string[]): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`)
  }
  beforeAll(() => {
    write('901-inside/conn.log', [...header, row('192.0.2.9', 80, 'T', '-')])
    write('901-inside/labeled-conn.log', [
      ...header,
      row('192.0.2.9', 80, 'T', 'Malicious'),
      row('192.0.2.9', 80, 'T', 'Malicious'),
      row('192.0.2.8', 80, 'T', 'Benign'),
    ])
    write('902-outside/data/conn.log.labeled', [...header, row('198.51.100.9', 23, 'F', 'Malicious')])
    write('003-port/conn.log', [...header, row('192.0.2.7', 1337, 'T', '-'), row('192.0.2.6', 80, 'T', '-')])
    write('labels/x.jsonl', ['{}'])
    write('labels/x.labels.json', ['{"malicious":[{"src":"192.0.2.9","domain":"example.com"}]}'])
    write('labels/y.jsonl', ['{}'])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are found by their logs, and what is there twice is read once', () => {
    expect(captureFolders(folder).map((place) => path.basename(place))).toEqual([
      '003-port',
      '901-inside',
      '902-outside',
    ])
    const inside = captureFiles(path.join(folder, '901-inside'))
    expect(inside.logs.map((file) => path.basename(file))).toEqual(['conn.log'])
    const outside = captureFiles(path.join(folder, '902-outside'))
    expect(outside.logs.map((file) => path.basename(file))).toEqual(['conn.log.labeled'])
  })

  it('tell the infected by their labels, and whether these only say that it came in', () => {
    expect(infectedIn(path.join(folder, '901-inside'))).toEqual({
      hosts: [{ host: '192.0.2.9', flows: 2 }],
      inbound: false,
    })
    expect(infectedIn(path.join(folder, '902-outside')).inbound).toBe(true)
  })

  it('tell the infected by what is known of the capture, where there are no labels', () => {
    expect(infectedIn(path.join(folder, '003-port')).hosts).toEqual([{ host: '192.0.2.7', flows: 1 }])
  })

  it('need a labels file where labels are looked for', () => {
    const files = labelledFiles(path.join(folder, 'labels'))
    expect(files.map((file) => path.basename(file))).toEqual(['x.jsonl'])
    expect(files.map((file) => labelsOf(file).malicious[0]?.target)).toEqual(['example.com'])
  })
})

const record: ZeekRecord = {
  ts: 1_772_496_000.25,
  uid: 'C1',
  'id.orig_h': '192.0.2.9',
  'id.orig_p': 40_000,
  'id.resp_h': '2001:db8::1',
  'id.resp_p': 53,
  proto: 'udp',
  query: 'a\tb\\c.example.com',
  answers: ['x,y', '198.51.100.1'],
  TTLs: [60, 300],
  rejected: false,
}

describe("Zeek's logs", () => {
  it('escape what would break a line, and separate the values of a list', () => {
    const values = zeekTsv('dns', record).split('\t')
    const names = zeekHeader('dns', 0).split('\n')[6]?.split('\t').slice(1) ?? []
    const value = (name: string): string | undefined => values[names.indexOf(name)]
    expect(value('ts')).toBe('1772496000.250000')
    expect(value('query')).toBe('a\\x09b\\x5cc.example.com')
    expect(value('answers')).toBe('x\\x2cy,198.51.100.1')
    expect(value('TTLs')).toBe('60.000000,300.000000')
    expect(value('rtt')).toBe('-')
    expect(value('rejected')).toBe('F')
  })

  it('have dotted names in JSON, and nothing for what is unset', () => {
    expect(JSON.parse(zeekJson('dns', record))).toEqual({ ...record })
  })

  it('are read back by name', () => {
    const lines = [
      ...zeekHeader('dns', 0).trimEnd().split('\n'),
      zeekTsv('dns', record),
      zeekJson('dns', record),
    ]
    expect(zeekLines(lines).map((line) => [line['uid'], line['id.resp_h']])).toEqual([
      ['C1', '2001:db8::1'],
      ['C1', '2001:db8::1'],
    ])
  })
})

describe('generated connections', () => {
  it('are as many as were asked for, from many clients of one network to destinations few of which are busy', () => {
    const sources = new Map<string, number>()
    const servers = new Map<string, number>()
    let lines = 0
    generateFlows({ lines: 20_000, seed: 1, json: false, hours: 1 }, (flow) => {
      lines++
      const [client, server] = [String(flow['id.orig_h']), String(flow['id.resp_h'])]
      sources.set(client, (sources.get(client) ?? 0) + 1)
      servers.set(server, (servers.get(server) ?? 0) + 1)
    })
    expect(lines).toBe(20_000)
    expect(sources.size).toBeGreaterThan(2000)
    expect([...sources.keys()].filter((client) => !client.startsWith(flowNetwork.slice(0, 7)))).toEqual([])
    const busiest = [...servers.values()].toSorted((a, b) => b - a)
    expect(busiest.length).toBeGreaterThan(2000)
    expect(busiest.slice(0, 100).reduce((a, b) => a + b, 0)).toBeGreaterThan(8000)
  })

  it('are written whole, in either format', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-flows-'))
    try {
      const uids = [false, true].map((json) => {
        const file = path.join(folder, `${json}.log`)
        writeFlows(file, { lines: 500, seed: 3, json })
        return readZeek(file).map((line) => line['uid'])
      })
      expect(uids[0]?.length).toBe(500)
      expect(uids[1]).toEqual(uids[0])
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('speed', () => {
  it('is told by the median run, and memory by the worst', () => {
    const run = (seconds: number, peakBytes: number | null) => ({
      seconds,
      peakBytes,
      processorSeconds: 2,
      stdout: '',
    })
    const facts = { lines: 1000, bytes: 5_000_000, target: 500 }
    expect(speedRow('x', facts, [run(4, 10), run(2, 30), run(1, null)])).toMatchObject({
      linesPerSecond: 500,
      peakBytes: 30,
      processorSeconds: 2,
    })
  })
})

it('reads labels that were put behind a line with blanks', () => {
  const lines = [
    '#fields\tid.orig_h\ttunnel_parents   label   detailed-label',
    '192.0.2.1\t(empty)   Malicious   C&C',
  ]
  expect(zeekLines(lines)).toEqual([
    { 'id.orig_h': '192.0.2.1', tunnel_parents: '(empty)', label: 'Malicious', 'detailed-label': 'C&C' },
  ])
})

it('counts who began the lines that hold, the busiest first', () => {
  const lines = zeekLines([
    ...header,
    row('192.0.2.1', 80, 'T', 'a'),
    row('192.0.2.2', 80, 'T', 'a'),
    row('192.0.2.2', 81, 'T', 'a'),
  ])
  expect(sourcesOf(lines, () => true)).toEqual([
    { host: '192.0.2.2', flows: 2 },
    { host: '192.0.2.1', flows: 1 },
  ])
  expect(sourcesOf(lines, (line) => line['id.resp_p'] === '81')).toEqual([{ host: '192.0.2.2', flows: 1 }])
})
