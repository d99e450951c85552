/**
 * A server: intake, detection, work state, API and console, put together and taken apart in the right order.
 *
 * @module
 */
import os from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { openBus } from '../bus.ts'
import { openCurrent } from '../config/changes.ts'
import type { Config, ListenAddress } from '../config/config.ts'
import { intakeFolder, storeAt, urlOf } from '../config/places.ts'
import { bundledDetectors, bundledFormats } from '../content.ts'
import { secondsOf } from '../detect/detector.ts'
import { openPeers } from '../detect/peer-file.ts'
import { ensureTable } from '../engine/ensure-table.ts'
import { indexLines } from '../engine/line-index.ts'
import type { Engine } from '../engine/engine.ts'
import { openEngine } from '../engine/open.ts'
import { AppError, messageOf } from '../errors.ts'
import { recover } from '../ingest/segments.ts'
import { buildIntake } from '../intake/http/app.ts'
import { startLoader } from '../intake/loader.ts'
import { openSources } from '../intake/sources.ts'
import { startSyslog } from '../intake/syslog/syslog.ts'
import { fillKnown, openOutside, withKnowledge, type OutsideRequest } from '../intel/learn.ts'
import { startLive } from '../live/live.ts'
import { keepLease } from './lease.ts'
import { prepareFolder } from '../logs.ts'
import { startNotify } from '../notify/notify.ts'
import type { Retention } from './retention.ts'
import { tables } from '../schema/tables.ts'
import { buildApp } from '../server/app.ts'
import type { LiveEvent, Settings } from '../api/api.ts'
import { settingsOf } from '../server/settings-of.ts'
import { openSpool, type Spool } from '../spool/spool.ts'
import { recordFindings } from '../store/findings.ts'
import { openKeys } from '../store/keys.ts'
import { readMarks, writeMark } from '../store/marks.ts'
import { setupLink } from '../store/one-time-tokens.ts'
import { raritiesSince } from '../store/rarities.ts'
import { readSettings } from '../store/settings.ts'
import { openStore, type Store } from '../store/store.ts'
import { learnSurroundings } from '../triage/surroundings.ts'
import { openAssets } from '../triage/assets.ts'
import type { Premises } from '../triage/identity.ts'
import { apartOf } from '../triage/incidents.ts'
import { detectorSettings, renewalOf, tellUnused, toldOf } from './changing.ts'
import { openBackups } from './backup/backups.ts'
import { mustBeWhole } from './backup/restore.ts'
import { followFiles } from './follow-files.ts'
import { startUpkeep } from './upkeep.ts'

export interface ServeOptions {
  readonly log: Logger
  /** Logs of an example, replayed: the console says so. */
  readonly demo?: boolean
  /** Where the built console lies. Default: beside the program. */
  readonly consoleFolder?: string
  /** See `LiveOptions.pace`. */
  readonly pace?: number
}

/** A server that runs. */
export interface Server {
  /** Where the console is, as it listens: `http://127.0.0.1:8484`. */
  readonly url: string
  /** Where logs are sent by HTTP; null: nowhere. */
  readonly intakeUrl: string | null
  /** Makes the first administrator; null where there is one. */
  readonly setup: string | null
  readonly engine: Engine
  readonly store: Store
  readonly spool: Spool
  /** Resolves when all that was taken in is loaded and was looked at by every detector. */
  readonly settled: () => Promise<void>
  /** Resolves when the server can't go on, with the reason; another start may help. */
  readonly lost: Promise<AppError>
  /** Takes from another configuration what can change while it runs, and certificates anew; see src/config/changes.ts. */
  readonly reload: (next: Config) => Promise<void>
  readonly close: () => Promise<void>
}

const outsideOf = ({ lists, geoip, ownNetworks }: Config): OutsideRequest => ({
  categories: lists.categories,
  reputation: lists.reputation,
  ownNetworks,
  ...(geoip === undefined ? {} : { geoip: [geoip] }),
})

/** What an engine is called that other servers on the same work state don't have; empty where all have the same. */
const engineOf = ({ store, engine, data }: Config): string =>
  store === undefined || engine !== undefined ? '' : `${os.hostname()}:${path.resolve(data)}`

interface Listening {
  listen(options: { readonly host: string; readonly port: number }): Promise<string>
  readonly server: { address(): string | { readonly port: number } | null }
}

/** @throws AppError `cannot-listen` */
const listenAt = async (app: Listening, listen: ListenAddress): Promise<string> => {
  try {
    await app.listen({ host: listen.host, port: listen.port })
  } catch (error) {
    throw new AppError(
      'cannot-listen',
      { address: `${listen.host}:${listen.port}`, problem: messageOf(error) },
      error,
    )
  }
  const address = app.server.address()
  return urlOf(listen, typeof address === 'object' ? address?.port : undefined)
}

/** What is to be undone, the last first. */
const openStack = () => {
  const steps: (() => Promise<unknown> | void)[] = []
  return {
    defer: (step: () => Promise<unknown> | void): void => {
      steps.push(step)
    },
    unwind: async (log: Logger): Promise<void> => {
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step()
        } catch (error) {
          log.error({ error: messageOf(error) }, 'a part did not close')
        }
      }
    },
  }
}

const start = async (
  started: Config,
  options: ServeOptions,
  stack: ReturnType<typeof openStack>,
): Promise<Server> => {
  const { log } = options
  const { config, take } = openCurrent(started)
  await prepareFolder(config.data)
  await mustBeWhole(config.data)
  const outside = outsideOf(config)
  const peers = config.peers === undefined ? null : await openPeers(config.peers)
  const assets = config.assets === undefined ? new Map<string, number>() : await openAssets(config.assets)
  const opened = await openOutside(outside)
  // Before the work state: its lock holds between containers too, in which every process has the same number.
  const engine = await openEngine(
    config.engine ?? {
      kind: 'embedded',
      path: config.data,
      sessions: 4,
      memoryBytes: config.memoryBytes,
      ...(config.threads === undefined ? {} : { threads: config.threads }),
    },
  )
  stack.defer(() => engine.close())
  const store = await openStore(storeAt(config))
  stack.defer(() => store.close())
  for (const table of tables) await ensureTable(engine, table)
  await indexLines(engine)
  const lists = await fillKnown(engine, opened)
  const { parsers, envelopes } = await bundledFormats()
  const catalogue = { parsers, envelopes }
  const detectors = await bundledDetectors()
  const bus = openBus<LiveEvent>()
  const sources = await openSources(engine, Date.now)

  const spool = await openSpool({
    folder: intakeFolder(config.data),
    maxBytes: config.spool.maxBytes,
    onDamage: (facts) => log.warn(facts, 'a journal was damaged: lines that were not acknowledged are gone'),
  })
  stack.defer(() => spool.close())
  // On servers that others write to as well, what is not listed may be just being written by them.
  const own = spool.names().flatMap((name) => spool.idOf(name) ?? [])
  await recover(engine, config.data, engine.kind === 'cluster' ? own : undefined)

  const lease = await keepLease(store.db, 'detection', log)
  stack.defer(() => lease.close())
  const ownEngine = engineOf(config)
  // Who has an engine of its own detects in it, though it shares its work state with others.
  const detecting = ownEngine === '' ? lease : await keepLease(store.db, `detection ${ownEngine}`, log)
  if (detecting !== lease) stack.defer(() => detecting.close())
  const settings = (): Promise<Settings> => readSettings(store.db, settingsOf(config))
  const retention = async (): Promise<Retention> => {
    const { retentionDays, retentionBytes } = await settings()
    return { days: retentionDays, bytes: retentionBytes }
  }
  const upkeep = startUpkeep({ engine, db: store.db, retention, isLeader: detecting.isHeld, log })
  stack.defer(() => upkeep.close())
  const notify = startNotify({ db: store.db, bus, url: config.url ?? null, isLeader: lease.isHeld, log })
  stack.defer(() => notify.close())
  const premises: Premises = { assets, apart: apartOf(detectors) }
  const reach = new Map(
    detectors.map(
      ({ id, windows }) => [id, Math.max(...windows.map(({ length }) => secondsOf(length) * 1000))] as const,
    ),
  )
  const live = await startLive({
    engine,
    detectors,
    hasLists: lists.some(({ kind }) => kind === 'reputation'),
    peers,
    excluded: async () =>
      (await settings()).excludedPeriods.map(({ from, to }) => ({
        fromMs: Date.parse(from),
        toMs: Date.parse(to),
      })),
    settings: () => detectorSettings(store.db, config),
    budgetPerDay: async () => (await settings()).budgetPerDay,
    situations: (sinceMs) =>
      raritiesSince(
        store.db,
        sinceMs,
        detectors.filter(({ certain }) => certain).map(({ id }) => id),
      ),
    marks: {
      read: () => readMarks(store.db, ownEngine),
      write: (detector, loadedByMs) => writeMark(store.db, ownEngine, detector, loadedByMs),
    },
    learn: (findings, query) =>
      withKnowledge(engine, findings, outside, opened, { data: config.data }, query),
    record: async (findings) => {
      const surroundings = await learnSurroundings(
        engine,
        findings.map(({ finding }) => finding),
        assets,
      )
      const { changes } = await recordFindings(store.db, {
        findings,
        surroundings: { ...surroundings, ...premises },
        nowMs: Date.now(),
        reach,
      })
      for (const change of changes) bus.publish(change)
    },
    isLeader: detecting.isHeld,
    ...(options.pace === undefined ? {} : { pace: options.pace }),
    onCycle: (cycle) => bus.publish({ kind: 'cycle', ...cycle }),
    log,
  })
  stack.defer(() => live.close())

  const backups = await openBackups({ engine, db: store.db, spool, config, log })
  stack.defer(() => backups.close())
  const told = toldOf(config, await settings())
  const loader = await startLoader({
    engine,
    spool,
    catalogue,
    told,
    dataFolder: config.data,
    onLoaded: (loaded) => {
      sources.loaded(loaded)
      bus.publish({ kind: 'loaded', source: loaded.source, lines: loaded.lines, rejected: loaded.rejected })
      live.wake()
    },
    log,
  })
  stack.defer(() => loader.close())

  const app = await buildApp({
    engine,
    store,
    config,
    bus,
    detectors,
    premises,
    log,
    sources: sources.rows,
    live,
    spool,
    notify,
    backups,
    settingsChanged: () => {
      settings()
        .then((now) => Object.assign(told, toldOf(config, now)))
        .catch((error: unknown) => log.warn({ error: messageOf(error) }, 'settings were not read'))
    },
    ...(config.trustedProxies === undefined ? {} : { trustedProxies: config.trustedProxies }),
    ...(options.demo === undefined ? {} : { demo: options.demo }),
    ...(options.consoleFolder === undefined ? {} : { consoleFolder: options.consoleFolder }),
  })
  stack.defer(() => app.close())
  const url = await listenAt(app, config.listen)

  const renewals = [renewalOf(app, config.listen)]
  let intakeUrl: string | null = null
  if (config.intake !== null) {
    const intake = buildIntake({ spool, keys: openKeys(store.db), config: config.intake, log })
    stack.defer(() => intake.close())
    intakeUrl = await listenAt(intake, config.intake)
    renewals.push(renewalOf(intake, config.intake))
  }
  for (const source of config.syslog) {
    const syslog = await startSyslog({ source, spool, log })
    stack.defer(() => syslog.close())
  }
  const files = followFiles({ spool, log, dataFolder: config.data })
  stack.defer(() => files.close())
  await files.follow(config.files)
  const setup = await setupLink(store.db, config.url ?? url)
  return {
    url,
    intakeUrl,
    setup,
    engine,
    store,
    spool,
    lost: store.lost,
    settled: async () => {
      await loader.idle()
      await live.settled()
    },
    reload: async (next) => {
      // What may fail comes first: nothing is half taken.
      const now = await readSettings(store.db, settingsOf(next))
      const nextTold = toldOf(next, now)
      for (const renew of renewals) renew()
      const hasOtherFiles = !isDeepStrictEqual(next.files, config.files)
      take(next)
      if (next.timeZone === undefined) Reflect.deleteProperty(told, 'timeZone')
      Object.assign(told, nextTold)
      Object.assign(outside, { ownNetworks: config.ownNetworks })
      log.level = next.log.level
      tellUnused(settingsOf(next), now, log)
      if (hasOtherFiles) await files.follow(config.files)
      live.wake()
    },
    close: () => stack.unwind(log),
  }
}

/**
 * Starts a server, and returns when it listens.
 *
 * @throws AppError `cannot-listen`, `data-folder-in-use`, `data-folder-unusable`, `store-unreachable`, `invalid-list` and the others of the errors page
 */
export const serve = async (config: Config, options: ServeOptions): Promise<Server> => {
  const stack = openStack()
  try {
    return await start(config, options, stack)
  } catch (error) {
    await stack.unwind(options.log)
    throw error
  }
}
