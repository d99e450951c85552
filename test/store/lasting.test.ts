/** What people decided of an incident lasts: by whatever it is told again, and however much else there is. */
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { listFindings, recordFindings, type LiveFinding } from '../../src/store/findings.ts'
import {
  changeIncident,
  getIncident,
  listIncidents,
  mergeIncidents,
  splitIncident,
} from '../../src/store/incidents.ts'
import { migrate } from '../../src/store/migrate.ts'
import { migrations } from '../../src/store/migrations.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { giveVerdict, revokeVerdict } from '../../src/store/verdicts.ts'
import { noSurroundings, type Surroundings } from '../../src/triage/identity.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { onBoth, patienceMs } from './on-both.ts'

const hour = 3_600_000
const day = 24 * hour
const nowMs = Date.UTC(2026, 2, 3)
const ann = { id: 'u1', name: 'Ann' }
const attacker = { source_ip: '192.0.2.7' }

type Given = Omit<Parameters<typeof makeFinding>[0], 'entity'>

const live = (
  given: Given,
  rarity = 3,
  entity: Readonly<Record<string, string>> = attacker,
): LiveFinding => ({
  finding: makeFinding({ ...given, entity }),
  rarity,
  state: 'shown',
})

const record = (
  store: Store,
  findings: readonly LiveFinding[],
  at = nowMs,
  surroundings: Surroundings = noSurroundings,
) => recordFindings(store.db, { findings, surroundings, nowMs: at, reach: new Map([['slow', day]]) })

const list = async ({ db }: Store) => (await listIncidents(db, { sort: 'opened' })).incidents.toReversed()

const close = async (store: Store, number = 1, at = nowMs) => {
  const { id = '' } = (await list(store)).find((incident) => incident.number === number) ?? {}
  await changeIncident(store.db, id, { state: 'closed', reason: 'false-alarm' }, ann, at)
}

const briefOf = async (store: Store) =>
  (await list(store)).map(({ number, state, findings }) => [number, state, findings])

onBoth('incidents that were closed', (store) => {
  it('stay closed where a severity falls and comes back without an event', async () => {
    await record(store(), [live({ rank: 1, severity: 'high', surprise: 4 }, 2.01)])
    await close(store())
    await record(store(), [live({ rank: 1, severity: 'medium', surprise: 3.9 }, 1.98)], nowMs + hour)
    await record(store(), [live({ rank: 1, severity: 'high', surprise: 4 }, 2.01)], nowMs + 2 * hour)
    expect(await briefOf(store())).toEqual([[1, 'closed', 1]])
    await record(store(), [live({ rank: 1, severity: 'critical', surprise: 4 }, 2.5)], nowMs + 3 * hour)
    expect(await briefOf(store())).toEqual([[1, 'open', 1]])
  })

  it('stay closed where a verdict hides some of them, and weigh what is left as before', async () => {
    const assets = { ...noSurroundings, assets: new Map([[attacker.source_ip, 0.3]]) }
    const findings = ['a', 'b', 'c', 'd'].map((detector, i) =>
      live({ rank: i + 1, detector, at: 10 + i, severity: 'high' }),
    )
    await record(store(), findings, nowMs, assets)
    const [before] = await list(store())
    await close(store())
    const give = (detector: string, premises: Surroundings) =>
      giveVerdict(store().db, { verdict: 'expected', scope: { detector } }, ann, premises, nowMs + hour)
    await give('d', assets)
    const [after] = await list(store())
    expect(after).toMatchObject({ state: 'closed', findings: 3 })
    expect(after?.risk).toBeLessThan(before?.risk ?? 0)
    // Weights of another day make it more than it was: hiding is still no reason to open it.
    await give('c', noSurroundings)
    const [other] = await list(store())
    expect(other).toMatchObject({ state: 'closed', findings: 2 })
    expect(other?.risk).toBeGreaterThan(after?.risk ?? 0)
  })

  it('weigh the same when people put them together or take them apart', async () => {
    const assets = { ...noSurroundings, assets: new Map([[attacker.source_ip, 0.3]]) }
    const findings = ['a', 'b'].map((detector, i) => live({ rank: i + 1, detector, severity: 'high' }))
    await record(store(), findings, nowMs, assets)
    const [whole] = await list(store())
    const { row } = await splitIncident(store().db, whole?.id ?? '', ['f2'], ann, assets, nowMs)
    const halves = await list(store())
    for (const half of halves) expect(half.risk).toBeLessThan(whole?.risk ?? 0)
    expect(halves.map(({ risk }) => risk)).toEqual([row.risk, row.risk])
    await mergeIncidents(store().db, row.id, whole?.id ?? '', ann, assets, nowMs)
    expect((await list(store())).map(({ risk }) => risk)).toEqual([whole?.risk])
  })
})

onBoth('stories', (store) => {
  it('that lie apart stay apart when a verdict is taken back', async () => {
    const apart = { ...noSurroundings, apart: new Map([['alert-risk', 3 * hour]]) }
    const findings = [1, 8, 15].map((at, i) => live({ rank: i + 1, detector: 'alert-risk', at }))
    await record(store(), findings, nowMs, apart)
    const verdict = { verdict: 'expected', scope: { detector: 'alert-risk' } } as const
    const given = await giveVerdict(store().db, verdict, ann, apart, nowMs + hour)
    await revokeVerdict(store().db, given.verdict.id, ann, apart, nowMs + 2 * hour)
    expect(await briefOf(store())).toEqual([
      [1, 'open', 1],
      [2, 'open', 1],
      [3, 'open', 1],
    ])
  })

  const slow = (rank: number, at: number, until = at) => live({ rank, detector: 'slow', at, until })

  const threeSlow = async (): Promise<void> => {
    for (const [i, at] of [0, 40, 80].entries()) await record(store(), [slow(i + 1, at)])
    expect(await briefOf(store())).toEqual([
      [1, 'open', 1],
      [2, 'open', 1],
      [3, 'open', 1],
    ])
  }

  it('leave nothing empty where three of them turn out to be one', async () => {
    await threeSlow()
    await close(store())
    await record(store(), [slow(4, 10, 70)], nowMs + hour)
    expect(await briefOf(store())).toEqual([[2, 'open', 1]])
    const [only] = await list(store())
    const page = await getIncident(store().db, only?.id ?? '')
    expect(page?.findings.map(({ id, first, last }) => [id, first, last])).toEqual([
      ['f1', '2026-03-02T00:00:00.000Z', '2026-03-05T08:00:00.000Z'],
    ])
  })

  it('that somebody took apart do not become one through a third', async () => {
    await threeSlow()
    const [, b, c] = await list(store())
    const { row } = await mergeIncidents(store().db, c?.id ?? '', b?.id ?? '', ann, noSurroundings, nowMs)
    await splitIncident(store().db, row.id, ['f3'], ann, noSurroundings, nowMs)
    await record(store(), [slow(4, 10, 70)], nowMs + hour)
    expect((await listFindings(store().db, {})).findings.map(({ id }) => id).toSorted()).toEqual(['f1', 'f3'])
    expect((await briefOf(store())).map(([, state, findings]) => [state, findings])).toEqual([
      ['open', 1],
      ['open', 1],
    ])
  })

  /** Findings about somebody else, all of them newer than those about the attacker. */
  const addMany = async (): Promise<void> => {
    await record(store(), [live({ rank: 9, at: 12 }, 3, { source_ip: '198.51.100.9' })])
    await sql`insert into findings
      select (jsonb_populate_record(f, jsonb_build_object('id', 'many-' || n))).*
      from findings f, generate_series(1, 2000) as n where f.id = 'f9'`.execute(store().db)
  }

  it('are found again behind many that were closed long ago', async () => {
    await record(store(), [live({ rank: 1, detector: 'scan', at: 10 })])
    await addMany()
    await close(store(), 2, nowMs - 8 * day)
    await record(store(), [live({ rank: 2, detector: 'guess', at: 11 })])
    expect(await briefOf(store())).toEqual([
      [1, 'open', 2],
      [2, 'closed', 1],
    ])
  })

  it('are found again behind many others', async () => {
    await record(store(), [live({ rank: 1, detector: 'scan', at: 10 })])
    await addMany()
    await record(store(), [live({ rank: 2, detector: 'guess', at: 11 })])
    expect(await briefOf(store())).toEqual([
      [1, 'open', 2],
      [2, 'open', 1],
    ])
  })
})

it(
  'an incident that was closed by an earlier version has the severity it has now',
  { timeout: patienceMs },
  async () => {
    const steps = migrations.filter(({ name }) => name < '0004')
    const store = await openStore({ steps })
    const { db } = store
    try {
      await sql`insert into incidents (id, number, title, titled, risk, severity, state, reason, closed_risk,
        first_at, last_at, opened_at, updated_at, closed_at, events, entities, entity_text, tactics, detectors, findings, risks)
      select state, place, '', false, 40, 'high', state, reason, risk, now(), now(), now(), now(), closed, 1, '[]', '', '[]', '[]', 1, '[]'
      from (values ('open', 1, null, null, null), ('closed', 2, 'threat', 40, now()))
        as given (state, place, reason, risk, closed)`.execute(db)
      await migrate(db, migrations)
      const rows = await db
        .selectFrom('incidents')
        .select(['id', 'closed_severity'])
        .orderBy('number')
        .execute()
      expect(rows).toEqual([
        { id: 'open', closed_severity: null },
        { id: 'closed', closed_severity: 'high' },
      ])
    } finally {
      await store.close()
    }
  },
)
