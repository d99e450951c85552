/**
 * A hunt: from raw logs to ranked, explained findings.
 *
 * @module
 */
import { setMaxListeners } from 'node:events'
import { bundledDetectors } from './content.ts'
import { bucketWidth } from './detect/buckets.ts'
import { categoriesOf, readsLists } from './detect/reads.ts'
import { checkDetectors, findDetector } from './detect/check.ts'
import type { Detector } from './detect/detector.ts'
import { openPeers, type PeerFile } from './detect/peer-file.ts'
import { dropPeers, fillPeers } from './detect/peers.ts'
import { detectorsAtOnce, runDetector, type Detection } from './detect/run.ts'
import { rememberSuspects } from './detect/suspects.ts'
import type { Scope } from './detect/windows.ts'
import type { Engine, QueryOptions } from './engine/engine.ts'
import { AppError } from './errors.ts'
import type { TimeRange } from './features/feature-set.ts'
import type { LoadResult } from './ingest/load.ts'
import { compareInTime, logOf } from './ingest/rotation.ts'
import { dropKnownDestinations } from './intel/lists.ts'
import { dropKnownPlaces } from './intel/places.ts'
import { fillKnown, openOutside, withKnowledge, type Opened, type OutsideRequest } from './intel/learn.ts'
import { withLogs, type LogRequest } from './logs.ts'
import type { Report, Summary } from './report/report.ts'
import { sideBySide } from './side-by-side.ts'
import { during } from './sql/instant.ts'
import { sql } from './sql/sql.ts'
import { parseMoment } from './time.ts'
import { openAssets, type Assets } from './triage/assets.ts'
import { chooseFindings } from './triage/budget.ts'
import { describeChoices } from './triage/describe.ts'
import { apartOf, foldIncidents } from './triage/incidents.ts'
import { learnSurroundings } from './triage/surroundings.ts'

/** What to hunt in, and how. Only `paths` is needed. */
export interface HuntRequest extends LogRequest, OutsideRequest {
  /** Judge only from, and only before: a time, or how long before the last event (`24h`). */
  readonly since?: string
  readonly until?: string
  /**
   * Periods that are judged but not learned from: an incident, a penetration test, a holiday. Times as for `since`; `to` is not
   * part of the period.
   */
  readonly excludePeriods?: readonly { readonly from: string; readonly to: string }[]
  /** A file of peer groups, `entity,group` a line. Default: groups are learned from what users and machines have to do with. */
  readonly peers?: string
  /** Findings a day of data. Default: 20 in all. */
  readonly budget?: number
  /** A file of what machines and people are worth: `entity,weight` a line; what is not named weighs 1. It moves risks. */
  readonly assets?: string
  /** Ids of the detectors to run. Default: all that are on by default, and `extraDetectors`. */
  readonly detectors?: readonly string[]
  /** Detectors of your own, beside the bundled ones. */
  readonly extraDetectors?: readonly Detector[]
}

const chosenDetectors = async (request: HuntRequest): Promise<readonly Detector[]> => {
  const extra = request.extraDetectors ?? []
  const bundled = await bundledDetectors()
  checkDetectors(extra, bundled)
  const known = [...bundled, ...extra]
  if (request.detectors === undefined) return known.filter((detector) => detector.byDefault)
  return request.detectors.map((id) => findDetector(id, known))
}

/** @throws AppError `invalid-time` */
const excludedPeriods = ({ excludePeriods = [] }: HuntRequest, lastMs: number): TimeRange[] =>
  excludePeriods.map(({ from, to }) => {
    const [fromMs = 0, toMs = 0] = [from, to].map((text) => parseMoment(text, '--exclude-period', lastMs))
    if (fromMs >= toMs)
      throw new AppError('invalid-time', { option: '--exclude-period', value: `${to} is not after ${from}` })
    return { fromMs, toMs }
  })

/** The time of the judged events and of all events; null where nothing was parsed. */
const scopeOf = async (
  engine: Engine,
  request: HuntRequest,
  loaded: LoadResult,
  options: QueryOptions,
): Promise<Scope | null> => {
  if (loaded.first === null || loaded.last === null) return null
  const firstMs = Date.parse(loaded.first)
  const lastMs = Date.parse(loaded.last)
  const [all] = await engine.rows<{ firstMs: number; lastMs: number }>(
    sql`SELECT toUnixTimestamp64Milli(min(timestamp)) AS firstMs, toUnixTimestamp64Milli(max(timestamp)) AS lastMs FROM events WHERE category != 'reject'`,
    options,
  )
  const sinceMs = request.since === undefined ? firstMs : parseMoment(request.since, '--since', lastMs)
  const untilMs = request.until === undefined ? lastMs + 1 : parseMoment(request.until, '--until', lastMs)
  const judged = { fromMs: Math.max(firstMs, sinceMs), toMs: Math.min(lastMs + 1, untilMs) }
  return {
    all: { fromMs: all?.firstMs ?? judged.fromMs, toMs: Math.max((all?.lastMs ?? 0) + 1, judged.toMs) },
    judged,
    activeDays: await activeDaysIn(engine, judged, options),
    excluded: excludedPeriods(request, lastMs),
  }
}

const eventsDuring = (range: TimeRange) => sql`category != 'reject' AND ${during(range)}`

/** On how many days anything happened; at least 1. */
const activeDaysIn = async (engine: Engine, range: TimeRange, options: QueryOptions): Promise<number> => {
  const [row] = await engine.rows<{ days: number }>(
    sql`SELECT uniqExact(toDate(timestamp, 'UTC')) AS days FROM events WHERE ${eventsDuring(range)}`,
    options,
  )
  return Math.max(1, row?.days ?? 1)
}

/** Detectors whose kind of event is there at all, and whose list, where they go by one; the others have nothing to say. */
const withEvents = async (
  engine: Engine,
  detectors: readonly Detector[],
  scope: Scope,
  hasList: boolean,
  options: QueryOptions,
): Promise<readonly Detector[]> => {
  const rows = await engine.rows<{ category: string }>(
    sql`SELECT category FROM events WHERE ${eventsDuring(scope.judged)} GROUP BY category`,
    options,
  )
  const present = new Set(rows.map((row) => row.category))
  return detectors.filter((detector) => {
    if (!hasList && readsLists(detector)) return false
    const wanted = categoriesOf(detector)
    return wanted === null || wanted.some((category) => present.has(category))
  })
}

const logNames = { logOf, compare: compareInTime }

const detect = async (
  engine: Engine,
  detectors: readonly Detector[],
  scope: Scope,
  request: HuntRequest,
  options: QueryOptions,
): Promise<Detection[]> => {
  const detections = new Map<Detector, Detection>()
  await sideBySide(detectors, detectorsAtOnce, async (detector) => {
    request.onProgress?.({
      phase: 'detecting',
      label: detector.title,
      done: detections.size,
      total: detectors.length,
      unit: 'detectors',
    })
    detections.set(detector, await runDetector(engine, detector, scope, options, { detectors, ...logNames }))
  })
  return detectors.flatMap((detector) => detections.get(detector) ?? [])
}

const overviewBuckets = 120

const overview = async (
  engine: Engine,
  range: TimeRange,
  options: QueryOptions,
): Promise<Summary['activity']> => {
  const bucketMs = bucketWidth(range.toMs - range.fromMs, overviewBuckets)
  const rows = await engine.rows<{ bucket: number; events: number }>(
    sql`SELECT intDiv(toUnixTimestamp64Milli(timestamp), ${bucketMs}) AS bucket, count() AS events FROM events WHERE ${eventsDuring(range)} GROUP BY bucket`,
    options,
  )
  const counts = new Map(rows.map((row) => [row.bucket, row.events]))
  const first = Math.floor(range.fromMs / bucketMs)
  const last = Math.floor((range.toMs - 1) / bucketMs)
  return Array.from({ length: last - first + 1 }, (_, i) => ({
    time: new Date((first + i) * bucketMs).toISOString(),
    events: counts.get(first + i) ?? 0,
  }))
}

const huntIn = async (
  engine: Engine,
  loaded: LoadResult,
  request: HuntRequest,
  detectors: readonly Detector[],
  outside: Opened,
  peers: PeerFile | null,
  assets: Assets,
  startedMs: number,
): Promise<Report> => {
  const options: QueryOptions = request.signal === undefined ? {} : { signal: request.signal }
  const lists = await fillKnown(engine, outside, options)
  const scope = await scopeOf(engine, request, loaded, options)
  const hasList = lists.some(({ kind }) => kind === 'reputation')
  const active = scope === null ? [] : await withEvents(engine, detectors, scope, hasList, options)
  await fillPeers(engine, active, scope, peers, options)
  const detections = scope === null ? [] : await detect(engine, active, scope, request, options)
  const { chosen, below } = chooseFindings(detections, {
    days: scope?.activeDays ?? 1,
    ...(request.budget === undefined ? {} : { perDay: request.budget }),
  })
  request.onProgress?.({
    phase: 'explaining',
    label: 'evidence',
    done: active.length,
    total: active.length,
    unit: 'detectors',
  })
  const [described, activity] =
    scope === null
      ? [[], []]
      : await Promise.all([
          describeChoices(engine, chosen, scope.judged, options),
          overview(engine, scope.judged, options),
        ])
  if (request.lookUps !== undefined && request.lookUps !== false) {
    request.onProgress?.({
      phase: 'explaining',
      label: 'look-ups',
      done: active.length,
      total: active.length,
      unit: 'detectors',
    })
  }
  if (request.data !== undefined || request.engine !== undefined)
    await rememberSuspects(engine, chosen, options)
  const findings = await withKnowledge(engine, described, request, outside, request, options)
  const surroundings = await learnSurroundings(engine, findings, assets, options)
  return {
    version: 1,
    summary: {
      files: loaded.sources.length,
      lines: loaded.lines,
      parsed: loaded.parsed,
      rejected: loaded.rejected,
      first: loaded.first,
      last: loaded.last,
      seconds: Math.round((performance.now() - startedMs) / 10) / 100,
      detectors: active.map((detector) => detector.id),
      sources: loaded.sources,
      rejects: loaded.rejects,
      activity,
      belowBudget: below,
      ...(lists.length === 0 ? {} : { lists }),
    },
    findings,
    incidents: foldIncidents(findings, { ...surroundings, apart: apartOf(active) }),
  }
}

/**
 * Reads logs, learns what is normal in them, and returns what departs from it, best first.
 *
 * @example
 * ```ts
 * import { hunt } from 'winnow'
 *
 * const report = await hunt({ paths: ['/var/log/nginx/'] })
 * for (const finding of report.findings) console.log(finding.rank, finding.title)
 * ```
 * @throws AppError: `nothing-to-read`, `unknown-detector`, `invalid-list`, `data-folder-in-use`, `disk-full` and the others of the errors page
 */
export const hunt = async (request: HuntRequest): Promise<Report> => {
  const startedMs = performance.now()
  const detectors = await chosenDetectors(request)
  // Before anything is read: a mistake here should not cost a long load.
  const [sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY] = (
    ['since', 'until'] as const
  ).map((option) => {
    const written = request[option]
    return written === undefined ? undefined : parseMoment(written, `--${option}`, Date.now())
  })
  if (sinceMs >= untilMs)
    throw new AppError('invalid-time', { option: '--until', value: `${request.until} is not after --since` })
  excludedPeriods(request, Date.now())
  const outside = await openOutside(request)
  const peers = request.peers === undefined ? null : await openPeers(request.peers)
  const assets = request.assets === undefined ? new Map() : await openAssets(request.assets)
  // Every query listens to it, and there are many at once.
  if (request.signal !== undefined) setMaxListeners(0, request.signal)
  return withLogs(request, async (engine, loaded) => {
    try {
      return await huntIn(engine, loaded, request, detectors, outside, peers, assets, startedMs)
    } finally {
      await dropKnownDestinations(engine)
      await dropKnownPlaces(engine)
      await dropPeers(engine)
    }
  })
}
