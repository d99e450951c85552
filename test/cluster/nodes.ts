/**
 * A real ClickHouse cluster for tests: three nodes on loopback ports, each the npm package's library in a process of its
 * own, each a shard of the cluster `winnow`.
 *
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export interface Nodes {
  /** The name in `remote_servers`. */
  readonly cluster: string
  /** HTTP addresses, one a node. */
  readonly urls: readonly string[]
  readonly startMs: number
  /** How often they had to be started. */
  readonly attempts: number
  /** Resident memory of each node, in bytes; 0 where the system does not say. */
  readonly memory: () => readonly number[]
  /** Kills one node, by its place in `urls`. */
  readonly stopOne: (index: number) => Promise<void>
  readonly stop: () => Promise<void>
}

/** A node that nobody stopped ends by itself. */
const lifeSeconds = 15 * 60
const readySeconds = 60
const settleMs = 300
const attempts = 6
const cluster = 'winnow'

const platform = (): string => {
  const libc = process.platform === 'linux' ? '-gnu' : ''
  return `@chdb/lib-${process.platform}-${process.arch}${libc}/libchdb.so`
}

const libraryPath = (): string => {
  // Resolved from the package that depends on it, so that a nested install is found too.
  const chdb = createRequire(import.meta.url).resolve('chdb')
  return createRequire(chdb).resolve(platform())
}

/** Ports that are free now. All are held until the last is known, so that no two are equal. */
const freePorts = async (count: number): Promise<number[]> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject).listen(0, '127.0.0.1', resolve)
      })
      return server
    }),
  )
  // A TCP server's address is never the path of a pipe.
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

const configuration = (tcpPorts: readonly number[]): string => {
  const shards = tcpPorts.map(
    (port) =>
      `<shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`,
  )
  return `<clickhouse><max_server_memory_usage>2000000000</max_server_memory_usage><remote_servers><${cluster}>${shards.join('')}</${cluster}></remote_servers></clickhouse>\n`
}

const stayUp = [
  'SYSTEM START LISTEN HTTP',
  'SYSTEM START LISTEN TCP',
  `SELECT count() FROM numbers(${lifeSeconds}) WHERE NOT ignore(sleepEachRow(1)) SETTINGS max_block_size = 1, max_execution_time = 0, function_sleep_max_microseconds_per_block = 2000000`,
].join('; ')

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const end = async (child: ChildProcess): Promise<void> => {
  if (ended(child)) return
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}

const answers = async (url: string, query: string, wanted: string): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/?query=${encodeURIComponent(query)}`, {
      signal: AbortSignal.timeout(5000),
    })
    return (await response.text()).trim() === wanted
  } catch {
    return false
  }
}

interface Started {
  readonly folder: string
  readonly urls: readonly string[]
  readonly children: readonly ChildProcess[]
}

const untilAnswers = async (nodes: Started, query: string, wanted: string): Promise<void> => {
  const deadline = Date.now() + readySeconds * 1000
  for (const url of nodes.urls) {
    while (!(await answers(url, query, wanted))) {
      const dead = nodes.children.findIndex(ended)
      if (dead >= 0 || Date.now() > deadline) {
        const child = nodes.children[dead]
        const how = child === undefined ? 'in time' : `and ended (${child.signalCode ?? child.exitCode})`
        const log = readFileSync(path.join(nodes.folder, `node${Math.max(dead, 0) + 1}.log`), 'utf8')
        throw new Error(`the node at ${url} did not get ready ${how}: ${log.slice(-2000)}`)
      }
      await wait(100)
    }
  }
}

/** Each node by itself first: one that is called by another while it begins to listen may fall over. */
const untilReady = async (nodes: Started): Promise<void> => {
  await untilAnswers(nodes, 'SELECT 1', '1')
  await wait(settleMs)
  const everyone = `SELECT count() FROM clusterAllReplicas('${cluster}', system.one)`
  await untilAnswers(nodes, everyone, String(nodes.children.length))
}

const stopAll = async ({ children, folder }: Started): Promise<void> => {
  await Promise.all(children.map(end))
  rmSync(folder, { recursive: true, force: true })
}

const residentBytes = (pid: number | undefined): number => {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? 0 : Number(kilobytes) * 1024
  } catch {
    return 0
  }
}

const begin = async (count: number): Promise<Started> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-cluster-'))
  const ports = await freePorts(2 * count)
  const tcpPorts = ports.slice(0, count)
  const httpPorts = ports.slice(count)
  const config = path.join(folder, 'config.xml')
  writeFileSync(config, configuration(tcpPorts))
  const library = libraryPath()
  const script = fileURLToPath(new URL('node.mjs', import.meta.url))

  const children = tcpPorts.map((tcp, i) => {
    const data = path.join(folder, `node${i + 1}`)
    mkdirSync(data)
    const log = openSync(`${data}.log`, 'w')
    const settings = [`--http_port=${httpPorts[i]}`, `--tcp_port=${tcp}`, '--listen_host=127.0.0.1']
    const args = [
      '--multiquery',
      `--path=${data}`,
      `--config-file=${config}`,
      `--query=${stayUp}`,
      '--',
      ...settings,
    ]
    const child = spawn(process.execPath, [script, library, ...args], {
      stdio: ['ignore', log, log],
      cwd: data,
    })
    closeSync(log)
    return child
  })
  return { folder, children, urls: httpPorts.map((port) => `http://127.0.0.1:${port}`) }
}

/**
 * Starts the nodes, and waits until each of them reaches all the others. Listening is no everyday use of this library,
 * which aborts at the start now and then; then all begin anew. Later a node aborts where a server would write one line: when
 * another ends a connection with answers under way. So a statement that leaves any shows here.
 */
export const startNodes = async (count = 3): Promise<Nodes> => {
  const started = performance.now()
  for (let attempt = 1; ; attempt++) {
    const nodes = await begin(count)
    try {
      await untilReady(nodes)
    } catch (error) {
      await stopAll(nodes)
      if (attempt === attempts) throw error
      continue
    }
    const { children, urls } = nodes
    return {
      cluster,
      urls,
      startMs: performance.now() - started,
      attempts: attempt,
      memory: () => children.map((child) => residentBytes(child.pid)),
      stopOne: async (index) => {
        const child = children[index]
        if (child !== undefined) await end(child)
      },
      stop: () => stopAll(nodes),
    }
  }
}
