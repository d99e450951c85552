/**
 * Spool → `events`: each line once.
 *
 * A stream's lines are numbered from its first one on, and its segments are named after the line they begin with. So
 * after a crash the listed segments say how far each stream is; what is not listed is taken back and loaded again.
 *
 * @module
 */
import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import { intakeFolder } from '../config/places.ts'
import { makeDurable } from '../engine/durable-table.ts'
import type { Engine } from '../engine/engine.ts'
import { isOutage } from '../engine/failure.ts'
import { messageOf } from '../errors.ts'
import type { Catalogue, Told } from '../ingest/reading.ts'
import { commitSegments } from '../ingest/segments.ts'
import { eventsTable, segmentsTable } from '../schema/tables.ts'
import type { Spool, Stream } from '../spool/spool.ts'
import { isShortage, openFailing } from './failing.ts'
import { openFormats, type Format } from './formats.ts'
import { batchesOf, groupsOf, type Group } from './groups.ts'
import {
  againBatch,
  batchOf,
  decideBatch,
  decideRejects,
  loadAgain,
  loadGroup,
  rejectsOf,
  type Batch,
  type LoadedBatch,
  type Loading,
} from './load-group.ts'
import { pauses } from './pauses.ts'
import { settleAgain } from './read-again.ts'
import { settleSpool } from './settle.ts'

/** Lines that are in `events` from now on. */
export interface Loaded {
  readonly source: string
  readonly kind: Stream['kind']
  /** Null where no format was found. */
  readonly format: string | null
  readonly lines: number
  readonly rejected: number
  /** Of the events among them; ms since 1970, UTC. Null without any. */
  readonly firstMs: number | null
  readonly lastMs: number | null
  /** When the first of them arrived. */
  readonly arrivedMs: number
  readonly segments: readonly string[]
  /** They were loaded before, as rejects, and are now understood. */
  readonly again?: true
}

export interface LoaderStats {
  readonly lines: number
  readonly rejected: number
  readonly loads: number
  /** How long it has been loading, of its life. */
  readonly busyMs: number
  /** What keeps it from loading; null while all is well. */
  readonly problem: string | null
}

export interface Loader {
  /** Resolves when no sealed segment waits. */
  idle(): Promise<void>
  /** The format of a stream; null where none was found so far. */
  formatOf(source: string): string | null
  stats(): LoaderStats
  /** Ends after the load that is running. */
  close(): Promise<void>
}

export interface LoaderOptions {
  /** Its tables must be there. */
  readonly engine: Engine
  readonly spool: Spool
  readonly catalogue: Catalogue
  readonly told: Told
  readonly dataFolder: string
  readonly onLoaded: (loaded: Loaded) => void
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
  /** How long it waits after a failure; after each further one twice as long, up to 30 s. Default 1000. */
  readonly retryMs?: number
}

/** A share of rejects that calls for another look at a stream's format. */
const manyRejects = ({ lines, rejected }: { lines: number; rejected: number }): boolean =>
  rejected >= 3 && rejected >= lines * 0.05

const problemOf = (error: unknown): string => messageOf(error).slice(0, 500)

/**
 * Loads what a spool gives until it is closed. Failures are logged and tried again; lines that make the engine fail while it
 * works otherwise are kept as rejects in the end, so that they don't hold up the others.
 *
 * @throws AppError where the engine fails at the start
 */
export const startLoader = async (options: LoaderOptions): Promise<Loader> => {
  const { engine, spool, told, catalogue, onLoaded, log, retryMs = 1000 } = options
  const intake = intakeFolder(options.dataFolder)
  const folder = path.join(intake, 'loading')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await makeDurable(engine, eventsTable)
  await makeDurable(engine, segmentsTable)
  const formats = await openFormats(path.join(intake, 'formats.json'), catalogue)
  const stop = new AbortController()
  const loading: Loading = { engine, spool, catalogue, told, formats, folder, signal: stop.signal }
  /** Streams that failed by themselves since they were last loaded. */
  const failing = openFailing(retryMs)
  const looks = pauses(1000, 600_000)
  let mostRemembered = 0
  /** Streams whose format was just found, and that gave lines before. */
  const unread: { readonly batch: Batch; readonly format: Format }[] = []
  let unsure = true
  let closing = false
  let problem: string | null = null
  let waitMs = 0
  const counts = { lines: 0, rejected: 0, loads: 0, busyMs: 0 }

  const settle = async (): Promise<void> => {
    await settleAgain(engine)
    await settleSpool(engine, spool)
    unsure = false
  }

  /** Forgets streams that the spool has forgotten: what they give later goes under another id. */
  const forgetStreams = (): void => {
    if (formats.streams.size + looks.size() <= mostRemembered) return
    const known = new Set(spool.names().flatMap((name) => spool.idOf(name) ?? []))
    for (const stream of formats.streams.keys()) if (!known.has(stream)) formats.streams.delete(stream)
    failing.keep(known)
    looks.keep(known)
    mostRemembered = 2 * (formats.streams.size + looks.size()) + 1000
  }

  const formatOf = ({ id: stream }: Batch): Format | null => {
    const key = formats.streams.get(stream)?.format ?? null
    return key === null ? null : (formats.of(key) ?? null)
  }

  const remember = async (batch: Batch, format: Format): Promise<void> => {
    const known = formats.streams.get(batch.id) ?? { header: null }
    formats.streams.set(batch.id, { ...known, format: format.key })
    await formats.save()
    log.info({ source: batch.stream.name, format: format.shown }, 'format found')
  }

  /** One look at a stream's format. Where the engine kept it from being taken, the next is not put off. */
  const taking = async <T>({ id: stream }: Batch, takeLook: () => Promise<T>): Promise<T> => {
    looks.took(stream)
    try {
      return await takeLook()
    } catch (error) {
      if (isOutage(error) || isShortage(error)) looks.reset(stream)
      throw error
    }
  }

  /** Finds the format of a stream that has none. */
  const look = async (batch: Batch): Promise<void> => {
    if (formatOf(batch) !== null || !looks.isDue(batch.id)) return
    try {
      const decision = await taking(batch, () => decideBatch(loading, batch))
      if (decision.format === null) return
      const said = batch.stream.format ?? told.format
      const format =
        said === undefined ? formats.take(decision, undefined) : formats.told(said, decision.narrowed)
      looks.reset(batch.id)
      await remember(batch, format)
      if (batch.first > 0) unread.push({ batch, format })
    } catch (error) {
      if (isOutage(error) || (isShortage(error) && !failing.note(batch.id, error))) throw error
      log.warn({ source: batch.stream.name, problem: problemOf(error) }, 'format not found')
    }
  }

  /** Another look at a stream of which much was rejected. */
  const lookAgain = async (loaded: LoadedBatch): Promise<LoadedBatch> => {
    const { batch, segment } = loaded
    const before = formatOf(batch)
    const isSaid = (batch.stream.format ?? told.format) !== undefined
    if (before === null || isSaid || !manyRejects(segment) || !looks.isDue(batch.id)) return loaded
    const decision = await taking(batch, async () => {
      const lines = await rejectsOf(loading, loaded)
      return lines.length === 0 ? null : decideRejects(loading, batch, lines)
    })
    if (decision === null || decision.format === null) return loaded
    const format = formats.take(decision, before)
    if (format === before) return loaded
    await remember(batch, format)
    const [again] = await loadAgain(loading, format, batch)
    return again ?? loaded
  }

  const list = async (loaded: readonly LoadedBatch[]): Promise<void> => {
    unsure = true
    await commitSegments(
      engine,
      loaded.map(({ segment }) => segment),
    )
    unsure = false
    for (const { batch, segment } of loaded) {
      failing.reset(batch.id)
      counts.lines += segment.lines
      counts.rejected += segment.rejected
      for (const one of batch.segments) await spool.done(one)
    }
    counts.loads++
    for (const { batch, segment } of loaded) onLoaded(loadedOf(batch, segment))
  }

  const loadedOf = ({ stream, arrivedMs }: Batch, segment: LoadedBatch['segment']): Loaded => {
    const { lines, rejected, firstMs, lastMs } = segment
    const times = rejected < lines ? { firstMs, lastMs } : { firstMs: null, lastMs: null }
    const { name: source, kind } = stream
    const format = segment.format === '' ? null : segment.format
    return { source, kind, format, lines, rejected, ...times, arrivedMs, segments: [segment.segment] }
  }

  /** Keeps lines as rejects that the engine fails on again and again, and only on them. */
  const giveUpOn = async (batch: Batch, format: Format): Promise<void> => {
    await engine.ping()
    let loaded: readonly LoadedBatch[]
    try {
      // It works. What failed may have passed meanwhile, or been one server of several.
      loaded = await loadGroup(loading, format, [batch])
    } catch (error) {
      if (isOutage(error)) throw error
      loaded = await loadGroup(loading, null, [batch])
      const { stream, lines } = batch
      log.error(
        { source: stream.name, lines, problem: problemOf(error) },
        'lines that the engine fails on are rejects',
      )
    }
    await list(loaded)
  }

  const loadAll = async ({ format, batches }: Group): Promise<void> => {
    const [only] = batches
    if (only === undefined || closing) return
    try {
      const loaded = await loadGroup(loading, format, batches)
      const settled: LoadedBatch[] = []
      for (const one of loaded) settled.push(await lookAgain(one))
      await list(settled)
    } catch (error) {
      if (isOutage(error) || unsure) throw error
      // Some lines cannot be loaded: find which, so that the others can.
      const half = Math.ceil(batches.length / 2)
      if (batches.length > 1) {
        await loadAll({ format, batches: batches.slice(0, half) })
        await loadAll({ format, batches: batches.slice(half) })
        return
      }
      if (only.segments.length > 1) {
        await loadAll({
          format,
          batches: [batchOf(only.segments.slice(0, Math.ceil(only.segments.length / 2)))],
        })
        return
      }
      const isDueToLines = failing.note(only.id, error)
      if (!isDueToLines || format === null) throw error
      await giveUpOn(only, format)
    }
  }

  /** Reads lines again that came before their format was known. */
  const lookBack = async (): Promise<void> => {
    for (let [next] = unread; next !== undefined; [next] = unread) {
      const { batch, format } = next
      try {
        const segment = await againBatch(loading, format, batch)
        if (segment !== undefined) {
          counts.rejected -= segment.lines - segment.rejected
          onLoaded({ ...loadedOf(batch, segment), again: true })
        }
      } catch (error) {
        unsure = true
        if (isOutage(error)) throw error
        log.warn(
          { source: batch.stream.name, problem: problemOf(error) },
          'lines that came before their format was known are still rejects',
        )
        await settle()
      }
      unread.shift()
    }
  }

  const pass = async (): Promise<void> => {
    if (unsure) await settle()
    forgetStreams()
    let failed: unknown
    /** The others are not held up. */
    const apart = async (work: Promise<unknown>): Promise<boolean> => {
      try {
        await work
        return true
      } catch (error) {
        if (isOutage(error) || unsure) throw error
        failed = error
        return false
      }
    }
    const batches: Batch[] = []
    for (const batch of batchesOf(spool.ready())) if (await apart(look(batch))) batches.push(batch)
    for (const group of groupsOf(batches, formatOf, ({ id: stream }) => failing.has(stream)))
      await apart(loadAll(group))
    await lookBack()
    if (failed !== undefined) throw failed
  }

  let wake: (() => void) | undefined
  let isIdle = false
  const waiters = new Set<() => void>()
  const wait = (ms: number | undefined): Promise<void> =>
    new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const unsubscribe = spool.onReady(() => {
    // After a failure it waits its time.
    if (waitMs === 0) wake?.()
  })

  const run = async (): Promise<void> => {
    for (;;) {
      if (closing) return
      const startedMs = performance.now()
      const { loads } = counts
      try {
        if (unsure || unread.length > 0 || spool.ready().length > 0) await pass()
        if (problem !== null) log.info({}, 'loading again')
        problem = null
        waitMs = 0
      } catch (error) {
        if (closing) return
        const told_ = problemOf(error)
        if (told_ !== problem) log.error({ problem: told_ }, 'lines wait: they could not be loaded')
        problem = told_
        // One stream that fails does not put the others off.
        waitMs = counts.loads > loads ? retryMs : Math.min(30_000, Math.max(retryMs, waitMs * 2))
      }
      counts.busyMs += performance.now() - startedMs
      if (closing) return
      if (waitMs > 0) await wait(waitMs)
      else if (spool.ready().length === 0) {
        isIdle = true
        for (const resolve of waiters) resolve()
        waiters.clear()
        await wait(undefined)
        isIdle = false
      }
    }
  }

  await settle()
  const running = run()
  return {
    idle: () =>
      isIdle && spool.ready().length === 0
        ? Promise.resolve()
        : new Promise((resolve) => waiters.add(resolve)),
    formatOf: (source) => formats.streams.get(spool.idOf(source) ?? '')?.format?.replace(/^=/, '') ?? null,
    stats: () => ({ ...counts, problem }),
    close: async () => {
      closing = true
      unsubscribe()
      wake?.()
      const impatient = setTimeout(() => stop.abort(), 10_000)
      await running
      clearTimeout(impatient)
      for (const resolve of waiters) resolve()
    },
  }
}
