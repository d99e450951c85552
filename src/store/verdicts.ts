/**
 * Verdicts given, taken back, and looked at beforehand. They act on what is already there, and can be undone.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { AppError } from '../errors.ts'
import type { CloseReason, LiveEvent, NewVerdict, Verdict, VerdictPreview } from '../api/api.ts'
import type { Premises } from '../triage/identity.ts'
import { hiddenBy, isHiding, isScoped, type VerdictScope } from '../triage/verdicts.ts'
import { eventsOf } from './changes.ts'
import type { Db, Person } from './database.ts'
import { foldStories } from './fold.ts'
import { closeEmptied, judgementTexts, verdictText } from './hiding.ts'
import { recallSurroundings } from './machines.ts'
import { refreshIncidents } from './refresh.ts'
import { findingColumns, findingListRow, findingOf, incidentRow, storable } from './rows.ts'
import { findCovered } from './covered.ts'
import { liveVerdicts, loadVerdicts } from './verdict-rows.ts'
import { addHistory, inWork, type Trx } from './work.ts'

const previewMs = 30 * 86_400_000
const mostShown = 50
const mostExamples = 10

export interface VerdictChange {
  readonly verdict: Verdict
  readonly events: readonly LiveEvent[]
}

const given = (text: string | undefined): string | null => (text === undefined || text === '' ? null : text)

/** The scope without what is empty. @throws AppError `invalid-change` for one that would cover everything */
const checked = ({ scope, expires }: NewVerdict, nowMs: number): VerdictScope => {
  if (!isScoped(scope))
    throw new AppError('invalid-change', { problem: 'a verdict is about an entity, a detector or a pattern' })
  if (expires !== undefined && expires !== null && !(Date.parse(expires) > nowMs))
    throw new AppError('invalid-change', { problem: 'a verdict expires in the future' })
  const detector = given(scope.detector)
  const pattern = given(scope.pattern)
  return {
    ...(scope.entity === undefined || scope.entity.value === '' ? {} : { entity: scope.entity }),
    ...(detector === null ? {} : { detector }),
    ...(pattern === null ? {} : { pattern }),
  }
}

const incidentsOf = async (db: Db, findings: readonly string[]): Promise<string[]> => {
  const rows = await db
    .selectFrom('findings')
    .select('incident')
    .distinct()
    .where(sql<boolean>`id = any(${findings}) and incident is not null`)
    .execute()
  return rows.flatMap(({ incident }) => incident ?? []).toSorted()
}

/** What a verdict would hide of the last 30 days; a threat hides nothing. @throws AppError `invalid-change` */
export const previewVerdict = async (
  db: Db,
  verdict: NewVerdict,
  nowMs = Date.now(),
): Promise<VerdictPreview> => {
  const scope = checked(verdict, nowMs)
  const covered = isHiding(verdict.verdict)
    ? await findCovered(db, scope, { sinceMs: nowMs - previewMs, expiresMs: null })
    : []
  const touched = await incidentsOf(db, covered)
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where(sql<boolean>`id = any(${touched})`)
    .orderBy('risk', 'desc')
    .orderBy('number', 'desc')
    .execute()
  const examples = await db
    .selectFrom('findings')
    .select(findingColumns)
    .where(sql<boolean>`id = any(${covered})`)
    .orderBy('rarity', 'desc')
    .orderBy('id')
    .limit(mostExamples)
    .execute()
  return {
    findings: covered.length,
    incidents: rows.slice(0, mostShown).map(incidentRow),
    confirmedThreats: rows
      .filter(({ reason }) => reason === 'threat')
      .slice(0, mostShown)
      .map(incidentRow),
    examples: examples.map(findingListRow),
  }
}

/** Hides what the verdict covers, and closes the incidents that have nothing left to show. @returns the incidents */
const hide = async (
  trx: Trx,
  { id, verdict, scope, who }: { id: string; verdict: CloseReason; scope: VerdictScope; who: Person | null },
  covered: readonly string[],
  premises: Premises,
  nowMs: number,
): Promise<readonly string[]> => {
  await trx
    .updateTable('findings')
    .set({ hidden_by: id, changed_at: new Date(nowMs) })
    .where(sql<boolean>`id = any(${covered})`)
    .execute()
  const touched = await incidentsOf(trx, covered)
  const { rows } = await sql<{
    id: string
    hidden: number
  }>`
    select i.id, (count(*) filter (where f.hidden_by = ${id}))::integer as hidden
    from incidents i join findings f on f.incident = i.id
    where i.id = any(${touched}) and f.fused_into is null and f.line = 'shown'
    group by i.id order by i.number`.execute(trx)
  const closed = await closeEmptied(trx, new Map(touched.map((incident) => [incident, id])), nowMs)
  await addHistory(
    trx,
    rows.map((row) => {
      const hidden = `${row.hidden} finding${row.hidden === 1 ? '' : 's'} hidden by a verdict: ${verdictText({ verdict, scope })}`
      return {
        incident: row.id,
        kind: 'verdict',
        text: closed.has(row.id) ? `closed: ${judgementTexts[verdict]}. ${hidden}` : hidden,
        who,
      }
    }),
    nowMs,
  )
  await refreshIncidents(trx, touched, await recallSurroundings(trx, premises), nowMs, false)
  return touched
}

const load = async (db: Db, id: string): Promise<Verdict> => {
  const [verdict] = await loadVerdicts(db, { id })
  if (verdict === undefined) throw new AppError('unknown-verdict', { id })
  return verdict
}

/** Gives a verdict, on what is there and on what comes. @throws AppError `invalid-change`, `unknown-incident` */
export const giveVerdict = (
  db: Db,
  verdict: NewVerdict,
  by: Person | null,
  premises: Premises,
  nowMs = Date.now(),
): Promise<VerdictChange> =>
  inWork(db, async (trx) => {
    const scope = checked(verdict, nowMs)
    const { incident = null, expires = null, note = '' } = verdict
    if (incident !== null) {
      const known = await trx
        .selectFrom('incidents')
        .select('id')
        .where('id', '=', incident)
        .executeTakeFirst()
      if (known === undefined) throw new AppError('unknown-incident', { id: incident })
    }
    const id = randomUUID()
    await trx
      .insertInto('verdicts')
      .values({
        id,
        verdict: verdict.verdict,
        entity_kind: scope.entity === undefined ? null : storable(scope.entity.kind),
        entity_value: scope.entity === undefined ? null : storable(scope.entity.value),
        detector: scope.detector === undefined ? null : storable(scope.detector),
        pattern: scope.pattern === undefined ? null : storable(scope.pattern),
        note: storable(note),
        incident,
        by_id: by?.id ?? null,
        by_name: by === null ? null : storable(by.name),
        created_at: new Date(nowMs),
        expires_at: expires === null ? null : new Date(expires),
        revoked_at: null,
        revoked_by_id: null,
        revoked_by_name: null,
      })
      .execute()
    const expiresMs = expires === null ? null : Date.parse(expires)
    const covered = isHiding(verdict.verdict) ? await findCovered(trx, scope, { expiresMs }) : []
    const touched = await hide(
      trx,
      { id, verdict: verdict.verdict, scope, who: by },
      covered,
      premises,
      nowMs,
    )
    if (incident !== null && !touched.includes(incident))
      await addHistory(
        trx,
        [
          {
            incident,
            kind: 'verdict',
            text: `verdict: ${verdictText({ verdict: verdict.verdict, scope })}`,
            who: by,
          },
        ],
        nowMs,
      )
    const told = incident === null || touched.includes(incident) ? touched : [...touched, incident]
    return { verdict: await load(trx, id), events: await eventsOf(trx, covered, told) }
  })

/** What a verdict hid: to each finding the next verdict that covers it, if there is one. @returns those to be seen again */
const release = async (trx: Trx, id: string, nowMs: number): Promise<readonly string[]> => {
  const others = (await liveVerdicts(trx)).filter((verdict) => verdict.id !== id)
  const rows = await trx
    .selectFrom('findings')
    .select(['id', 'body', 'first_at', 'last_at', 'events'])
    .where('hidden_by', '=', id)
    .where('fused_into', 'is', null)
    .execute()
  const next = rows.map((row) => ({
    id: row.id,
    hidden: hiddenBy(others, findingOf(row.body, row))?.id ?? null,
  }))
  for (const hidden of new Set(next.map((row) => row.hidden)))
    await trx
      .updateTable('findings')
      .set({ hidden_by: hidden, changed_at: new Date(nowMs) })
      .where(sql<boolean>`id = any(${next.flatMap((row) => (row.hidden === hidden ? [row.id] : []))})`)
      .execute()
  // An incident that another verdict keeps closed is closed by that one now.
  await sql`update incidents set closed_by = coalesce(
      (select min(hidden_by) from findings where incident = incidents.id and hidden_by is not null), closed_by)
    where closed_by = ${id}`.execute(trx)
  return next.flatMap((row) => (row.hidden === null ? [row.id] : []))
}

/** Takes a verdict back: what it hid is seen again, and the incidents it closed are open. @throws AppError `unknown-verdict` */
export const revokeVerdict = (
  db: Db,
  id: string,
  by: Person | null,
  premises: Premises,
  nowMs = Date.now(),
): Promise<VerdictChange> =>
  inWork(db, async (trx) => {
    const before = await load(trx, id)
    if (before.revoked !== null) return { verdict: before, events: [] }
    await trx
      .updateTable('verdicts')
      .set({
        revoked_at: new Date(nowMs),
        revoked_by_id: by?.id ?? null,
        revoked_by_name: by === null ? null : storable(by.name),
      })
      .where('id', '=', id)
      .execute()
    const released = await release(trx, id, nowMs)
    const touched = await incidentsOf(trx, released)
    await addHistory(
      trx,
      touched.map((incident) => ({
        incident,
        kind: 'verdict',
        text: `verdict taken back: ${verdictText(before)}`,
        who: by,
      })),
      nowMs,
    )
    const surroundings = await recallSurroundings(trx, premises)
    // Opened before the stories are put together: what is the same story as one that opened meanwhile becomes one with it.
    await refreshIncidents(trx, touched, surroundings, nowMs)
    const folded = await foldStories(trx, released, surroundings, nowMs)
    return {
      verdict: await load(trx, id),
      events: await eventsOf(trx, released, [...new Set([...touched, ...folded])]),
    }
  })

/** Newest first, revoked and expired ones included; at most 500. */
export const listVerdicts = (db: Db): Promise<readonly Verdict[]> => loadVerdicts(db, {})
