/**
 * ClickHouse as a server or a cluster of servers. In a cluster each table is two: `<t>_local` holds a node's share of the
 * rows, `<t>` is the distributed table over them, so that statements read the same as on one machine.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { AppError, messageOf } from '../errors.ts'
import type { Table } from '../schema/tables.ts'
import { id, raw, render, sql, type Sql } from '../sql/sql.ts'
import { divided, longestValue } from './divide-values.ts'
import {
  addColumnsText,
  createTableText,
  defaultMemoryBytes,
  engineSettings,
  secondsOf,
  loadSettings,
  statementSettings,
  type Engine,
  type LineFile,
  type LineLoad,
  type QueryOptions,
} from './engine.ts'
import { toAppError } from './failure.ts'
import { openBody } from './request-body.ts'

export interface ClusterOptions {
  /** HTTP addresses of all nodes. The first answers queries; loads take turns; definitions and deletes go to each. */
  readonly urls: readonly string[]
  /** Its name in the servers' `remote_servers`. Absent: a single server. */
  readonly cluster?: string
  /** Made on every node if it is not there. Default `default`. */
  readonly database?: string
  readonly username?: string
  readonly password?: string
}

interface Node {
  /** Without user and password: fit for a message. */
  readonly url: string
  readonly client: ClickHouseClient
}

type Settings = Readonly<Record<string, string | number>>

/** What one statement is sent with. */
interface Call {
  readonly query_id: string
  readonly abort_signal: AbortSignal
  readonly clickhouse_settings: Settings
}

/** How long a killed query may take to end, and a query to outlive its own time limit. */
const graceMs = 10_000
const killEveryMs = 500

const clusterSettings: Settings = {
  // A subquery over a distributed table is answered once for all nodes, not by each for its own rows.
  distributed_product_mode: 'global',
  // An insert has returned only when the rows are where they belong.
  distributed_foreground_insert: 1,
  // `INSERT … SELECT … GROUP BY` would be answered by each node for its own rows.
  parallel_distributed_insert_select: 0,
  skip_unavailable_shards: 0,
  // A query that fails late fails as a whole, not after its first rows.
  wait_end_of_query: 1,
}

const connect = (url: string, options: ClusterOptions, database: string): Node => {
  try {
    const client = createClient({
      url,
      database,
      username: options.username ?? 'default',
      password: options.password ?? '',
      application: 'winnow',
      // Every statement carries its own time limit.
      request_timeout: 2 ** 31 - 1,
      max_open_connections: 64,
      log: { level: ClickHouseLogLevel.OFF },
    })
    return { url: new URL(url).origin, client }
  } catch (error) {
    throw new AppError(
      'engine-unreachable',
      { url: url.replace(/\/\/.*@/, '//'), problem: messageOf(error) },
      error,
    )
  }
}

/** Tells how far a query is, until the returned function is called. */
const watch = (
  node: Node,
  queryId: string,
  tell: NonNullable<QueryOptions['onProgress']>,
  sentBytes: (() => number) | undefined,
): (() => void) => {
  let stopped = false
  let asking = false
  const ask = async (): Promise<void> => {
    const result = await node.client.query({
      query: `SELECT toFloat64(read_rows) AS rows, toFloat64(read_bytes) AS bytes FROM system.processes WHERE query_id = '${queryId}'`,
      format: 'JSONEachRow',
    })
    const [read] = await result.json<{ rows: number; bytes: number }>()
    if (!stopped && read !== undefined) tell({ rows: read.rows, bytes: sentBytes?.() ?? read.bytes })
  }
  const timer = setInterval(() => {
    if (asking) return
    asking = true
    // How far it is matters less than that it goes on: a failed question is not the query's failure.
    void ask()
      .catch(() => undefined)
      .finally(() => {
        asking = false
      })
  }, 250)
  return () => {
    stopped = true
    clearInterval(timer)
  }
}

/** Sends one statement to a node: stops it there when the signal fires, and gives up when nothing is heard in time. */
const perform = async <T>(
  node: Node,
  options: QueryOptions,
  send: (call: Call) => Promise<T>,
  sentBytes?: () => number,
): Promise<T> => {
  const { signal } = options
  if (signal?.aborted === true) throw new AppError('cancelled')
  const seconds = secondsOf(options)
  const queryId = randomUUID()
  const silence = new AbortController()
  const giveUp = (): void => silence.abort()
  const timers = seconds === 0 ? [] : [setTimeout(giveUp, seconds * 1000 + graceMs)]
  const kill = (): void => {
    node.client.command({ query: `KILL QUERY WHERE query_id = '${queryId}' ASYNC` }).catch(() => undefined)
  }
  const cancel = (): void => {
    kill()
    // Again: the server may not have begun with the query when it first hears that it is to stop.
    timers.push(setInterval(kill, killEveryMs), setTimeout(giveUp, graceMs))
  }
  signal?.addEventListener('abort', cancel, { once: true })
  const stopWatching = options.onProgress && watch(node, queryId, options.onProgress, sentBytes)
  try {
    return await send({
      query_id: queryId,
      abort_signal: silence.signal,
      clickhouse_settings: { ...engineSettings, ...clusterSettings, ...statementSettings(options) },
    })
  } catch (error) {
    if (signal?.aborted) throw new AppError('cancelled', {}, error)
    if (silence.signal.aborted) throw new AppError('timed-out', { seconds }, error)
    throw toAppError(error, {
      path: node.url,
      memoryBytes: options.memoryBytes ?? defaultMemoryBytes,
      seconds,
    })
  } finally {
    signal?.removeEventListener('abort', cancel)
    for (const timer of timers) clearTimeout(timer)
    stopWatching?.()
  }
}

const command = (node: Node, statement: Sql, options: QueryOptions = {}): Promise<void> => {
  const { text, values } = render(divided(statement))
  return perform(node, options, async (call) => {
    await node.client.command({ ...call, query: text, query_params: values })
  })
}

const select = <Row>(node: Node, query: Sql, options: QueryOptions = {}): Promise<Row[]> => {
  const { text, values } = render(divided(query))
  return perform(node, options, async (call) => {
    const result = await node.client.query({
      ...call,
      query: text,
      query_params: values,
      // A form takes values beyond the length of an address, but no long text.
      use_multipart_params: text.length < longestValue,
      format: 'JSONEachRow',
    })
    return result.json<Row>()
  })
}

/** The lines of the request's body, numbered. The server reads a body by one stream, in order, before anything else. */
const bodyLines = raw("(SELECT line, rowNumberInAllBlocks() AS line_number FROM input('line String'))")

const load = (node: Node, lines: LineLoad, options: QueryOptions = {}): Promise<void> => {
  const statement = sql`${lines.into} ${lines.select(bodyLines)} FORMAT LineAsString`
  const { text, values } = render(divided(statement))
  const settings = { ...loadSettings, ...options.settings }
  let sentBytes = (): number => 0
  const send = async (call: Call): Promise<void> => {
    const body = await openBody(lines, text)
    sentBytes = body.readBytes
    try {
      const { stream } = await node.client.exec({
        ...call,
        query: body.text ?? '',
        query_params: values,
        values: body.stream,
        ...(body.encoding === undefined ? {} : { http_headers: { 'Content-Encoding': body.encoding } }),
      })
      await finished(stream.resume())
    } finally {
      body.stream.destroy()
    }
  }
  return perform(node, { ...options, settings }, send, () => sentBytes())
}

/**
 * Files are looked at where they are, by the engine inside this process, opened when it is first asked: a sample is not
 * worth sending a file across the network for, and a server would stumble over damage it was told not to read.
 */
const localReader = () => {
  let opened: Promise<Engine> | undefined
  let folder = ''
  const open = async (): Promise<Engine> => {
    const { openEmbedded } = await import('./embedded.ts')
    folder = mkdtempSync(path.join(tmpdir(), `winnow-${process.pid}-reader-`))
    return openEmbedded({ path: folder, sessions: 1 })
  }
  const engine = (): Promise<Engine> => (opened ??= open())
  return {
    engine,
    /** A limited load as an unlimited one, of a plain file with just those lines. */
    withFirstLines: async (
      lines: LineLoad,
      options: QueryOptions | undefined,
      use: (plain: LineLoad) => Promise<void>,
    ): Promise<void> => {
      const copier = await engine()
      const target = path.join(folder, randomUUID())
      try {
        await copier.copyLines(lines, target, options)
        await use({ path: target, compression: 'none', into: lines.into, select: lines.select })
      } finally {
        rmSync(target, { force: true })
      }
    },
    close: async (): Promise<void> => {
      if (opened === undefined) return
      await (await opened).close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const localName = (table: Table): string => `${table.name}_local`

const distributedText = (table: Table, cluster: string, database: string): string =>
  `CREATE TABLE IF NOT EXISTS ${table.name} AS ${localName(table)} ENGINE = Distributed('${cluster}', '${database}', '${localName(table)}', ${table.shardBy})`

const makeDatabase = async (url: string, options: ClusterOptions, database: string): Promise<void> => {
  const node = connect(url, options, 'default')
  try {
    const found = await select<object>(node, sql`SELECT name FROM system.databases WHERE name = ${database}`)
    if (found.length === 0) await command(node, sql`CREATE DATABASE IF NOT EXISTS ${id(database)}`)
  } finally {
    await node.client.close()
  }
}

/**
 * Opens the engine on a server or a cluster.
 *
 * @throws AppError `engine-unreachable` where a node does not answer or does not let us in.
 */
export const openCluster = async (options: ClusterOptions): Promise<Engine> => {
  const { cluster, urls } = options
  const database = options.database ?? 'default'
  // It becomes part of a definition's text.
  if (cluster !== undefined && !/^[\w.-]+$/.test(cluster))
    throw new TypeError(`not a cluster name: ${cluster}`)
  await Promise.all(urls.map((url) => makeDatabase(url, options, database)))
  const nodes = urls.map((url) => connect(url, options, database))
  const [first] = nodes
  if (first === undefined) throw new TypeError('a cluster has at least one address')

  const everywhere = async (statement: Sql, settings: Settings = {}): Promise<void> => {
    await Promise.all(nodes.map((node) => command(node, statement, { settings })))
  }
  const held = (table: Table): string => (cluster === undefined ? table.name : localName(table))
  const reader = localReader()
  let loads = 0

  return {
    kind: 'cluster',
    ping: async () => void (await select(first, sql`SELECT 1`)),
    rows: (query, queryOptions) => select(first, query, queryOptions),
    run: (statement, queryOptions) => command(first, statement, queryOptions),
    loadLines: async (lines, queryOptions) => {
      const node = nodes[loads++ % nodes.length] ?? first
      if (lines.limit === undefined) return load(node, lines, queryOptions)
      return reader.withFirstLines(lines, queryOptions, (plain) => load(node, plain, queryOptions))
    },
    lineRows: async <Row>(file: LineFile, choose: (lines: Sql) => Sql, queryOptions?: QueryOptions) =>
      (await reader.engine()).lineRows<Row>(file, choose, queryOptions),
    countLines: async (file, queryOptions) => (await reader.engine()).countLines(file, queryOptions),
    copyLines: async (file, target, queryOptions) =>
      (await reader.engine()).copyLines(file, target, queryOptions),
    createTable: async (table) => {
      await everywhere(raw(createTableText(table, held(table))))
      if (cluster !== undefined) await everywhere(raw(distributedText(table, cluster, database)))
    },
    addColumns: async (table, columns) => {
      await everywhere(raw(addColumnsText(held(table), columns)))
      // A distributed table keeps nothing, so its columns have no codec.
      const bare = columns.map(({ name, type }) => ({ name, type }))
      if (cluster !== undefined) await everywhere(raw(addColumnsText(table.name, bare)))
    },
    dropTable: async (table) => {
      await everywhere(raw(`DROP TABLE IF EXISTS ${table.name} SYNC`))
      if (cluster !== undefined) await everywhere(raw(`DROP TABLE IF EXISTS ${localName(table)} SYNC`))
    },
    deleteRows: (table, where) =>
      everywhere(sql`DELETE FROM ${id(held(table))} WHERE ${where}`, { lightweight_deletes_sync: 2 }),
    reclaim: (table) =>
      everywhere(sql`ALTER TABLE ${id(held(table))} APPLY DELETED MASK`, { mutations_sync: 1 }),
    close: async () => {
      await Promise.all([reader.close(), ...nodes.map((node) => node.client.close())])
    },
  }
}
