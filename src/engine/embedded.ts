/**
 * ClickHouse inside the process. A session runs one query at a time, so there are a few on the same folder: one is kept
 * for interactive queries, and one for stopping the others.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Session } from 'chdb'
import { AppError, messageOf } from '../errors.ts'
import { bound, id, raw, render, sql, type Sql } from '../sql/sql.ts'
import {
  addColumnsText,
  createTableText,
  engineSettings,
  secondsOf,
  loadSettings,
  statementSettings,
  type Engine,
  type LineFile,
  type QueryOptions,
} from './engine.ts'
import { toAppError } from './failure.ts'
import { literal, setParameters } from './parameters.ts'
import { takeTurns } from './turns.ts'

export interface EmbeddedOptions {
  /** The data folder; made if it is not there. One process at a time. */
  readonly path: string
  /** Sessions for long work, beside the interactive one. Default 2. */
  readonly sessions?: number
  /** Whether the folder is thrown away afterwards: its tables are then not tended. Default false. */
  readonly temporary?: boolean
  /** Threads a query may use. Default: all cores. */
  readonly threads?: number
  /** The most memory all queries together may hold, in bytes. Default 2,000,000,000. */
  readonly memoryBytes?: number
}

const assignments = (settings: Readonly<Record<string, string | number>>): string =>
  Object.entries(settings)
    .map(([name, value]) => `${name} = ${typeof value === 'number' ? value : literal(value)}`)
    .join(', ')

/**
 * A query holds a thread of Node's pool while it runs. If long ones could hold them all, none would be left to say that
 * one of them is to stop.
 */
const longSessions = (wanted = 2): number => {
  const threads = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)
  return Math.max(1, Math.min(wanted, threads - 2))
}

/** Whether another process has the folder open: the engine names it in a file, and says so only on the terminal. */
const isHeld = (folder: string): boolean => {
  try {
    const pid = Number(/^PID: (\d+)$/m.exec(readFileSync(path.join(folder, 'status'), 'utf8'))?.[1])
    return pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    // No such process is no; one of another user's is yes.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** What all queries together may hold, in bytes; one alone may have nearly all of it. */
const totalMemory = (options: EmbeddedOptions): number => options.memoryBytes ?? 2_000_000_000

const openSessions = (options: EmbeddedOptions): Session[] => {
  const sessions: Session[] = []
  try {
    mkdirSync(options.path, { recursive: true, mode: 0o700 })
    const total = totalMemory(options)
    for (let i = 0; i < 2 + longSessions(options.sessions); i++) {
      const session = new Session(options.path, {
        connectionArgs: [`--max_server_memory_usage=${total}`, '--allow_no_password=1'],
      })
      sessions.push(session)
      const threads =
        options.threads === undefined
          ? {}
          : { max_threads: options.threads, max_insert_threads: options.threads }
      session.query(`SET ${assignments({ ...engineSettings, ...threads })}`)
    }
    return sessions
  } catch (error) {
    for (const session of sessions) session.close()
    if (isHeld(options.path)) throw new AppError('data-folder-in-use', { path: options.path }, error)
    throw new AppError('data-folder-unusable', { path: options.path, problem: messageOf(error) }, error)
  }
}

/** One statement on a session that is free. */
const askSession = async (session: Session, text: string): Promise<string> => {
  try {
    const result = await session.queryAsync(text, { format: 'JSONEachRow' })
    return result.text()
  } catch (error) {
    // The rows a failed query had made already come with the next answer of the session, which is thrown away here.
    await session.queryAsync('SELECT 1').catch(() => undefined)
    throw error
  }
}

/** A folder for links, whose own name has no pattern characters. */
const linksFolder = (data: string): string => {
  const inside = path.resolve(data, 'links')
  if (!/^[\w./ @:+-]+$/.test(inside)) return mkdtempSync(path.join(tmpdir(), `winnow-${process.pid}-links-`))
  // What a killed run left.
  rmSync(inside, { recursive: true, force: true })
  mkdirSync(inside, { recursive: true, mode: 0o700 })
  return inside
}

/** Opens the engine on a folder. Throws `data-folder-in-use` where another process has it. */
export const openEmbedded = (options: EmbeddedOptions): Engine => {
  const [interactive, control, ...pool] = openSessions(options)
  if (interactive === undefined || control === undefined) throw new TypeError('no session was opened')
  const links = linksFolder(options.path)

  const onLong = takeTurns(pool)
  /** Interactive queries queue among themselves only. */
  const onInteractive = takeTurns([interactive])

  /** Asks the engine how far a query is, until the returned function is called. */
  const watch = (tag: string, tell: NonNullable<QueryOptions['onProgress']>): (() => void) => {
    let stopped = false
    const ask = async (): Promise<void> => {
      // Without bound values: a query that has some waits in the driver until no other such query runs.
      const result = await control.queryAsync(
        `SELECT read_rows AS rows, read_bytes AS bytes FROM system.processes WHERE Settings['log_comment'] = '${tag}'`,
        { format: 'JSONEachRow' },
      )
      const text = result.text()
      // The query's own columns.
      if (!stopped && text !== '') tell(JSON.parse(text) as { rows: number; bytes: number })
    }
    let last: Promise<void> = Promise.resolve()
    const timer = setInterval(() => {
      // How far it is matters less than that it goes on: a failed question is not the query's failure.
      last = last.then(() => (stopped ? undefined : ask())).catch(() => undefined)
    }, 250)
    return () => {
      stopped = true
      clearInterval(timer)
    }
  }

  const execute = async (session: Session, statement: Sql, options_: QueryOptions): Promise<string> => {
    const { signal } = options_
    if (signal?.aborted === true) throw new AppError('cancelled')
    const tag = randomUUID()
    const memoryBytes = options_.memoryBytes ?? Math.floor(0.95 * totalMemory(options))
    const settings = assignments({ ...statementSettings({ ...options_, memoryBytes }), log_comment: tag })
    const { text, values } = render(statement)
    const kill = (): void => {
      // ASYNC: the synchronous form waits on the thread that would have to answer it.
      control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = '${tag}' ASYNC`).catch(() => undefined)
    }
    let killing: NodeJS.Timeout | undefined
    const cancel = (): void => {
      kill()
      // Again: the engine may not have begun with the query when it first hears that it is to stop.
      killing = setInterval(kill, 500)
    }
    signal?.addEventListener('abort', cancel, { once: true })
    const stopWatching = options_.onProgress === undefined ? undefined : watch(tag, options_.onProgress)
    try {
      const parameters = setParameters(values)
      if (parameters !== null) await askSession(session, parameters)
      return await askSession(session, `${text}\nSETTINGS ${settings}`)
    } catch (error) {
      throw toAppError(error, {
        path: options.path,
        memoryBytes,
        seconds: secondsOf(options_),
      })
    } finally {
      signal?.removeEventListener('abort', cancel)
      clearInterval(killing)
      stopWatching?.()
    }
  }

  const submit = (statement: Sql, options_: QueryOptions = {}): Promise<string> => {
    const take = options_.interactive === true ? onInteractive : onLong
    return take(options_, (session) => execute(session, statement, options_))
  }

  const define = (text: string): Promise<void> =>
    onLong({}, async (session) => {
      try {
        await askSession(session, text)
      } catch (error) {
        throw toAppError(error, { path: options.path, memoryBytes: 0, seconds: 0 })
      }
    })

  /** `file()` reads patterns into its path, so a file is reached by a link whose name has none. */
  const withLink = async <T>(target: string, use: (link: string) => Promise<T>): Promise<T> => {
    const link = path.join(links, randomUUID())
    symlinkSync(path.resolve(target), link)
    try {
      return await use(link)
    } finally {
      unlinkSync(link)
    }
  }

  const rows = async <Row>(query: Sql, options_?: QueryOptions): Promise<Row[]> => {
    const text = await submit(query, options_)
    // The caller states the row's shape beside the query that makes it.
    return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Row]))
  }

  return {
    kind: 'embedded',
    // Without bound values: a query that has some waits in the driver until no other such query runs.
    ping: async () => void (await control.queryAsync('SELECT 1', { format: 'JSONEachRow' })),
    rows,
    run: async (statement, options_) => {
      await submit(statement, options_)
    },
    loadLines: (load, options_) =>
      withLink(load.path, async (link) => {
        const statement = sql`${load.into} ${load.select(fileLines(link, load))}`
        await submit(statement, { ...options_, settings: { ...loadSettings, ...options_?.settings } })
      }),
    lineRows: <Row>(file: LineFile, select: (lines: Sql) => Sql, options_?: QueryOptions) =>
      withLink(file.path, (link) => rows<Row>(select(fileLines(link, file)), options_)),
    countLines: (file, options_) =>
      withLink(file.path, async (link) => {
        const [row] = await rows<{ lines: number }>(
          sql`SELECT count() AS lines FROM ${wholeFile(link, file.compression)}`,
          options_,
        )
        return row?.lines ?? 0
      }),
    copyLines: (file, target, options_) =>
      withLink(file.path, (link) =>
        withLink(path.dirname(target), async (folder) => {
          const name = randomUUID()
          const into = sql`INSERT INTO FUNCTION file(${bound('String', path.join(folder, name))}, 'LineAsString', 'line String', 'none')`
          // Several threads would write the lines in the order in which they are done with them.
          const settings = { ...options_?.settings, max_threads: 1 }
          await submit(sql`${into} SELECT line FROM ${fileLines(link, file)}`, { ...options_, settings })
          renameSync(path.join(folder, name), target)
        }),
      ),
    createTable: (table) => define(createTableText(table, table.name, options.temporary)),
    addColumns: (table, columns) => define(addColumnsText(table.name, columns)),
    dropTable: (table) => define(`DROP TABLE IF EXISTS ${table.name} SYNC`),
    deleteRows: async (table, where) => {
      await submit(sql`DELETE FROM ${id(table.name)} WHERE ${where}`, {
        settings: { lightweight_deletes_sync: 2 },
      })
    },
    reclaim: async (table) => {
      await submit(sql`ALTER TABLE ${id(table.name)} APPLY DELETED MASK`, { settings: { mutations_sync: 1 } })
    },
    close: async () => {
      for (const session of [interactive, control, ...pool]) session.close()
      rmSync(links, { recursive: true, force: true })
    },
  }
}

const wholeFile = (file: string, compression: LineFile['compression']): Sql =>
  sql`file(${bound('String', file)}, 'LineAsString', 'line String', ${bound('String', compression)})`

/** The lines of a file as a table with the columns `line` and `line_number`. */
export const fileLines = (file: string, load: Omit<LineFile, 'path'>): Sql => {
  const limit = load.limit === undefined ? raw('') : sql` LIMIT ${load.limit}`
  // A limit is for a damaged archive: nothing may read ahead into the damage.
  const settings =
    load.limit === undefined
      ? raw('')
      : raw(
          ` SETTINGS input_format_parallel_parsing = 0, max_threads = 1, max_block_size = ${load.blockLines ?? 1}`,
        )
  return sql`(SELECT line, _row_number AS line_number FROM ${wholeFile(file, load.compression)}${limit}${settings})`
}
