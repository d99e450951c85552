/**
 * Live findings → stored findings: what continues one that is there is that one, grown.
 *
 * @module
 */
import { sql, type Insertable, type Selectable } from 'kysely'
import {
  continues,
  growFinding,
  reachOf,
  type KeptFinding,
  type LiveFinding,
  type Reach,
} from '../triage/lifecycle.ts'
import { hiddenBy, type GivenVerdict } from '../triage/verdicts.ts'
import type { FindingsTable } from './database.ts'
import { entityKey, findingOf, findingToRow } from './rows.ts'
import type { Trx } from './work.ts'

interface Entry {
  kept: KeptFinding
  readonly row: Selectable<FindingsTable> | null
  incident: string | null
  fused: boolean
  /** Others that were to be seen are in it. */
  tookVisible: boolean
}

/** Stored findings that the live ones may continue. */
const loadEntries = async (trx: Trx, live: readonly LiveFinding[], reach: Reach): Promise<Entry[]> => {
  const keys = [...new Set(live.map(({ finding }) => entityKey(finding.entity.kind, finding.entity.value)))]
  const furthest = Math.max(...live.map(({ finding }) => reachOf(reach, finding.detector)))
  const rows = await trx
    .selectFrom('findings')
    .selectAll()
    .where('fused_into', 'is', null)
    .where(sql<boolean>`entity_key = any(${keys})`)
    .where(
      'last_at',
      '>=',
      new Date(Math.min(...live.map(({ finding }) => Date.parse(finding.first))) - furthest),
    )
    .where(
      'first_at',
      '<=',
      new Date(Math.max(...live.map(({ finding }) => Date.parse(finding.last))) + furthest),
    )
    .orderBy('recorded_at')
    .orderBy('first_at')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    row,
    incident: row.incident,
    fused: false,
    tookVisible: false,
    kept: {
      finding: findingOf(row.body, row),
      rarity: row.rarity,
      state: row.line,
      toldId: row.told_id,
    },
  }))
}

export interface Growth {
  /** Findings that are new or have changed. */
  readonly changed: readonly string[]
  /** Incidents whose findings turned out to be one. */
  readonly merges: readonly (readonly [string, string])[]
  /** Of the changed, those that a verdict hides in their incident from now on. */
  readonly hidden: readonly string[]
}

const byTime = (a: LiveFinding, b: LiveFinding): number =>
  Date.parse(a.finding.first) - Date.parse(b.finding.first) || (a.finding.id < b.finding.id ? -1 : 1)

/** An id of a finding that was there at another time: two looks may give one name to two things. */
const freeId = (id: string, taken: (id: string) => boolean): string => {
  let free = id
  for (let tries = 1; taken(free); tries++) free = `${id}-${tries}`
  return free
}

const isSame = (a: Insertable<FindingsTable>, b: Selectable<FindingsTable>): boolean =>
  a.body === b.body &&
  a.line === b.line &&
  (a.hidden_by ?? null) === b.hidden_by &&
  (a.incident ?? null) === b.incident &&
  a.rarity === b.rarity

/** Rows to write at once: PostgreSQL takes 65,535 values. */
const mostRows = 200

const write = async (trx: Trx, rows: readonly Insertable<FindingsTable>[]): Promise<void> => {
  for (let from = 0; from < rows.length; from += mostRows)
    await trx
      .insertInto('findings')
      .values(rows.slice(from, from + mostRows))
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          line: eb.ref('excluded.line'),
          hidden_by: eb.ref('excluded.hidden_by'),
          incident: eb.ref('excluded.incident'),
          told_id: eb.ref('excluded.told_id'),
          severity: eb.ref('excluded.severity'),
          surprise: eb.ref('excluded.surprise'),
          rarity: eb.ref('excluded.rarity'),
          title: eb.ref('excluded.title'),
          first_at: eb.ref('excluded.first_at'),
          last_at: eb.ref('excluded.last_at'),
          events: eb.ref('excluded.events'),
          body: eb.ref('excluded.body'),
          gist: eb.ref('excluded.gist'),
          changed_at: eb.ref('excluded.changed_at'),
        })),
      )
      .execute()
}

/**
 * Stores live findings.
 *
 * @param isKeptApart incidents that somebody took apart: findings of both do not become one
 */
export const growFindings = async (
  trx: Trx,
  live: readonly LiveFinding[],
  options: {
    readonly reach: Reach
    readonly verdicts: readonly GivenVerdict[]
    readonly isKeptApart: (a: string, b: string) => boolean
    readonly nowMs: number
  },
): Promise<Growth> => {
  if (live.length === 0) return { changed: [], merges: [], hidden: [] }
  const { reach, verdicts, isKeptApart, nowMs } = options
  const entries = await loadEntries(trx, live, reach)
  const byKey = new Map<string, Entry[]>()
  const keyOf = ({ detector, entity }: LiveFinding['finding']): string =>
    `${detector}\0${entity.kind}\0${entity.value}`
  const add = (entry: Entry): void => {
    const key = keyOf(entry.kept.finding)
    const known = byKey.get(key)
    if (known === undefined) byKey.set(key, [entry])
    else known.push(entry)
  }
  entries.forEach(add)
  /** The verdict that hid it until now. What came from others that were to be seen is not hidden with it. */
  const hiddenBefore = ({ row, tookVisible }: Entry): string | null =>
    tookVisible ? null : (row?.hidden_by ?? null)
  const hides = (entry: Entry): string | null =>
    entry.kept.state === 'shown'
      ? (hiddenBy(verdicts, entry.kept.finding, hiddenBefore(entry))?.id ?? null)
      : null
  const isVisible = (entry: Entry): boolean => entry.kept.state === 'shown' && hides(entry) === null
  const ids = await takenIds(
    trx,
    live.map(({ finding }) => finding.id),
  )
  const touched = new Set<Entry>()
  const fusions: { readonly from: string; readonly into: Entry }[] = []
  const merges: (readonly [string, string])[] = []
  /** Each of the incidents that turned out to be one → all of them. */
  const united = new Map<string, readonly string[]>()
  const unitedWith = (incident: string): readonly string[] => united.get(incident) ?? [incident]
  const mayUnite = (a: string, b: string): boolean =>
    !unitedWith(a).some((one) => unitedWith(b).some((other) => isKeptApart(one, other)))
  const unite = (a: string, b: string): void => {
    merges.push([a, b])
    const all = [...new Set([...unitedWith(a), ...unitedWith(b)])]
    for (const one of all) united.set(one, all)
  }
  for (const next of live.toSorted(byTime)) {
    const { finding } = next
    const own = byKey.get(keyOf(finding)) ?? []
    const met = own.filter(
      (entry) => !entry.fused && continues(entry.kept.finding, finding, reachOf(reach, finding.detector)),
    )
    const [first, ...others] = met
    const told: KeptFinding = { ...next, toldId: finding.id }
    if (first === undefined) {
      const id = freeId(finding.id, (one) => ids.has(one))
      ids.add(id)
      const entry: Entry = {
        kept: { ...told, finding: { ...finding, id } },
        row: null,
        incident: null,
        fused: false,
        tookVisible: false,
      }
      add(entry)
      touched.add(entry)
      continue
    }
    first.kept = growFinding(first.kept, told)
    touched.add(first)
    for (const other of others) {
      const [a, b] = [first.incident, other.incident]
      if (a !== null && b !== null && !mayUnite(a, b)) continue
      first.tookVisible ||= isVisible(other)
      first.kept = growFinding(first.kept, other.kept)
      other.fused = true
      fusions.push({ from: other.kept.finding.id, into: first })
      if (a !== null && b !== null && a !== b) unite(a, b)
      first.incident = a ?? b
    }
  }
  const hidden: string[] = []
  const rows = [...touched].flatMap((entry): Insertable<FindingsTable>[] => {
    if (entry.fused && entry.row === null) return []
    const { kept } = entry
    const verdict = hides(entry)
    const wasHidden = entry.row?.line === 'shown' && hiddenBefore(entry) !== null
    if (verdict !== null && entry.incident !== null && !entry.fused && !wasHidden)
      hidden.push(kept.finding.id)
    const row = findingToRow(kept, {
      incident: entry.incident,
      hiddenBy: verdict,
      recordedAt: entry.row?.recorded_at ?? new Date(nowMs),
      changedAt: new Date(nowMs),
    })
    return entry.row !== null && isSame(row, entry.row) ? [] : [row]
  })
  await write(trx, rows)
  const changed = new Set(rows.map(({ id }) => id))
  for (const { from, into } of fusions) {
    changed.delete(from)
    await trx
      .updateTable('findings')
      .set({ fused_into: into.kept.finding.id, incident: null })
      .where((eb) => eb.or([eb('id', '=', from), eb('fused_into', '=', from)]))
      .execute()
  }
  return { changed: [...changed], merges, hidden }
}

const takenIds = async (trx: Trx, ids: readonly string[]): Promise<Set<string>> => {
  const rows = await trx
    .selectFrom('findings')
    .select('id')
    .where(sql<boolean>`id = any(${ids})`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
