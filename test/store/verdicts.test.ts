import { expect, it } from 'vitest'
import { countDetectors } from '../../src/store/detector-settings.ts'
import { getFinding, listFindings, recordFindings, type LiveFinding } from '../../src/store/findings.ts'
import { changeIncident, getIncident, listIncidents } from '../../src/store/incidents.ts'
import type { Store } from '../../src/store/store.ts'
import { giveVerdict, listVerdicts, previewVerdict, revokeVerdict } from '../../src/store/verdicts.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { onBoth } from './on-both.ts'

const hour = 3_600_000
const nowMs = Date.UTC(2026, 2, 3)
const ann = { id: 'u1', name: 'Ann' }
const backup = { kind: 'source_ip', value: '192.0.2.7' }

type Given = Parameters<typeof makeFinding>[0]

const live = (given: Given, line = ''): LiveFinding => ({
  finding: { ...makeFinding(given), evidence: { filter: '', lines: [line], places: [] } },
  rarity: 3,
  state: 'shown',
})

const record = (store: Store, findings: readonly LiveFinding[], at = nowMs) =>
  recordFindings(store.db, { findings, surroundings: noSurroundings, nowMs: at })

const scan = live(
  { rank: 1, entity: { source_ip: backup.value }, detector: 'scan', at: 10 },
  'GET /a "q\\uote"\0 ü',
)
const guess = live({
  rank: 2,
  entity: { source_ip: backup.value },
  detector: 'guess',
  severity: 'high',
  at: 12,
})
const other = live({ rank: 3, entity: { source_ip: '198.51.100.9' }, detector: 'scan', at: 11 }, 'GET /b')

const statesOf = async (store: Store) =>
  (await listIncidents(store.db, { sort: 'opened' })).incidents
    .toReversed()
    .map(({ state, reason, findings }) => [state, reason, findings])

onBoth('verdicts', (store) => {
  it('hide what is there and what comes, and close what has nothing left to show', async () => {
    await record(store(), [scan, guess, other])
    const { verdict, events } = await giveVerdict(
      store().db,
      { verdict: 'expected', scope: { entity: backup }, note: 'backup' },
      ann,
      noSurroundings,
      nowMs,
    )
    expect(verdict).toMatchObject({ hides: 2, by: ann, revoked: null, note: 'backup' })
    expect(events.map(({ kind }) => kind)).toEqual(['finding', 'finding', 'incident'])
    expect(await statesOf(store())).toEqual([
      ['closed', 'expected', 2],
      ['open', null, 1],
    ])
    const more = live({
      rank: 5,
      entity: { source_ip: backup.value },
      detector: 'flood',
      severity: 'critical',
      at: 13,
    })
    await record(store(), [more])
    expect(
      (await listFindings(store().db, { state: ['hidden'] })).findings.map(({ id, incident, hiddenBy }) => [
        id,
        incident,
        hiddenBy,
      ]),
    ).toEqual([
      ['f5', null, verdict.id],
      ['f2', null, verdict.id],
      ['f1', null, verdict.id],
    ])
    expect((await statesOf(store())).length).toBe(2)
  })

  it('are undone by taking them back, what came meanwhile included', async () => {
    await record(store(), [scan, guess])
    const before = (await listIncidents(store().db, {})).incidents[0]
    const { verdict } = await giveVerdict(
      store().db,
      { verdict: 'false-alarm', scope: { entity: backup } },
      ann,
      noSurroundings,
      nowMs,
    )
    await record(store(), [live({ rank: 5, entity: { source_ip: backup.value }, detector: 'flood', at: 13 })])
    const revoked = await revokeVerdict(store().db, verdict.id, ann, noSurroundings, nowMs + hour)
    expect(revoked.verdict).toMatchObject({ hides: 0, revoked: new Date(nowMs + hour).toISOString() })
    const page = await getIncident(store().db, before?.id ?? '')
    expect(page?.incident).toMatchObject({ state: 'open', reason: null, findings: 3 })
    expect(page?.history.map(({ kind }) => kind)).toEqual([
      'opened',
      'verdict',
      'verdict',
      'reopened',
      'updated',
    ])
    expect((await revokeVerdict(store().db, verdict.id, ann, noSurroundings)).events).toEqual([])
    await expect(revokeVerdict(store().db, 'none', ann, noSurroundings)).rejects.toThrow('unknown verdict')
  })

  it('leave to the next verdict what it covers as well', async () => {
    await record(store(), [scan, guess])
    const first = await giveVerdict(
      store().db,
      { verdict: 'expected', scope: { entity: backup } },
      ann,
      noSurroundings,
      nowMs,
    )
    const second = await giveVerdict(
      store().db,
      { verdict: 'false-alarm', scope: { detector: 'scan' } },
      ann,
      noSurroundings,
      nowMs + 1,
    )
    await revokeVerdict(store().db, first.verdict.id, ann, noSurroundings, nowMs + 2)
    expect((await listFindings(store().db, {})).findings.map(({ id, hiddenBy }) => [id, hiddenBy])).toEqual([
      ['f2', null],
      ['f1', second.verdict.id],
    ])
    expect(await statesOf(store())).toEqual([['open', null, 1]])
    expect((await listVerdicts(store().db)).map(({ hides }) => hides)).toEqual([1, 0])
  })

  it('join the incident to what opened meanwhile when they are taken back', async () => {
    await record(store(), [scan])
    const { verdict } = await giveVerdict(
      store().db,
      { verdict: 'expected', scope: { detector: 'scan' } },
      ann,
      noSurroundings,
      nowMs,
    )
    await record(store(), [guess])
    expect(await statesOf(store())).toEqual([
      ['closed', 'expected', 1],
      ['open', null, 1],
    ])
    await revokeVerdict(store().db, verdict.id, ann, noSurroundings, nowMs)
    expect(await statesOf(store())).toEqual([['open', null, 2]])
  })

  it('hide by the text of the evidence, exactly as it was', async () => {
    await record(store(), [scan, other])
    const hidden = ['GET /b', '"q\\uote"\0 ü'].map(async (pattern) => {
      const preview = await previewVerdict(store().db, { verdict: 'expected', scope: { pattern } }, nowMs)
      return preview.examples.map(({ id }) => id)
    })
    expect(await Promise.all(hidden)).toEqual([['f3'], ['f1']])
    const none = await previewVerdict(
      store().db,
      { verdict: 'expected', scope: { pattern: 'get /b' } },
      nowMs,
    )
    expect(none.findings).toBe(0)
  })

  it('show beforehand what they would hide, confirmed threats included', async () => {
    await record(store(), [scan, other])
    const [threat] = (await listIncidents(store().db, { entity: backup.value })).incidents
    await changeIncident(store().db, threat?.id ?? '', { state: 'closed', reason: 'threat' }, ann, nowMs)
    const preview = await previewVerdict(
      store().db,
      { verdict: 'expected', scope: { detector: 'scan' } },
      nowMs,
    )
    expect(preview.findings).toBe(2)
    expect(preview.incidents.length).toBe(2)
    expect(preview.confirmedThreats.map(({ id }) => id)).toEqual([threat?.id])
    expect(preview.examples.map(({ state }) => state)).toEqual(['shown', 'shown'])
    const late = await previewVerdict(
      store().db,
      { verdict: 'expected', scope: { detector: 'scan' } },
      nowMs + 31 * 24 * hour,
    )
    expect(late.findings).toBe(0)
    const harmless = await previewVerdict(
      store().db,
      { verdict: 'threat', scope: { detector: 'scan' } },
      nowMs,
    )
    expect(harmless.findings).toBe(0)
  })

  it('do not cover what goes on after they expired', async () => {
    await record(store(), [scan])
    const expires = new Date(nowMs + hour).toISOString()
    await giveVerdict(
      store().db,
      { verdict: 'expected', scope: { entity: backup }, expires },
      ann,
      noSurroundings,
      nowMs,
    )
    expect(await statesOf(store())).toEqual([['closed', 'expected', 1]])
    await record(
      store(),
      [live({ rank: 9, entity: { source_ip: backup.value }, detector: 'scan', at: 10, until: 26 })],
      nowMs + 2 * hour,
    )
    expect(await statesOf(store())).toEqual([['open', null, 1]])
    expect((await getFinding(store().db, 'f1'))?.last).toBe('2026-03-03T02:00:00.000Z')
  })

  const nagios = { verdict: 'expected', scope: { pattern: 'nagios' } } as const
  /** The scan with other lines in its sample of evidence. */
  const seen = (line: string, until: number, rarity: number): LiveFinding => ({
    ...live({ rank: 1, entity: { source_ip: backup.value }, detector: 'scan', at: 10, until }, line),
    rarity,
  })

  it('close what has nothing left to show since it has grown', async () => {
    const { verdict } = await giveVerdict(store().db, nagios, ann, noSurroundings, nowMs)
    await record(store(), [seen('curl', 10, 3)])
    expect(await statesOf(store())).toEqual([['open', null, 1]])
    const { changes } = await record(store(), [seen('nagios', 11, 3.5)], nowMs + hour)
    expect(changes.map(({ kind }) => kind)).toEqual(['finding', 'incident'])
    expect(await statesOf(store())).toEqual([['closed', 'expected', 1]])
    const { id = '' } = (await listIncidents(store().db, {})).incidents[0] ?? {}
    expect((await getIncident(store().db, id))?.history.map(({ kind, text }) => [kind, text])).toEqual([
      ['opened', 'opened'],
      ['verdict', 'closed: expected. A verdict hides what was left: "nagios" is expected'],
    ])
    await revokeVerdict(store().db, verdict.id, ann, noSurroundings, nowMs + 2 * hour)
    expect(await statesOf(store())).toEqual([['open', null, 1]])
  })

  it('leave an incident with what they do not hide when a part of it has grown', async () => {
    await giveVerdict(store().db, nagios, ann, noSurroundings, nowMs)
    await record(store(), [seen('curl', 10, 3), guess])
    const [before] = (await listIncidents(store().db, {})).incidents
    const { changes } = await record(store(), [seen('nagios', 11, 3.5)], nowMs + hour)
    expect(changes.map(({ kind }) => kind)).toEqual(['finding', 'incident'])
    const [after] = (await listIncidents(store().db, {})).incidents
    expect(after).toMatchObject({ state: 'open', findings: 1, detectors: ['guess'] })
    expect(after?.risk).toBeLessThan(before?.risk ?? 0)
  })

  it('do not close again what a person has opened since', async () => {
    await record(store(), [seen('nagios', 10, 3)])
    await giveVerdict(store().db, nagios, ann, noSurroundings, nowMs)
    const { id = '' } = (await listIncidents(store().db, {})).incidents[0] ?? {}
    await changeIncident(store().db, id, { state: 'open' }, ann, nowMs + 1000)
    await record(store(), [seen('nagios', 11, 3.1)], nowMs + hour)
    expect((await statesOf(store())).map(([state]) => state)).toEqual(['open'])
  })

  it('hide nothing by a pattern that turns out to be one with what was to be seen', async () => {
    await record(store(), [seen('nagios', 10, 3)])
    await giveVerdict(store().db, nagios, ann, noSurroundings, nowMs)
    const worse = (at: number): LiveFinding => ({
      ...live(
        {
          rank: 2 + at,
          entity: { source_ip: backup.value },
          detector: 'scan',
          severity: 'critical',
          at,
          until: 15,
        },
        'curl evil',
      ),
      rarity: 5,
    })
    await record(store(), [worse(14)], nowMs + hour)
    expect(new Set((await statesOf(store())).map(([state]) => state))).toEqual(new Set(['closed', 'open']))
    // Both, and what is between them.
    await record(store(), [worse(10)], nowMs + 2 * hour)
    const { findings } = await listFindings(store().db, {})
    expect(findings.map(({ hiddenBy, severity }) => [hiddenBy, severity])).toEqual([[null, 'critical']])
    expect((await statesOf(store())).map(([state]) => state)).toEqual(['open'])
  })

  it('go on hiding by a pattern that was found once, until they expire', async () => {
    await record(store(), [seen('nagios', 10, 3)])
    const expires = new Date(nowMs + hour).toISOString()
    await giveVerdict(store().db, { ...nagios, expires }, ann, noSurroundings, nowMs)
    await record(store(), [seen('curl', 11, 3.1)], nowMs)
    expect(await statesOf(store())).toEqual([['closed', 'expected', 1]])
    await record(store(), [seen('nagios', 12, 3.2)], nowMs)
    expect(await statesOf(store())).toEqual([['closed', 'expected', 1]])
    await record(store(), [seen('curl', 26, 3.3)], nowMs + 2 * hour)
    expect(await statesOf(store())).toEqual([['open', null, 1]])
  })

  it('refuse to be about nothing, or over already', async () => {
    const give = (given: Parameters<typeof giveVerdict>[1]) =>
      giveVerdict(store().db, given, ann, noSurroundings, nowMs)
    await expect(give({ verdict: 'expected', scope: {} })).rejects.toThrow('about an entity')
    await expect(give({ verdict: 'expected', scope: { pattern: ' ' } })).rejects.toThrow('about an entity')
    await expect(
      give({ verdict: 'expected', scope: { detector: 'a' }, expires: '2026-01-01' }),
    ).rejects.toThrow('future')
    await expect(give({ verdict: 'expected', scope: { detector: 'a' }, incident: 'x' })).rejects.toThrow(
      'unknown incident',
    )
  })

  it('count for the precision of a detector, threats among them', async () => {
    await record(store(), [scan, guess, other])
    const [incident] = (await listIncidents(store().db, { entity: backup.value })).incidents
    await giveVerdict(
      store().db,
      { verdict: 'threat', scope: { entity: backup }, incident: incident?.id ?? '' },
      ann,
      noSurroundings,
      nowMs,
    )
    await giveVerdict(
      store().db,
      { verdict: 'false-alarm', scope: { pattern: 'GET /b' } },
      ann,
      noSurroundings,
      nowMs,
    )
    const counts = await countDetectors(store().db, nowMs)
    expect(counts.get('scan')).toEqual({
      findings: 2,
      below: 0,
      verdicts: { threat: 1, expected: 0, falseAlarm: 1 },
      precision: 0.5,
      scores: [{ rarity: 3, episodes: 2 }],
    })
    expect(counts.get('guess')?.precision).toBe(1)
    expect(
      (await getIncident(store().db, incident?.id ?? ''))?.verdicts.map(({ verdict }) => verdict),
    ).toEqual(['threat'])
  })
})
