/**
 * Incidents of which verdicts hide findings: told anew, and closed where nothing is left to show.
 *
 * @module
 */
import { sql } from 'kysely'
import type { CloseReason } from '../api/api.ts'
import type { Surroundings } from '../triage/identity.ts'
import type { GivenVerdict } from '../triage/verdicts.ts'
import { refreshIncidents } from './refresh.ts'
import { addHistory, type Trx } from './work.ts'

export const judgementTexts: Readonly<Record<CloseReason, string>> = {
  threat: 'a threat',
  expected: 'expected',
  'false-alarm': 'a false alarm',
  duplicate: 'a duplicate',
}

/** "192.0.2.7, scan is expected". */
export const verdictText = ({ verdict, scope }: Pick<GivenVerdict, 'verdict' | 'scope'>): string => {
  const { entity, detector, pattern } = scope
  const about = [
    ...(entity === undefined ? [] : [entity.value]),
    ...(detector === undefined ? [] : [detector]),
    ...(pattern === undefined ? [] : [`"${pattern}"`]),
  ]
  return `${about.join(', ')} is ${judgementTexts[verdict]}`
}

/**
 * Closes those of the incidents that have nothing left to show.
 *
 * @param hiding incident → the verdict that has just hidden some of it
 * @returns those that it closed
 */
export const closeEmptied = async (
  trx: Trx,
  hiding: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<ReadonlySet<string>> => {
  const at = new Date(nowMs)
  const { rows } = await sql<{ id: string }>`
    update incidents set state = 'closed', reason = verdicts.verdict, closed_by = verdicts.id, closed_at = ${at},
      closed_risk = incidents.risk, closed_severity = incidents.severity, updated_at = ${at}
    from unnest(${[...hiding.keys()]}::text[], ${[...hiding.values()]}::text[]) as given (incident, verdict)
      join verdicts on verdicts.id = given.verdict
    where incidents.id = given.incident and incidents.state <> 'closed' and not exists (
      select from findings f where f.incident = incidents.id
        and f.line = 'shown' and f.hidden_by is null and f.fused_into is null
    )
    returning incidents.id`.execute(trx)
  return new Set(rows.map(({ id }) => id))
}

/**
 * Brings incidents up to date with findings that a verdict hides since they have grown.
 *
 * @returns ids of the incidents that have changed
 */
export const foldHidden = async (
  trx: Trx,
  hidden: readonly string[],
  verdicts: readonly GivenVerdict[],
  surroundings: Surroundings,
  nowMs: number,
): Promise<readonly string[]> => {
  if (hidden.length === 0) return []
  const rows = await trx
    .selectFrom('findings')
    .select(['incident', 'hidden_by'])
    .where(sql<boolean>`id = any(${hidden})`)
    .orderBy('id')
    .execute()
  const hiding = new Map(
    rows.flatMap(({ incident, hidden_by }) =>
      incident === null || hidden_by === null ? [] : [[incident, hidden_by] as const],
    ),
  )
  const closed = await closeEmptied(trx, hiding, nowMs)
  await addHistory(
    trx,
    [...closed].flatMap((incident) => {
      const verdict = verdicts.find(({ id }) => id === hiding.get(incident))
      if (verdict === undefined) return []
      const text = `closed: ${judgementTexts[verdict.verdict]}. A verdict hides what was left: ${verdictText(verdict)}`
      return [{ incident, kind: 'verdict' as const, text }]
    }),
    nowMs,
  )
  const refreshed = await refreshIncidents(trx, [...hiding.keys()], surroundings, nowMs, false)
  return [...closed, ...refreshed]
}
