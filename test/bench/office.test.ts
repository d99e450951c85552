import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { officeAttacks } from '../../bench/generate/office-attacks.ts'
import { isWeekend, officeStartMs } from '../../bench/generate/office-times.ts'
import { attackTexts, officeChunks, type OfficeLog, type OfficeOptions } from '../../bench/generate/office.ts'
import { officePeople, shiftOf } from '../../bench/generate/office-people.ts'
import { buildWorld } from '../../bench/generate/office-world.ts'
import { zeekLogs } from '../../bench/generate/zeek-log.ts'
import { zeekLines, type ZeekLine } from '../../bench/quality/zeek-lines.ts'
import { ownNetworks } from '../../bench/generate/office-wire.ts'
import { parse } from '../../src/parse-logs.ts'

const textsOf = (options: OfficeOptions): Map<OfficeLog, string> => {
  const texts = new Map<OfficeLog, string>()
  officeChunks(options, (log, text) => texts.set(log, (texts.get(log) ?? '') + text))
  return texts
}

const small: OfficeOptions = { seed: 1, days: 1, clients: 8 }
const office = textsOf(small)
const linesOf = (log: OfficeLog, texts = office): string[] => (texts.get(log) ?? '').split('\n').slice(0, -1)
const read = (log: OfficeLog, texts = office): ZeekLine[] => zeekLines(linesOf(log, texts))
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12)

describe('an office', () => {
  it('is the same on every machine', () => {
    expect(Object.fromEntries([...office].map(([log, text]) => [log, hashOf(text)]))).toMatchInlineSnapshot(`
      {
        "conn": "4663bb190094",
        "dns": "0a581c3c0474",
        "http": "21fb02094dab",
        "proxy": "84ccd8021739",
        "queries": "7aa9c68f1443",
        "ssl": "02d0d3d8c215",
      }
    `)
  })

  it('is another one for another seed', () => {
    expect(hashOf(textsOf({ ...small, seed: 2 }).get('conn') ?? '')).not.toBe(
      hashOf(office.get('conn') ?? ''),
    )
  })

  it('writes what Zeek writes: as many values as fields, under a header, in the order of time', () => {
    for (const log of ['conn', 'dns', 'http', 'ssl'] as const) {
      const lines = linesOf(log)
      expect(lines[0]).toBe('#separator \\x09')
      expect(lines[4]).toBe(`#path\t${log}`)
      expect(lines.at(-1)).toMatch(/^#close\t2026-03-03-00-00-00$/)
      const rows = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('\t'))
      expect(rows.length).toBeGreaterThan(100)
      expect(rows.filter((row) => row.length !== zeekLogs[log].length)).toEqual([])
      expect(rows.filter((row) => row.includes(''))).toEqual([])
      const times = rows.map((row) => Number(row[0]))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
    }
  })

  it('says the same in JSON', () => {
    const options = { ...small, clients: 1 }
    const [plain, json] = [textsOf(options), textsOf({ ...options, json: true })]
    for (const log of ['conn', 'dns', 'http', 'ssl'] as const) {
      const [a, b] = [read(log, plain), read(log, json)]
      expect(b.length).toBe(a.length)
      for (const name of ['uid', 'id.orig_h', 'id.resp_h', 'id.resp_p', 'query', 'host', 'server_name'])
        expect(b.map((line) => line[name] ?? '-')).toEqual(a.map((line) => line[name] ?? '-'))
    }
  })

  it('has a connection for each look-up, request and handshake', () => {
    const connections = new Map(read('conn').map((line) => [line['uid'], line]))
    for (const log of ['http', 'ssl', 'dns'] as const) {
      const lines = read(log).filter((line) => line['query'] !== '_ipp._tcp.local')
      const lost = lines.filter((line) => {
        const connection = connections.get(line['uid'])
        return (
          connection?.['id.orig_h'] !== line['id.orig_h'] || connection?.['id.resp_p'] !== line['id.resp_p']
        )
      })
      expect(lines.length).toBeGreaterThan(100)
      expect(lost).toEqual([])
    }
  })

  it('writes what Squid and BIND write', () => {
    const squid =
      /^\d{10}\.\d{3} +\d+ 192\.0\.2\.\d+ TCP_\w+\/\d{3} \d+ (?:CONNECT|GET) \S+ - HIER_DIRECT\/[\d.]+ \S+$/
    const bind =
      /^\d\d-Mar-2026 \d\d:\d\d:\d\d\.\d{3} queries: info: client @0x\w+ 192\.0\.2\.\d+#\d+ \((\S+)\): query: \1 IN \w+ \S+ \(192\.0\.2\.2\)$/
    expect(linesOf('proxy').length).toBeGreaterThan(1000)
    expect(linesOf('proxy').filter((line) => !squid.test(line))).toEqual([])
    expect(linesOf('queries').length).toBeGreaterThan(1000)
    expect(linesOf('queries').filter((line) => !bind.test(line))).toEqual([])
  })

  it('uses addresses and names of nobody only', () => {
    const nobody =
      /^(?:192\.0\.2|198\.51\.100|203\.0\.113|198\.1[89]\.\d+)\.\d+$|^2001:db8:|^224\.0\.0\.25[12]$|^239\.255\.255\.250$/
    const ends = read('conn').flatMap((line) => [line['id.orig_h'] ?? '', line['id.resp_h'] ?? ''])
    expect(ends.filter((address) => !nobody.test(address))).toEqual([])
    const reserved =
      /(?:^|\.)(?:example|test|invalid|local|localdomain|arpa)$|(?:^|\.)example\.(?:com|net|org)$/
    const names = read('dns').map((line) => line['query'] ?? '')
    expect(names.filter((name) => name.includes('.') && !reserved.test(name))).toEqual([])
  })

  it('works by day and sleeps at night and on weekends', () => {
    const people = officePeople(90)
    const there = (day: number): number => people.filter((one) => shiftOf(1, one, day) !== null).length
    expect(there(1)).toBeGreaterThan(70)
    expect(isWeekend(5)).toBe(true)
    expect(there(5)).toBeLessThan(10)
    const hours = read('ssl')
      .filter((line) => /^192\.0\.2\.2\d$/.test(line['id.orig_h'] ?? ''))
      .map((line) => Math.floor((Number(line['ts']) - officeStartMs / 1000) / 3600))
    const between = (from: number, to: number): number =>
      hours.filter((hour) => hour >= from && hour < to).length
    expect(between(10, 14)).toBeGreaterThan(4 * between(1, 5))
  })

  it('has what misleads detectors: long random names, failing names, a scan that is monitoring, steady polls', () => {
    const queries = read('dns')
    const longNames = queries.filter((line) => /^[0-9a-f]{32}\./.test(line['query'] ?? ''))
    expect(new Set(longNames.map((line) => line['id.orig_h'])).size).toBeGreaterThan(4)
    expect(queries.filter((line) => line['rcode_name'] === 'NXDOMAIN').length).toBeGreaterThan(30)
    const watched = read('conn').filter((line) => line['id.orig_h'] === '192.0.2.6')
    expect(new Set(watched.map((line) => line['id.resp_h'])).size).toBeGreaterThan(10)
    const screens = read('ssl').filter((line) => line['server_name'] === 'screens.roomboard.example')
    expect(screens.length).toBeGreaterThan(2800)
  })

  it('knows thousands of registered domains', () => {
    const { sites, oddSites } = buildWorld(1)
    expect(new Set([...sites, ...oddSites].map((site) => site.domain)).size).toBe(4500)
  })
})

describe('the parsers', () => {
  const inFolder = async (act: (folder: string) => Promise<void>): Promise<void> => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-office-test-'))
    try {
      await act(folder)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  const notHeaders = (reason: string): boolean => !reason.includes('header')

  it('understand every line of all its logs', () =>
    inFolder(async (folder) => {
      for (const log of office.keys()) {
        const some = linesOf(log).filter((line, i) => i % 20 === 0 || line.startsWith('#'))
        writeFileSync(path.join(folder, `${log}.log`), `${some.join('\n')}\n`)
      }
      const { summary } = await parse({ paths: [folder], ownNetworks, shown: 0 })
      expect(summary.lines).toBeGreaterThan(3000)
      expect(summary.rejects.map(({ reason }) => reason).filter(notHeaders)).toEqual([])
      expect(Object.fromEntries(summary.sources.map((one) => [path.basename(one.path), one.format]))).toEqual(
        {
          'conn.log': 'zeek-tsv',
          'dns.log': 'zeek-tsv',
          'http.log': 'zeek-tsv',
          'proxy.log': 'squid-native',
          'queries.log': 'bind',
          'ssl.log': 'zeek-tsv',
        },
      )
    }))

  it("understand every line of Zeek's as JSON", () =>
    inFolder(async (folder) => {
      const [beacon] = officeAttacks(1, 3, ['192.0.2.20'])
      const texts = beacon === undefined ? [] : [...attackTexts(beacon, { seed: 1, json: true })]
      const zeek = texts.filter(([log]) => ['conn', 'dns', 'ssl'].includes(log))
      for (const [log, text] of zeek) writeFileSync(path.join(folder, `${log}.log`), text)
      const { summary } = await parse({ paths: [folder], ownNetworks, shown: 0 })
      const lines = zeek.flatMap(([, text]) => text.split('\n').slice(0, -1))
      expect([summary.parsed, summary.rejected]).toEqual([lines.length, 0])
      expect(summary.sources.map((one) => one.format)).toEqual(['zeek-json', 'zeek-json', 'zeek-json'])
    }))
})

describe('attacks on it', () => {
  const attackers = officePeople(40).map((person) => person.address)
  const attacks = officeAttacks(1, 5, attackers)

  it('each show in the logs they say they show in, and name their attacker there', () => {
    expect(attacks.length).toBe(13)
    for (const attack of attacks) {
      const texts = attackTexts(attack, small)
      const views = new Set(
        [...texts.keys()].map((log) => (log === 'proxy' || log === 'queries' ? log : 'zeek')),
      )
      expect(attack.views.filter((view) => !views.has(view))).toEqual([])
      for (const view of attack.views)
        expect(texts.get(view === 'zeek' ? 'conn' : view)).toContain(attack.attacker)
    }
  })

  it('are by different machines, and the same each time', () => {
    expect(new Set(attacks.map((attack) => attack.attacker)).size).toBeGreaterThan(8)
    const [first] = attacks
    const again = officeAttacks(1, 5, attackers)[0]
    expect(first && attackTexts(first, small)).toEqual(again && attackTexts(again, small))
  })
})
