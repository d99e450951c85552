/**
 * What needs a person now.
 *
 * @module
 */
import { sql as storeSql } from 'kysely'
import { during } from '../../sql/instant.ts'
import { sql } from '../../sql/sql.ts'
import { listFindings } from '../../store/findings.ts'
import { listIncidents } from '../../store/incidents.ts'
import { readSettings } from '../../store/settings.ts'
import type { Today } from '../../api/api.ts'
import type { App, Running } from '../context.ts'
import { detectorRows } from '../detector-rows.ts'
import * as schemas from '../schemas/sources.ts'
import { settingsOf } from '../settings-of.ts'

const dayMs = 86_400_000
const bucketSeconds = 900
/** However large the budget: a page. */
const mostIncidents = 50
const mostBelow = 10
/** The chart is the same for everyone; asked more often than this, the last answer is given. */
const keptMs = 5000

const activityOf = async ({ engine, now }: Running): Promise<Today['activity']> => {
  const bucketMs = bucketSeconds * 1000
  const toMs = Math.ceil(now() / bucketMs) * bucketMs
  const fromMs = toMs - dayMs
  const rows = await engine.rows<{ at: number; events: number }>(
    sql`SELECT intDiv(toUnixTimestamp64Milli(timestamp), ${bucketMs}) * ${bucketMs} AS at, count() AS events FROM events WHERE category != 'reject' AND ${during({ fromMs, toMs })} GROUP BY at`,
    { interactive: true, seconds: 30 },
  )
  const counts = new Map(rows.map(({ at, events }) => [at, events]))
  return Array.from({ length: dayMs / bucketMs }, (_, i) => fromMs + i * bucketMs).map((at) => ({
    time: new Date(at).toISOString(),
    events: counts.get(at) ?? 0,
  }))
}

interface Counts {
  readonly open: number
  readonly acknowledged: number
  readonly closed: number
  readonly opened: number
  readonly older: number
}

const countsOf = async ({ store: { db }, now }: Running) => {
  const since = new Date(Math.floor(now() / dayMs) * dayMs)
  const dayAgo = new Date(now() - dayMs)
  const { rows } = await storeSql<Counts>`
    select (count(*) filter (where state = 'open'))::integer as open,
      (count(*) filter (where state = 'acknowledged'))::integer as acknowledged,
      (count(*) filter (where state = 'closed' and closed_at >= ${since}))::integer as closed,
      (count(*) filter (where opened_at >= ${since} and last_at >= ${dayAgo}))::integer as opened,
      (count(*) filter (where opened_at >= ${since} and last_at < ${dayAgo}))::integer as older
    from incidents where merged_into is null`.execute(db)
  return rows[0] ?? { open: 0, acknowledged: 0, closed: 0, opened: 0, older: 0 }
}

export const addTodayRoutes = (app: App, context: Running): void => {
  const { now, live } = context
  const { db } = context.store
  let chart: { readonly activity: Promise<Today['activity']>; readonly atMs: number } | null = null

  /** One that failed is asked for again. */
  const activity = (): Promise<Today['activity']> => {
    if (chart === null || now() - chart.atMs > keptMs) {
      const asked = activityOf(context)
      chart = { activity: asked, atMs: now() }
      asked.catch(() => (chart = null))
    }
    return chart.activity
  }

  app.get(
    '/api/today',
    {
      config: { role: 'viewer' },
      schema: { summary: 'What needs a person now', response: { 200: schemas.today } },
    },
    async (): Promise<Today> => {
      const { budgetPerDay } = await readSettings(db, settingsOf(context.config))
      const limit = Math.max(1, Math.min(mostIncidents, Math.ceil(budgetPerDay)))
      const { incidents } = await listIncidents(db, { state: ['open'], sort: 'risk', limit })
      const from = new Date(now() - dayMs).toISOString()
      const below = await listFindings(db, { state: ['below'], from, sort: 'rarity', limit: mostBelow })
      const counts = await countsOf(context)
      const detectors = await detectorRows(context)
      const sources = await context.sources()
      const events = await activity()
      return {
        incidents,
        open: counts.open,
        acknowledged: counts.acknowledged,
        closedToday: counts.closed,
        budget: { perDay: budgetPerDay, today: counts.opened, older: counts.older },
        below: below.findings,
        silent:
          live?.silent?.() ??
          sources.flatMap(({ name, state, lastSeen }) =>
            state === 'silent' ? [{ source: name, since: lastSeen ?? from, blinds: [] }] : [],
          ),
        blind: detectors.flatMap(({ id, title, state, why }) =>
          state === 'blind' ? [{ detector: id, title, why: why ?? 'nothing it reads has come' }] : [],
        ),
        activity: events,
        events: events.reduce((sum, bucket) => sum + bucket.events, 0),
        sources: sources.length,
      }
    },
  )
}
