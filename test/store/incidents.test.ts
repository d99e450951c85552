import { expect, it } from 'vitest'
import {
  getFinding,
  listFindings,
  recordFindings,
  type FindingFilter,
  type LiveFinding,
} from '../../src/store/findings.ts'
import {
  addNote,
  changeIncident,
  getIncident,
  listIncidents,
  mergeIncidents,
  splitIncident,
} from '../../src/store/incidents.ts'
import { prune } from '../../src/store/prune.ts'
import type { Store } from '../../src/store/store.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { onBoth } from './on-both.ts'

const day = 86_400_000
const nowMs = Date.UTC(2026, 2, 3)
const ann = { id: 'u1', name: 'Ann' }

type Given = Parameters<typeof makeFinding>[0]

const live = (given: Given, state: LiveFinding['state'] = 'shown'): LiveFinding => ({
  finding: makeFinding(given),
  rarity: 3,
  state,
})

const record = (store: Store, findings: readonly LiveFinding[], at = nowMs) =>
  recordFindings(store.db, { findings, surroundings: noSurroundings, nowMs: at })

const attacker = { source_ip: '192.0.2.7' }
const scan: Given = { rank: 1, entity: attacker, detector: 'scan', severity: 'medium', at: 10 }
const guess: Given = { rank: 2, entity: attacker, detector: 'guess', severity: 'high', at: 12 }
const other: Given = { rank: 3, entity: { source_ip: '198.51.100.9' }, detector: 'scan', at: 11 }

onBoth('incidents', (store) => {
  it('open for findings, counted from 1 in the order they began', async () => {
    const { changes } = await record(store(), [live(other), live(guess), live(scan)])
    const { incidents, total } = await listIncidents(store().db, { sort: 'opened' }, null)
    expect(total).toBe(2)
    expect(incidents.map(({ number, findings, state }) => ({ number, findings, state }))).toEqual([
      { number: 2, findings: 1, state: 'open' },
      { number: 1, findings: 2, state: 'open' },
    ])
    expect(changes.map(({ kind }) => kind)).toEqual(['finding', 'finding', 'finding', 'incident', 'incident'])
  })

  it('take the same findings again without a change', async () => {
    await record(store(), [live(scan), live(guess)])
    const before = await listIncidents(store().db, {})
    expect((await record(store(), [live(guess), live(scan)], nowMs + 60_000)).changes).toEqual([])
    expect(await listIncidents(store().db, {})).toEqual(before)
  })

  it('keep the id of a finding that grows under another id', async () => {
    await record(store(), [live({ ...scan, at: 10, until: 10.2 })])
    await record(store(), [live({ ...scan, rank: 8, at: 10.1, until: 11, severity: 'high', title: 'worse' })])
    const [incident] = (await listIncidents(store().db, {})).incidents
    const page = await getIncident(store().db, incident?.id ?? '')
    expect(page?.findings.map(({ id, first, last, title }) => ({ id, first, last, title }))).toEqual([
      { id: 'f1', first: '2026-03-02T10:00:00.000Z', last: '2026-03-02T11:00:00.000Z', title: 'worse' },
    ])
    expect(page?.incident.risks.length).toBe(2)
    expect(page?.history.map(({ kind }) => kind)).toEqual(['opened', 'updated'])
  })

  it('keep one finding where a later one bridges two', async () => {
    await record(store(), [live({ ...scan, at: 10 })])
    await record(store(), [live({ ...scan, rank: 5, at: 15 })])
    await record(store(), [live({ ...scan, rank: 6, at: 10, until: 15 })])
    const { findings } = await listFindings(store().db, {})
    expect(findings.map(({ id }) => id)).toEqual(['f1'])
    expect((await getFinding(store().db, 'f5'))?.id).toBe('f1')
  })

  it('become one when something links two of them, the younger pointing to the older', async () => {
    await record(store(), [live({ ...scan, at: 0 })])
    await record(store(), [live({ ...guess, at: 40 })])
    expect((await listIncidents(store().db, {})).total).toBe(2)
    await record(store(), [live({ ...scan, rank: 9, detector: 'spray', at: 20 })])
    const { incidents } = await listIncidents(store().db, {})
    expect(incidents.map(({ number, findings }) => ({ number, findings }))).toEqual([
      { number: 1, findings: 3 },
    ])
    const page = await getIncident(store().db, incidents[0]?.id ?? '')
    expect(page?.history.map(({ kind }) => kind)).toContain('merged')
  })

  it('leave what is below the line out, and take it in when it rises', async () => {
    await record(store(), [live(scan, 'below')])
    expect((await listIncidents(store().db, {})).total).toBe(0)
    expect((await listFindings(store().db, { state: ['below'] })).findings.length).toBe(1)
    await record(store(), [live(scan)])
    expect((await listIncidents(store().db, {})).total).toBe(1)
  })

  it('open again when something materially worse joins within a week, and not for more of the same', async () => {
    await record(store(), [live(scan)])
    const [first] = (await listIncidents(store().db, {})).incidents
    const id = first?.id ?? ''
    await changeIncident(store().db, id, { state: 'closed', reason: 'threat' }, ann, nowMs)
    await record(store(), [
      live({ ...scan, rank: 4, detector: 'probe', severity: 'low', at: 11, surprise: 0 }),
    ])
    expect((await getIncident(store().db, id))?.incident).toMatchObject({ state: 'closed', findings: 2 })
    await record(store(), [live(guess)], nowMs + day)
    const page = await getIncident(store().db, id)
    expect(page?.incident).toMatchObject({ state: 'open', reason: null, closed: null, findings: 3 })
    expect(page?.history.at(-1)?.kind).toBe('reopened')
  })

  it('open again when a threat that was dealt with still goes on a week later', async () => {
    await record(store(), [live(scan)])
    const { id = '' } = (await listIncidents(store().db, {})).incidents[0] ?? {}
    await changeIncident(store().db, id, { state: 'closed', reason: 'threat' }, ann, nowMs)
    await record(store(), [live({ ...scan, until: 24 * 6 })], nowMs + 6 * day)
    expect((await getIncident(store().db, id))?.incident.state).toBe('closed')
    await record(store(), [live({ ...scan, until: 24 * 9 })], nowMs + 9 * day)
    expect((await getIncident(store().db, id))?.incident.state).toBe('open')
  })

  it('open anew when the like was closed more than a week ago', async () => {
    await record(store(), [live(scan)])
    const [first] = (await listIncidents(store().db, {})).incidents
    await changeIncident(store().db, first?.id ?? '', { state: 'closed', reason: 'threat' }, ann, nowMs)
    await record(store(), [live(guess)], nowMs + 8 * day)
    expect(
      (await listIncidents(store().db, { state: ['open'] })).incidents.map(({ number }) => number),
    ).toEqual([2])
  })

  it('change by hand, and say so', async () => {
    await record(store(), [live(scan)])
    const id = (await listIncidents(store().db, {})).incidents[0]?.id ?? ''
    await expect(changeIncident(store().db, id, { state: 'closed' }, ann)).rejects.toThrow('with a reason')
    await expect(changeIncident(store().db, 'none', {}, ann)).rejects.toThrow('unknown incident')
    const { row } = await changeIncident(
      store().db,
      id,
      { state: 'acknowledged', title: 'Scanner' },
      ann,
      nowMs,
    )
    expect(row).toMatchObject({ state: 'acknowledged', title: 'Scanner' })
    await addNote(store().db, id, 'Asked \0 the owner', ann, nowMs)
    const page = await getIncident(store().db, id)
    expect(page?.history.map(({ kind, who, text }) => [kind, who?.name, text])).toEqual([
      ['opened', undefined, 'opened'],
      ['state', 'Ann', 'acknowledged'],
      ['state', 'Ann', 'title was: finding 1'],
      ['note', 'Ann', 'Asked \uFFFD the owner'],
    ])
    await record(store(), [live(guess)])
    expect((await getIncident(store().db, id))?.incident.title).toBe('Scanner')
  })

  it('are put together by hand, and stay so', async () => {
    await record(store(), [live(scan), live(other)])
    const [a, b] = (await listIncidents(store().db, { sort: 'opened' })).incidents
    const { row, events } = await mergeIncidents(store().db, a?.id ?? '', b?.id ?? '', ann, noSurroundings)
    expect(row.findings).toBe(2)
    expect(events.length).toBe(2)
    await record(store(), [live({ ...other, rank: 7, detector: 'guess', at: 12 })])
    const { incidents } = await listIncidents(store().db, {})
    expect(incidents.map(({ findings }) => findings)).toEqual([3])
    expect((await getIncident(store().db, a?.id ?? ''))?.mergedInto).toBe(b?.id)
  })

  it('are taken apart for good', async () => {
    await record(store(), [live(scan), live(guess)])
    const id = (await listIncidents(store().db, {})).incidents[0]?.id ?? ''
    await expect(splitIncident(store().db, id, ['f1', 'f2'], ann, noSurroundings)).rejects.toThrow('stays')
    const { row } = await splitIncident(store().db, id, ['f2'], ann, noSurroundings)
    expect(row.number).toBe(2)
    await record(store(), [
      live({ ...guess, rank: 21, until: 12.5, severity: 'critical' }),
      live({ ...scan, rank: 22, detector: 'probe', at: 11 }),
    ])
    const { incidents } = await listIncidents(store().db, { sort: 'opened' })
    expect(incidents.map(({ number, findings }) => ({ number, findings }))).toEqual([
      { number: 2, findings: 1 },
      { number: 1, findings: 2 },
    ])
    await mergeIncidents(store().db, row.id, id, ann, noSurroundings)
    expect((await listIncidents(store().db, {})).incidents.map(({ findings }) => findings)).toEqual([3])
  })

  it('are listed by filters, a page at a time', async () => {
    const many = Array.from({ length: 25 }, (_, i) =>
      live({ rank: 100 + i, entity: { source_ip: `203.0.113.${i + 1}` }, at: i, title: `probe ${i}` }),
    )
    await record(store(), many)
    const seen: number[] = []
    let cursor: string | undefined
    do {
      const page = await listIncidents(store().db, {
        limit: 10,
        ...(cursor === undefined ? {} : { cursor }),
      })
      seen.push(...page.incidents.map(({ number }) => number))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1))
    expect((await listIncidents(store().db, { q: 'PROBE 7' })).total).toBe(2)
    expect((await listIncidents(store().db, { entity: '113.24' })).total).toBe(1)
    expect((await listIncidents(store().db, { detector: 'test', owner: 'none' })).total).toBe(25)
    expect((await listIncidents(store().db, { owner: 'me' }, 'u1')).total).toBe(0)
    await expect(listIncidents(store().db, { cursor: 'x' })).rejects.toThrow('invalid cursor')
  })

  it('open once where two servers are told the same at the same time', async () => {
    await Promise.all([
      record(store(), [live(scan), live(guess)]),
      record(store(), [live(guess), live(scan)]),
      record(store(), [live(scan)]),
    ])
    expect(
      (await listIncidents(store().db, {})).incidents.map(({ number, findings }) => [number, findings]),
    ).toEqual([[1, 2]])
  })

  it('take in more at once than is written at once', async () => {
    const many = Array.from({ length: 620 }, (_, i) =>
      live({ rank: i + 1, entity: { source_ip: `203.0.113.${i % 2}` }, detector: `d${i}`, at: (i * 7) % 20 }),
    )
    await record(store(), many)
    const { incidents } = await listIncidents(store().db, {})
    expect(incidents.map(({ findings }) => findings)).toEqual([310, 310])
    expect((await getIncident(store().db, incidents[0]?.id ?? ''))?.findings.length).toBe(200)
  })

  it('hold whatever a log may hold', async () => {
    const odd = `\0\uD800'"\\\u202E%_${'x'.repeat(9000)}`
    const finding: LiveFinding = {
      finding: {
        ...makeFinding({
          rank: 1,
          entity: { url_path: odd, source_ip: '192.0.2.7' },
          title: odd,
        }),
        surprise: Number.POSITIVE_INFINITY,
        evidence: { filter: '', lines: [odd], places: [] },
      },
      rarity: Number.POSITIVE_INFINITY,
      state: 'shown',
    }
    await record(store(), [finding])
    expect((await record(store(), [finding], nowMs + 1)).changes).toEqual([])
    expect((await getFinding(store().db, 'f1'))?.evidence.lines).toEqual([odd])
    const [incident] = (await listIncidents(store().db, { entity: '\'"\\' })).incidents
    expect((await getIncident(store().db, incident?.id ?? ''))?.findings.length).toBe(1)
    expect((await listIncidents(store().db, { q: '%_x' })).total).toBe(1)
    expect((await listIncidents(store().db, { q: '%y' })).total).toBe(0)
    const ids = async (filter: FindingFilter) =>
      (await listFindings(store().db, filter)).findings.map(({ id }) => id)
    expect(await ids({ entity: odd.slice(0, 6) })).toEqual(['f1'])
    expect(await ids({ about: odd })).toEqual(['f1'])
    expect(await ids({ detector: odd })).toEqual([])
    expect((await listIncidents(store().db, { about: odd })).total).toBe(1)
  })

  it('are found by the whole value of an entity, or of a part of it', async () => {
    await record(store(), [
      live({ rank: 1, entity: { source_ip: '192.0.2.7', destination_domain: 'Example.com' } }),
      live({ rank: 2, entity: { source_ip: '192.0.2.70' } }),
    ])
    const about = async (value: string) => [
      (await listFindings(store().db, { about: value })).findings.map(({ id }) => id),
      (await listIncidents(store().db, { about: value })).total,
    ]
    expect(await about('192.0.2.7')).toEqual([['f1'], 1])
    expect(await about('example.COM')).toEqual([['f1'], 1])
    expect(await about('192.0.2')).toEqual([[], 0])
  })

  it('list findings by rarity, a page at a time', async () => {
    const findings = [3, 1, 1, Number.POSITIVE_INFINITY, -2].map((rarity, i) => ({
      ...live({ rank: i + 1, entity: { source_ip: `203.0.113.${i}` } }, 'below'),
      rarity,
    }))
    await record(store(), findings)
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await listFindings(store().db, {
        sort: 'rarity',
        limit: 2,
        ...(cursor === undefined ? {} : { cursor }),
      })
      seen.push(...page.findings.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['f4', 'f1', 'f3', 'f2', 'f5'])
  })

  it('forget old findings below the line, and nothing else', async () => {
    await record(store(), [
      live(scan),
      live({ ...other, at: 0 }, 'below'),
      live({ ...other, rank: 4, at: 40 }, 'below'),
    ])
    const { findings } = await prune(store().db, { days: 1, nowMs: nowMs + 12 * 3_600_000 })
    expect(findings).toBe(1)
    expect((await listFindings(store().db, {})).findings.map(({ id }) => id)).toEqual(['f4', 'f1'])
  })
})
