import { describe, expect, it } from 'vitest'
import {
  profileClients,
  quietFullDays,
  readAccessLine,
  type AccessLine,
} from '../../bench/quality/access-log.ts'
import { bruteForce, countLogins, spray, timeOfLine } from '../../bench/quality/auth-log.ts'
import { attackerAddress, attackLines } from '../../bench/quality/injected.ts'
import { evidentlyHostile, kindOf, readLabels } from '../../bench/quality/labels.ts'
import { mergeByTime } from '../../bench/quality/log-files.ts'
import { precisionOf, thresholdAt } from '../../bench/quality/precision.ts'
import { buildSite } from '../../bench/generate/site.ts'
import { withSection } from '../../bench/results.ts'
import { highWaterMark, processorTime } from '../../bench/run-measured.ts'
import { median, table } from '../../bench/table.ts'

const profile = { requests: 10, refused: 0, paths: 5, agents: 1, agent: 'Mozilla/5.0' }

const labels = readLabels({
  malicious_clients: [{ src: '192.0.2.1', waf_blocked: 2, lines: 3 }],
  declared_bots: { '192.0.2.2': [5, 5], '192.0.2.3': [9, 9] },
  scraper: { '2026-01-02': 'copy-machine client(s), see declared_bots' },
})

describe('labels', () => {
  it('tell the blocked, the bots and the scraper apart', () => {
    expect(kindOf(labels, '192.0.2.1', profile)).toBe('blocked')
    expect(kindOf(labels, '192.0.2.2', profile)).toBe('bot')
    expect(kindOf(labels, '192.0.2.3', { ...profile, agent: 'copy-machine/2.1' })).toBe('scraper')
    expect(kindOf(labels, '192.0.2.4', profile)).toBe('unlabelled')
  })

  it('are empty where a file says nothing', () => {
    expect(kindOf(readLabels(null), '192.0.2.1', profile)).toBe('unlabelled')
    expect(kindOf(readLabels({ declared_bots: [] }), '192.0.2.1', profile)).toBe('unlabelled')
  })

  it('call hostile by deed whoever was mostly refused', () => {
    expect(evidentlyHostile({ ...profile, refused: 6 })).toBe(true)
    expect(evidentlyHostile({ ...profile, refused: 5 })).toBe(false)
    expect(evidentlyHostile({ ...profile, requests: 2, refused: 2 })).toBe(false)
  })
})

describe('precision', () => {
  it('counts each definition in the ones above it', () => {
    const precision = precisionOf([
      { kind: 'blocked', evident: false },
      { kind: 'unlabelled', evident: true },
      { kind: 'bot', evident: false },
      { kind: 'unlabelled', evident: false },
    ])
    expect(precision).toEqual({ findings: 4, hostile: 0.25, evident: 0.5, notPeople: 0.75, unlabelled: 0.5 })
  })

  it('sets the threshold that lets no more than the allowed through', () => {
    const others = [5, 1, 4, 4, 3]
    expect(others.filter((score) => score > thresholdAt(others, 1)).length).toBe(1)
    expect(others.filter((score) => score > thresholdAt(others, 2)).length).toBe(1)
    expect(thresholdAt(others, 3.7)).toBe(3)
    expect(thresholdAt(others, 9)).toBe(Number.NEGATIVE_INFINITY)
  })
})

const request = (time: string, client: string, target: string, status: number): string =>
  `${client} - - [${time} +0100] "GET ${target} HTTP/1.1" ${status} 12 "-" "Mozilla/5.0"`

describe('access logs', () => {
  it('are read with their zone, and what is no request is not', () => {
    const line = readAccessLine(request('02/Mar/2026:01:00:00', '192.0.2.9', '/a?b=1', 404))
    expect(line).toMatchObject({ client: '192.0.2.9', target: '/a?b=1', status: 404 })
    expect(line?.timeMs).toBe(Date.UTC(2026, 2, 2))
    expect(readAccessLine('no request')).toBeNull()
  })

  it('are summed up by client', () => {
    const lines = [
      request('02/Mar/2026:01:00:00', '192.0.2.9', '/a?b=1', 404),
      request('02/Mar/2026:01:00:01', '192.0.2.9', '/a?b=2', 200),
    ].flatMap((text) => readAccessLine(text) ?? [])
    expect(profileClients(lines).get('192.0.2.9')).toEqual({
      requests: 2,
      refused: 1,
      paths: 1,
      agents: 1,
      agent: 'Mozilla/5.0',
    })
  })

  it('have quiet days, of which the half ones do not count', () => {
    const day = (start: number, hours: number, aDay: number): Pick<AccessLine, 'timeMs'>[] =>
      Array.from({ length: aDay }, (_, i) => ({ timeMs: start + (i % hours) * 3_600_000 }))
    const [busy, quiet, half] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 2), Date.UTC(2026, 0, 3)]
    const times = [...day(busy, 24, 90), ...day(quiet, 24, 48), ...day(half, 6, 12)]
    const lines = times.map((time) => ({
      ...time,
      text: '',
      client: '',
      method: '',
      target: '',
      status: 200,
      agent: '',
    }))
    expect(quietFullDays(lines)).toEqual([quiet, busy])
  })
})

describe('injection', () => {
  it('puts lines where they belong and leaves the order of the log alone', () => {
    const log = [10, 30, 20, 40].map((timeMs) => ({ timeMs, text: `log ${timeMs}` }))
    const injected = [25, 5, 50].map((timeMs) => ({ timeMs, text: `new ${timeMs}` }))
    expect(mergeByTime(log, injected)).toEqual([
      'new 5',
      'log 10',
      'new 25',
      'log 30',
      'log 20',
      'log 40',
      'new 50',
    ])
  })

  it('keeps to five requests a minute, from one address, within its hours', () => {
    const startMs = Date.UTC(2026, 2, 3, 10)
    const site = buildSite(7, 500)
    for (const kind of ['scanner', 'scraper'] as const) {
      const lines = attackLines({ kind, startMs, minutes: 180, gapS: 12, seed: 4 }, site)
      expect(lines.length).toBeGreaterThan(700)
      expect(lines.length).toBeLessThanOrEqual(900)
      expect(lines.every(({ timeMs }) => timeMs >= startMs && timeMs < startMs + 180 * 60_000)).toBe(true)
      const read = lines.map(({ text }) => readAccessLine(text))
      expect(new Set(read.map((line) => line?.client))).toEqual(new Set([attackerAddress]))
      expect(read.map((line) => line?.timeMs)).toEqual(lines.map(({ timeMs }) => timeMs))
    }
  })

  it('lets a scanner ask for what is not there and a scraper for what is', () => {
    const attack = { startMs: Date.UTC(2026, 2, 3), minutes: 60, gapS: 12, seed: 4 }
    const site = buildSite(7, 500)
    const statuses = (kind: 'scanner' | 'scraper') =>
      attackLines({ ...attack, kind }, site).map(({ text }) => readAccessLine(text)?.status ?? 0)
    expect(Math.min(...statuses('scanner'))).toBeGreaterThanOrEqual(400)
    expect(new Set(statuses('scraper'))).toEqual(new Set([200]))
  })
})

describe('login logs', () => {
  it('are counted with what they repeat', () => {
    const counts = countLogins([
      'Mar  2 10:00:00 web1 sshd[9]: Failed password for root from 192.0.2.7 port 4000 ssh2',
      'Mar  2 10:00:01 web1 sshd[9]: message repeated 5 times: [ Failed password for root from 192.0.2.7 port 4000 ssh2]',
      'Mar  2 10:00:02 web1 sshd[9]: Failed password for invalid user a b from 192.0.2.7 port 4000 ssh2',
      'Mar  2 10:00:03 web1 sshd[9]: Accepted publickey for ann from 192.0.2.8 port 4000 ssh2: RSA SHA256:x',
      'Mar  2 10:00:04 web1 sshd[9]: Connection closed by 192.0.2.9 port 4000 [preauth]',
    ])
    expect(Object.fromEntries(counts)).toEqual({
      '192.0.2.7': { failed: 7, accepted: 0 },
      '192.0.2.8': { failed: 0, accepted: 1 },
    })
  })

  it('take injected attacks that count as what they are', () => {
    const startMs = Date.UTC(2026, 2, 2, 10)
    const lines = [
      ...bruteForce(startMs, 'web1', '203.0.113.5', 10, 12),
      ...spray(startMs, 'web1', '203.0.113.6', 30, 110),
    ]
    const counts = countLogins(lines.map((line) => line.text))
    expect(counts.get('203.0.113.5')?.failed).toBe(10)
    expect(counts.get('203.0.113.6')?.failed).toBe(30)
    expect(new Set(lines.slice(10).map((line) => / user (\S+) /.exec(line.text)?.[1])).size).toBe(30)
    expect(lines.map((line) => timeOfLine(line.text, 2026))).toEqual(lines.map((line) => line.timeMs))
  })
})

describe('results', () => {
  it('replace a section and leave the rest alone', () => {
    const document = withSection('# Results\n\nBefore.\n', 'speed', 'first')
    expect(withSection(`${document}\nAfter.\n`, 'speed', 'second')).toBe(
      '# Results\n\nBefore.\n\n<!-- begin speed -->\n\nsecond\n\n<!-- end speed -->\n\nAfter.\n',
    )
  })

  it('line their columns up', () => {
    expect(table(['a', 'count'], [['long name', '7']])).toBe(
      '| a         | count |\n| --------- | ----: |\n| long name |     7 |',
    )
  })

  it('are medians', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 3, 2])).toBe(2.5)
  })
})

describe('measuring', () => {
  it('reads the most memory a process held', () => {
    expect(highWaterMark('Name:\tnode\nVmHWM:\t    2048 kB\nVmRSS:\t 1024 kB\n')).toBe(2_097_152)
    expect(highWaterMark('Name:\tgone\n')).toBeNull()
  })

  it('reads the processor time whatever a program is called', () => {
    expect(processorTime('12 (a) b c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20')).toBe(2)
    expect(processorTime('')).toBeNull()
  })
})
