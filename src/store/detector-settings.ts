/**
 * Which detectors are on, how strict they are, and what people's verdicts say of them.
 *
 * @module
 */
import { sql } from 'kysely'
import type { DetectorPage, DetectorRow } from '../api/api.ts'
import { precisionOf } from '../triage/verdicts.ts'
import type { Db } from './database.ts'

export type DetectorSetting = Pick<DetectorRow, 'enabled' | 'strictness'>

/** By detector; one that is not there is as it comes, at the calibrated line. */
export const readDetectorSettings = async (db: Db): Promise<ReadonlyMap<string, DetectorSetting>> => {
  const rows = await db.selectFrom('detector_settings').selectAll().execute()
  return new Map(rows.map(({ detector, enabled, strictness }) => [detector, { enabled, strictness }]))
}

export const changeDetector = async (
  db: Db,
  detector: string,
  change: { readonly enabled?: boolean | undefined; readonly strictness?: number | undefined },
  nowMs = Date.now(),
): Promise<DetectorSetting> => {
  const { enabled, strictness } = change
  const row = await db
    .insertInto('detector_settings')
    .values({
      detector,
      enabled: enabled ?? true,
      strictness: strictness ?? 0,
      changed_at: new Date(nowMs),
    })
    .onConflict((conflict) =>
      conflict.column('detector').doUpdateSet({
        ...(enabled === undefined ? {} : { enabled }),
        ...(strictness === undefined ? {} : { strictness }),
        changed_at: new Date(nowMs),
      }),
    )
    .returning(['enabled', 'strictness'])
    .executeTakeFirstOrThrow()
  return row
}

export type DetectorCounts = Pick<DetectorRow, 'findings' | 'below' | 'verdicts' | 'precision'> &
  Pick<DetectorPage, 'scores'>

const countedMs = 30 * 86_400_000

/**
 * What each detector found in the last 30 days, and what became of it: a finding is judged by the verdict that hides it, by a
 * verdict that calls it a threat, or by the reason its incident was closed with.
 */
export const countDetectors = async (
  db: Db,
  nowMs = Date.now(),
  detector?: string,
): Promise<ReadonlyMap<string, DetectorCounts>> => {
  const only = detector === undefined ? sql`true` : sql`f.detector = ${detector}`
  const recent = sql`f.fused_into is null and f.last_at >= ${new Date(nowMs - countedMs)} and ${only}`
  const { rows } = await sql<{
    detector: string
    findings: number
    below: number
    threat: number
    expected: number
    false_alarm: number
  }>`
    with judged as (
      select f.detector, f.line, case
        when hiding.verdict is not null then hiding.verdict
        when i.state = 'closed' then i.reason
        when exists (
          select from verdicts v
          where v.verdict = 'threat' and v.revoked_at is null and f.line = 'shown'
            and (v.detector is null or v.detector = f.detector)
            and (v.entity_value is null or (v.entity_kind = f.entity_kind and v.entity_value = f.entity_value))
            and (v.pattern is null or strpos(f.body, v.pattern) > 0)
        ) then 'threat'
      end as verdict
      from findings f
      left join incidents i on i.id = f.incident
      left join verdicts hiding on hiding.id = f.hidden_by
      where ${recent}
    )
    select detector,
      (count(*) filter (where line = 'shown'))::integer as findings,
      (count(*) filter (where line = 'below'))::integer as below,
      (count(*) filter (where verdict = 'threat'))::integer as threat,
      (count(*) filter (where verdict = 'expected'))::integer as expected,
      (count(*) filter (where verdict = 'false-alarm'))::integer as false_alarm
    from judged group by detector order by detector`.execute(db)
  const { rows: bins } = await sql<{ detector: string; bin: number; episodes: number }>`
    select f.detector, floor(least(greatest(f.rarity, -10), 50) * 2) / 2 as bin, count(*)::integer as episodes
    from findings f where ${recent} group by f.detector, bin order by f.detector, bin`.execute(db)
  const scores = new Map<string, { readonly rarity: number; readonly episodes: number }[]>()
  for (const { detector: of, bin, episodes } of bins) {
    const own = scores.get(of) ?? []
    own.push({ rarity: bin, episodes })
    scores.set(of, own)
  }
  return new Map(
    rows.map((row): [string, DetectorCounts] => {
      const verdicts = { threat: row.threat, expected: row.expected, falseAlarm: row.false_alarm }
      return [
        row.detector,
        {
          findings: row.findings,
          below: row.below,
          verdicts,
          precision: precisionOf(verdicts),
          scores: scores.get(row.detector) ?? [],
        },
      ]
    }),
  )
}
