/**
 * Logs opened: an engine that holds the events of what was asked for, for as long as a piece of work lasts.
 *
 * @module
 */
import { access, constants, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { isIP } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { bundledFormats, squidFormat } from './content.ts'
import type { Engine } from './engine/engine.ts'
import { ensureTable } from './engine/ensure-table.ts'
import { openEngine, type EngineConfig } from './engine/open.ts'
import { AppError, messageOf } from './errors.ts'
import { loadSources, type LoadResult } from './ingest/load.ts'
import { recover } from './ingest/segments.ts'
import { findSources } from './ingest/sources.ts'
import { parserFromFile } from './parse/mapping.ts'
import type { Parser } from './parse/parser.ts'
import type { ProgressUpdate } from './report/progress.ts'
import { tables } from './schema/tables.ts'

/** Which logs, and how to read them. Only `paths` is needed. */
export interface LogRequest {
  /** Files, folders, globs; `-` is standard input. */
  readonly paths: readonly string[]
  /** A parser's id, where the format is not to be detected. */
  readonly format?: string
  /** A mapping file for JSON lines or CSV. */
  readonly mapping?: string
  /** The `logformat` that Squid writes the files with, as it stands in squid.conf, where that is one of your own. */
  readonly squidLogformat?: string
  /** The zone of times that name none. Default UTC. */
  readonly timeZone?: string
  /**
   * Networks of the organisation beside the private ones, in CIDR notation (`192.0.2.0/24`): they tell what goes out from
   * what comes in.
   */
  readonly ownNetworks?: readonly string[]
  /** The year of the last line, for times that name none. Default: that of the file. */
  readonly year?: number
  /** Parsers of your own, beside the bundled ones. */
  readonly extraParsers?: readonly Parser[]
  /** A folder that keeps what was read, for the next hunt to learn from. Default: a temporary one, removed afterwards. */
  readonly data?: string
  /**
   * A ClickHouse server or cluster instead of the engine inside the process. What is read stays there; `threads` and
   * `memoryBytes` are the servers' own affair then.
   */
  readonly engine?: EngineConfig
  /** Threads for each query. Default: all cores. */
  readonly threads?: number
  /** The most memory the engine may hold, in bytes. Default 2,000,000,000. */
  readonly memoryBytes?: number
  readonly onProgress?: (update: ProgressUpdate) => void
  /** Stops the work, which then throws `cancelled`. */
  readonly signal?: AbortSignal
}

/** @throws AppError `invalid-network` */
export const checkedNetwork = (network: string): string => {
  const [, address = '', bits = ''] = network.match(/^([0-9A-Fa-f:.]+)(?:\/(\d{1,3}))?$/) ?? []
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  // An IPv4 address inside an IPv6 one is written by people as the former.
  const isMixed = address.includes(':') && address.includes('.')
  if (longest < 0 || isMixed || Number(bits) > longest) throw new AppError('invalid-network', { network })
  return network
}

/** Reads what was asked for. What could not be read is a source with a note. */
const load = async (engine: Engine, request: LogRequest, dataFolder: string): Promise<LoadResult> => {
  for (const table of tables) await ensureTable(engine, table)
  await recover(engine, dataFolder)
  const { parsers, envelopes } = await bundledFormats()
  const mapped = request.mapping === undefined ? [] : [await parserFromFile(request.mapping)]
  const squid = request.squidLogformat === undefined ? [] : [await squidFormat(request.squidLogformat)]
  const described = [...mapped, ...squid]
  // Of two, each file is read with the one that fits it.
  const format = request.format ?? (described.length === 1 ? described[0]?.id : undefined)
  const { sources, problems } = await findSources(request.paths, {
    dataFolder,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  if (sources.length === 0) {
    const told = problems.map(({ path: where, problem }) => `${where}: ${problem}`)
    throw new AppError('nothing-to-read', { problem: told.join('; ') || 'no files were named' })
  }
  const own = [...described, ...(request.extraParsers ?? [])]
  for (const parser of own) {
    if (parsers.some((bundled) => bundled.id === parser.id)) {
      throw new AppError('invalid-parser', { id: parser.id, problem: 'a bundled parser has this id' })
    }
  }
  const loaded = await loadSources({
    engine,
    sources,
    dataFolder,
    catalogue: { parsers: [...own, ...parsers], envelopes },
    ...(format === undefined ? {} : { format }),
    ...(request.timeZone === undefined ? {} : { timeZone: request.timeZone }),
    ...(request.year === undefined ? {} : { year: request.year }),
    ...(request.ownNetworks === undefined ? {} : { ownNetworks: request.ownNetworks.map(checkedNetwork) }),
    ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  })
  const unread = problems.map(({ path: where, problem }) => ({
    path: where,
    format: null,
    lines: 0,
    rejected: 0,
    note: problem,
  }))
  return { ...loaded, sources: [...loaded.sources, ...unread] }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be signalled, but runs.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A folder for one run, named after its process, so that what a killed run left behind is known for it and removed. */
const temporaryFolder = async (): Promise<string> => {
  const left = (await readdir(os.tmpdir())).filter((name) => {
    const pid = name.match(/^winnow-(\d+)-/)?.[1]
    return pid !== undefined && !isRunning(Number(pid))
  })
  for (const name of left) {
    // Another user's is theirs to remove.
    await rm(path.join(os.tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)
  }
  return mkdtemp(path.join(os.tmpdir(), `winnow-${process.pid}-`))
}

/** `mkdir -p`, a folder at a time: Node's own never ends where a folder above refuses new ones, as /proc does. */
const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || path.dirname(folder) === folder) throw error
    await makeFolder(path.dirname(folder))
    await mkdir(folder, { mode: 0o700 })
  }
}

/** Makes the data folder, for its owner only, or says in words why it cannot be used. */
export const prepareFolder = async (folder: string): Promise<void> => {
  try {
    await makeFolder(path.resolve(folder))
    await access(folder, constants.W_OK)
  } catch (error) {
    throw new AppError('data-folder-unusable', { path: folder, problem: messageOf(error) }, error)
  }
}

/**
 * Loads logs and hands the engine over; closes it afterwards, and removes the data folder unless it is to be kept.
 *
 * @throws AppError `nothing-to-read`, `unknown-parser`, `invalid-mapping`, `invalid-logformat`, `data-folder-in-use`, `disk-full` and what `use` throws
 */
export const withLogs = async <T>(
  request: LogRequest,
  use: (engine: Engine, loaded: LoadResult) => Promise<T>,
): Promise<T> => {
  const temporary = request.data === undefined
  const folder = request.data ?? (await temporaryFolder())
  if (request.engine === undefined) await prepareFolder(folder)
  try {
    const engine = await openEngine(
      request.engine ?? {
        kind: 'embedded',
        path: folder,
        temporary,
        ...(request.threads === undefined ? {} : { threads: request.threads }),
        ...(request.memoryBytes === undefined ? {} : { memoryBytes: request.memoryBytes }),
      },
    )
    try {
      return await use(engine, await load(engine, request, folder))
    } finally {
      await engine.close()
    }
  } finally {
    if (temporary) await rm(folder, { recursive: true, force: true })
  }
}
