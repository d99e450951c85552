/**
 * A server under load: so many events a second of mixed formats over HTTP and syslog, for so long, on loopback. Counts what was sent and
 * what is there, measures how long after an attack its finding is there, and how much memory the server holds.
 * `node dist/bench/serve.js --seconds 600 --rate 20000 [--write]`
 *
 * @module
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { projectRoot } from './place.ts'
import { table } from './table.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '20000' },
    folder: { type: 'string' },
    /** Seconds between two attacks. */
    every: { type: 'string', default: '12' },
  },
})

const seconds = Number(values.seconds)
const rate = Number(values.rate)
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (n: number): string => String(n).padStart(2, '0')

const clf = (at: Date): string =>
  `${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`

let serial = 0
/** A number that looks random, the same in every run. */
const spread = (below: number): number => {
  serial = (serial * 1_103_515_245 + 12_345) % 2_147_483_648
  return Math.floor((serial / 2_147_483_648) * below)
}

const agent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
/** One of so many addresses, some of which come far more often than others. */
const oneOf = (many: number, net: string): string => {
  const place = Math.floor((spread(1000) ** 2 / 1e6) * many) + spread(many / 1000)
  return `${net}.${place >> 8}.${place & 255}`
}

const visitor = (): string => oneOf(20_000, '198.18')
const till = (): string => `198.19.${spread(8)}.${spread(250)}`
const machine = (): string => `192.0.2.${1 + spread(250)}`

const webLine = (at: Date, client = visitor(), target = `/articles/${spread(300)}`, status = 200): string =>
  `${client} - - [${clf(at)}] "GET ${target} HTTP/1.1" ${status} ${500 + spread(20_000)} "https://www.example.com/" "${agent}"`

const apiLine = (at: Date, client = till()): string =>
  JSON.stringify({
    time_iso8601: at.toISOString().replace(/\.\d+Z/, '+00:00'),
    remote_addr: client,
    host: 'api.example.com',
    request: `GET /v1/stock?shop=${spread(40)} HTTP/1.1`,
    status: 200,
    body_bytes_sent: 1000 + spread(1000),
    request_time: 0.001,
    http_user_agent: 'till/4.2',
  })

const sshLine = (at: Date): string => {
  const user = spread(40)
  return `<38>1 ${at.toISOString()} gate${spread(5)}.example.com sshd ${1000 + spread(9000)} - - Accepted publickey for user${user} from 192.0.2.${10 + user} port ${1024 + spread(60_000)} ssh2`
}

const dnsLine = (at: Date): string =>
  `<30>1 ${at.toISOString()} ns1.example.com dnsmasq ${900 + spread(9)} - - query[A] host${spread(500)}.example.org from ${machine()}`

/** What was sent, by way. */
const sent = { web: 0, api: 0, syslog: 0, refused: 0 }

const keepAlive = new Agent({ keepAlive: true, maxSockets: 4 })

const post = (port: number, route: string, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path: route,
        method: 'POST',
        agent: keepAlive,
        headers: { 'content-type': 'text/plain' },
      },
      (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })

/** Sends a batch until it is taken. */
const deliver = async (port: number, route: string, lines: readonly string[]): Promise<void> => {
  const body = `${lines.join('\n')}\n`
  for (;;) {
    const status = await post(port, route, body)
    if (status < 300) return
    sent.refused++
    if (status !== 429 && status !== 503) throw new Error(`${route} answered ${status}`)
    await pause(500)
  }
}

const write = (socket: Socket, text: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.write(text)) resolve()
    else socket.once('drain', resolve)
  })

interface Attack {
  readonly kind: 'scan' | 'spike'
  readonly client: string
  readonly endedMs: number
  foundMs: number | null
}

const attacks: Attack[] = []
/** How long each look at what was new took, in seconds. */
const cycles: number[] = []

/** A burst of requests for what is not there: noticed within the minute. */
const attack = async (port: number): Promise<void> => {
  if (attacks.length % 3 === 2) return spike(port)
  const client = `203.0.113.${1 + (attacks.length % 250)}`
  const lines = Array.from({ length: 120 }, (_, i) =>
    webLine(new Date(), client, `/admin/${attacks.length}/${i}.php`, 404),
  )
  await deliver(port, '/ingest/web', lines)
  sent.web += lines.length
  attacks.push({ kind: 'scan', client, endedMs: Date.now(), foundMs: null })
}

/** One client of the API that asks 4,000 times in a moment: what all 2,000 others do in a second at 20,000 events a second. */
const spike = async (port: number): Promise<void> => {
  const client = `203.0.113.${1 + (attacks.length % 250)}`
  const lines = Array.from({ length: 4000 }, () => apiLine(new Date(), client))
  await deliver(port, '/ingest/api', lines)
  sent.api += lines.length
  attacks.push({ kind: 'spike', client, endedMs: Date.now(), foundMs: null })
}

interface Running {
  readonly url: string
  readonly intake: number
  readonly pid: number
  readonly setup: string
  readonly stop: () => Promise<void>
}

const syslogPort = 15_514

const startServer = async (folder: string): Promise<Running> => {
  const config = path.join(folder, 'winnow.yaml')
  await writeFile(
    config,
    `data: ${folder}/data\nlisten: 127.0.0.1:18484\nbudget_per_day: 1000\nintake: { listen: "127.0.0.1:18485" }\nsyslog:\n  - { name: syslog, protocol: tcp, listen: "127.0.0.1:${syslogPort}" }\nlog: { level: warn, format: json }\n`,
  )
  const program = path.join(projectRoot(), 'bin', 'winnow.cjs')
  const child = spawn(process.execPath, [program, 'serve', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  const setup = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${text}`)))
    child.stderr.on('data', (bytes: Buffer) => {
      text += bytes.toString()
      if (text.length > 100_000) text = text.slice(-50_000)
      const link = /setup#(\S+)/.exec(text)?.[1]
      if (link !== undefined) resolve(link)
    })
  })
  const { pid } = child
  if (pid === undefined) throw new Error('the server has no process')
  return {
    url: 'http://127.0.0.1:18484',
    intake: 18_485,
    pid,
    setup,
    stop: async () => {
      child.removeAllListeners('exit')
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      if (/"level":(?:40|50)/.test(text)) process.stderr.write(text.slice(-3000))
    },
  }
}

const signIn = async ({ url, setup }: Running): Promise<string> => {
  const answer = await fetch(`${url}/api/setup`, {
    method: 'POST',
    headers: { origin: url, 'x-winnow': '1', 'content-type': 'application/json' },
    body: JSON.stringify({
      token: setup,
      name: 'Bench',
      email: 'bench@example.com',
      password: 'a long word for a bench',
    }),
  })
  return answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
}

/** Notes when the first finding about an attacker is told. */
const listen = async ({ url }: Running, cookie: string, signal: AbortSignal): Promise<void> => {
  const answer = await fetch(`${url}/api/live`, { headers: { cookie }, signal })
  if (answer.body === null) throw new Error('no live updates')
  let rest = ''
  const decoder = new TextDecoder()
  try {
    for await (const bytes of answer.body) {
      rest += decoder.decode(bytes, { stream: true })
      const messages = rest.split('\n\n')
      rest = messages.pop() ?? ''
      for (const message of messages) {
        const cycle = /"kind":"cycle","seconds":([\d.]+)/.exec(message)?.[1]
        if (cycle !== undefined) cycles.push(Number(cycle))
        for (const one of attacks)
          if (one.foundMs === null && message.includes(`"${one.client}"`)) one.foundMs = Date.now()
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

const residentMb = async (pid: number): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

const cpuSeconds = async (pid: number): Promise<number> => {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const quantile = (sorted: readonly number[], level: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(level * sorted.length) - 1)] ?? Number.NaN

/** How many events of each kind a tenth of a second brings. */
const share = (part: number): number => Math.round((rate * part) / 10)

const load = async (server: Running, memory: number[]): Promise<void> => {
  const socket = createConnection(syslogPort, '127.0.0.1')
  const startMs = Date.now()
  let nextAttackMs = startMs + 20_000
  let nextMemoryMs = startMs
  for (let step = 0; step < seconds * 10; step++) {
    const at = new Date()
    const web = Array.from({ length: share(0.4) }, () => webLine(at))
    const api = Array.from({ length: share(0.2) }, () => apiLine(at))
    const syslog = Array.from({ length: share(0.4) }, (_, i) => (i % 2 === 0 ? sshLine(at) : dnsLine(at)))
    await Promise.all([
      deliver(server.intake, '/ingest/web', web),
      deliver(server.intake, '/ingest/api', api),
      write(socket, `${syslog.join('\n')}\n`),
    ])
    sent.web += web.length
    sent.api += api.length
    sent.syslog += syslog.length
    if (Date.now() >= nextAttackMs && step < (seconds - 20) * 10) {
      await attack(server.intake)
      nextAttackMs += Number(values.every) * 1000
    }
    if (Date.now() >= nextMemoryMs) {
      memory.push(await residentMb(server.pid))
      nextMemoryMs += 10_000
    }
    const dueMs = startMs + (step + 1) * 100
    if (Date.now() < dueMs) await pause(dueMs - Date.now())
  }
  await new Promise<void>((resolve) => socket.end(resolve))
}

/** How many lines are in the engine, as the API tells. */
const arrived = async ({ url }: Running, cookie: string): Promise<number> => {
  const answer = await fetch(`${url}/api/sources`, { headers: { cookie } })
  // The API's own shape.
  const { sources } = (await answer.json()) as {
    sources: { lines: number; rejected: number; name: string }[]
  }
  return sources.reduce((sum, { lines }) => sum + lines, 0)
}

/** When each detector looked at everything last, ms since 1970. */
const looks = async ({ url }: Running, cookie: string): Promise<number[]> => {
  const answer = await fetch(`${url}/api/detectors`, { headers: { cookie } })
  // The API's own shape.
  const { detectors } = (await answer.json()) as {
    detectors: { state: string; lastRun: string | null }[]
  }
  return detectors.flatMap(({ state, lastRun }) =>
    state === 'watching' && lastRun !== null ? [Date.parse(lastRun)] : [],
  )
}

const folder = values.folder ?? (await mkdtemp(path.join(os.tmpdir(), 'winnow-serve-bench-')))
const memory: number[] = []
const server = await startServer(folder)
const closing = new AbortController()
try {
  const cookie = await signIn(server)
  const listening = listen(server, cookie, closing.signal)
  const startMs = Date.now()
  await load(server, memory)
  const tookSeconds = (Date.now() - startMs) / 1000
  const total = sent.web + sent.api + sent.syslog
  const waitFromMs = Date.now()
  let there = 0
  while (Date.now() - waitFromMs < 60_000) {
    there = await arrived(server, cookie)
    if (there >= total && attacks.every(({ foundMs }) => foundMs !== null)) break
    await pause(500)
  }
  const drainSeconds = (Date.now() - waitFromMs) / 1000
  const used = await cpuSeconds(server.pid)
  closing.abort()
  await listening
  const lookedMs = await looks(server, cookie)
  const waits = (kind: Attack['kind']): number[] =>
    attacks
      .flatMap((one) =>
        one.kind === kind && one.foundMs !== null ? [(one.foundMs - one.endedMs) / 1000] : [],
      )
      .toSorted((a, b) => a - b)
  const [scans, spikes] = [waits('scan'), waits('spike')]
  const half = memory.slice(Math.floor(memory.length / 2))
  process.stdout.write(
    `${table(
      ['figure', 'value'],
      [
        ['events sent', String(total)],
        ['events there', String(there)],
        ['events a second', String(Math.round(total / tookSeconds))],
        ['requests refused, and sent again', String(sent.refused)],
        ['until all was there, s', drainSeconds.toFixed(1)],
        ['scans and API spikes', String(attacks.length)],
        ['found', `${scans.length} and ${spikes.length}`],
        [
          'not found, seconds after the start',
          attacks
            .filter(({ foundMs }) => foundMs === null)
            .map(({ kind, endedMs }) => `${kind} ${Math.round((endedMs - startMs) / 1000)}`)
            .join(', '),
        ],
        ['from a scan to its finding, median, s', quantile(scans, 0.5).toFixed(1)],
        ['from a scan to its finding, p99, s', quantile(scans, 0.99).toFixed(1)],
        ['from a spike to its finding, median, s', quantile(spikes, 0.5).toFixed(1)],
        ['from a spike to its finding, p99, s', quantile(spikes, 0.99).toFixed(1)],
        ['looks at what is new', String(cycles.length)],
        [
          'a look, median, s',
          quantile(
            cycles.toSorted((a, b) => a - b),
            0.5,
          ).toFixed(2),
        ],
        [
          'since a detector looked at everything, median and most, s',
          `${(
            (Date.now() -
              quantile(
                lookedMs.toSorted((a, b) => b - a),
                0.5,
              )) /
            1000
          ).toFixed(
            0,
          )} and ${((Date.now() - Math.min(...lookedMs)) / 1000).toFixed(0)} (of ${lookedMs.length})`,
        ],
        ['resident memory, most, MB', String(Math.max(...memory))],
        ['resident memory, first and last of the second half, MB', `${half[0]} – ${half.at(-1)}`],
        ['cores used', (used / tookSeconds).toFixed(2)],
      ],
    )}\n`,
  )
} finally {
  closing.abort()
  await server.stop()
  if (values.folder === undefined) await rm(folder, { recursive: true, force: true })
}
