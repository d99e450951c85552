/**
 * What findings of some kinds show beside their reasons: the rhythm of a beacon, the queries of a tunnel, the targets of a
 * scan. One query a kind for all findings of a detector.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { filterSql } from '../features/compile-filter.ts'
import { before } from '../features/feature.ts'
import { measureSql } from '../features/measure.ts'
import { burstMs } from '../features/rhythm.ts'
import type { Detail, Queries, Rhythm, Targets } from '../report/report.ts'
import { addressText } from '../schema/columns.ts'
import { raw, sql, type Sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import { payloadsOf } from './payload-detail.ts'
import { touchedOf } from './touched.ts'
import { entityIn, rangeOf, subjectOf, type Subject } from './subjects.ts'

const mostTimes = 10_000
const mostGapBuckets = 40
const mostHours = 24 * 35
const topShown = 8
const namesShown = 8

const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400] as const

const median = (sorted: readonly number[]): number => sorted[Math.floor((sorted.length - 1) / 2)] ?? 0

/** Gaps up to four times the median in buckets of one width; what is longer falls into the last. */
const gapBuckets = (sorted: readonly number[]): Rhythm['gaps'] => {
  const longest = sorted.at(-1) ?? 0
  const end = Math.min(longest, 4 * median(sorted))
  const width = widths.find((seconds) => end / seconds < mostGapBuckets) ?? 86_400
  const count = Math.min(mostGapBuckets, Math.floor(end / width) + 1)
  return Array.from({ length: count }, (_, i) => {
    const last = i === count - 1
    const inside = sorted.filter((gap) => gap >= i * width && (last || gap < (i + 1) * width))
    return {
      fromSeconds: i * width,
      toSeconds: last ? Math.max((i + 1) * width, Math.ceil(longest)) : (i + 1) * width,
      gaps: inside.length,
    }
  })
}

/** Times in ms, ascending → how regular they are. Null where there are too few to speak of a rhythm. */
export const rhythmOf = (times: readonly number[]): Rhythm | null => {
  const calls = times.filter((time, i) => i === 0 || time - (times[i - 1] ?? 0) > burstMs)
  const gaps = calls.slice(1).map((time, i) => (time - (calls[i] ?? 0)) / 1000)
  const [first] = calls
  const last = calls.at(-1)
  if (gaps.length < 3 || first === undefined || last === undefined) return null
  const sorted = gaps.toSorted((a, b) => a - b)
  const hour = (time: number): number => Math.floor(time / 3_600_000)
  const byHour = new Map<number, number>()
  for (const call of calls) byHour.set(hour(call), (byHour.get(hour(call)) ?? 0) + 1)
  const hours = Math.min(mostHours, hour(last) - hour(first) + 1)
  return {
    kind: 'rhythm',
    medianGap: Math.round(median(sorted) * 10) / 10,
    gaps: gapBuckets(sorted),
    hours: Array.from({ length: hours }, (_, i) => ({
      time: new Date((hour(first) + i) * 3_600_000).toISOString(),
      events: byHour.get(hour(first) + i) ?? 0,
    })),
  }
}

type Ask = <Row>(query: (subject: Sql, where: Sql) => Sql) => Promise<Row[]>

const rhythms = async (ask: Ask, subjects: readonly Subject[]): Promise<(Detail | null)[]> => {
  const rows = await ask<{ subject: number; times: number[] }>(
    (subject, where) =>
      sql`SELECT ${subject} AS subject, groupArraySorted(${raw(String(mostTimes))})(toUnixTimestamp64Milli(timestamp)) AS times FROM events WHERE ${where} GROUP BY subject`,
  )
  return subjects.map((_, i) => rhythmOf(rows.find((row) => row.subject === i + 1)?.times ?? []))
}

const queries = async (ask: Ask, subjects: readonly Subject[]): Promise<(Detail | null)[]> => {
  const carried = measureSql(before('dns_question_name', 'dns_question_registered_domain'))
  const [totals, types, examples] = await Promise.all([
    ask<{ subject: number; queries: number; names: number; bytes: number }>(
      (subject, where) =>
        sql`SELECT subject, sum(n) AS queries, count() AS names, sum(size) AS bytes FROM (SELECT ${subject} AS subject, lower(dns_question_name) AS name, count() AS n, max(${carried}) AS size FROM events WHERE ${where} GROUP BY subject, name) GROUP BY subject`,
    ),
    ask<{ subject: number; type: string; queries: number }>(
      (subject, where) =>
        sql`SELECT ${subject} AS subject, toString(dns_question_type) AS type, count() AS queries FROM events WHERE ${where} GROUP BY subject, type ORDER BY subject, queries DESC, type LIMIT ${topShown} BY subject`,
    ),
    ask<{ subject: number; name: string }>(
      (subject, where) =>
        sql`SELECT ${subject} AS subject, lower(dns_question_name) AS name FROM events WHERE ${where} GROUP BY subject, name ORDER BY subject, length(name) DESC, name LIMIT ${namesShown} BY subject`,
    ),
  ])
  return subjects.map((_, i): Queries | null => {
    const own = totals.find((row) => row.subject === i + 1)
    if (own === undefined) return null
    const { queries: asked, names, bytes } = own
    return {
      kind: 'queries',
      queries: asked,
      names,
      bytes,
      types: types
        .filter((row) => row.subject === i + 1)
        .map((row) => ({ type: row.type === '' ? 'unknown' : row.type, queries: row.queries })),
      examples: examples.filter((row) => row.subject === i + 1).map((row) => row.name),
    }
  })
}

const targets = async (ask: Ask, subjects: readonly Subject[], asked: Sql): Promise<(Detail | null)[]> => {
  const top = (column: 'destination_ip' | 'destination_port') =>
    ask<{ subject: number; value: string; events: number }>(
      (subject, where) =>
        sql`SELECT ${subject} AS subject, toString(${raw(column)}) AS value, sumIf(event_repeats, ${asked}) AS events FROM events WHERE ${where} GROUP BY subject, value HAVING events > 0 ORDER BY subject, events DESC, value LIMIT ${topShown} BY subject`,
    )
  const [totals, addresses, ports] = await Promise.all([
    ask<Omit<Targets, 'kind' | 'topAddresses' | 'topPorts'> & { readonly subject: number }>(
      (subject, where) =>
        sql`SELECT ${subject} AS subject, uniqExactIf(destination_ip, ${asked}) AS addresses, uniqExactIf(destination_port, ${asked}) AS ports, sumIf(event_repeats, event_outcome = 'success') AS answered, sumIf(event_repeats, event_outcome = 'failure') AS unanswered FROM events WHERE ${where} GROUP BY subject`,
    ),
    top('destination_ip'),
    top('destination_port'),
  ])
  const own = (rows: typeof addresses, i: number): Targets['topAddresses'] =>
    rows
      .filter((row) => row.subject === i + 1)
      .map((row) => ({ value: addressText(row.value), events: row.events }))
  return subjects.map((_, i): Targets | null => {
    const total = totals.find((row) => row.subject === i + 1)
    if (total === undefined) return null
    const { addresses: tried, ports: knocked, answered, unanswered } = total
    return {
      kind: 'targets',
      addresses: tried,
      ports: knocked,
      answered,
      unanswered,
      topAddresses: own(addresses, i),
      topPorts: own(ports, i),
    }
  })
}

const kinds = { rhythm: rhythms, queries, targets } as const

/** What is drawn of more than the events of the finding. */
const graphs = { touched: touchedOf, payloads: payloadsOf } as const

/** The details of each finding of a detector, in the order of the subjects. */
export const detailsOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<Detail[][]> => {
  if (detector.shows === null) return subjects.map(() => [])
  if (detector.shows === 'path') return subjects.map(({ path }) => (path === undefined ? [] : [path]))
  if (detector.shows === 'touched' || detector.shows === 'payloads')
    return graphs[detector.shows](engine, detector, subjects, options)
  const subject = subjectOf(detector, subjects)
  // How many calls were answered says nothing where only those without an answer are looked at.
  const { event_outcome: _, ...anyOutcome } = detector.from
  const from = detector.shows === 'targets' ? anyOutcome : detector.from
  const where = sql`${filterSql(from)} AND ${entityIn(detector, subjects)} AND ${rangeOf(subjects)} AND ${subject} > 0`
  const ask: Ask = (query) => engine.rows(query(subject, where), options)
  const found = await kinds[detector.shows](ask, subjects, filterSql(detector.from))
  return found.map((detail) => (detail === null ? [] : [detail]))
}
