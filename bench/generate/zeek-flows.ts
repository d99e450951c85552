/**
 * A large network's connections for a day as Zeek's conn log: some thousand clients, destinations that few or many
 * share, a third of the lines from programs that call at intervals.
 *
 * @module
 */
import { closeSync, openSync, renameSync, appendFileSync } from 'node:fs'
import { randomStream } from '../../src/models/random.ts'
import { below, exponential, logNormal, pick, scramble, zipf, type Random } from './draw.ts'
import { ownAddress } from './office-world.ts'
import { zeekHeader, zeekJson, zeekTsv, type ZeekRecord } from './zeek-log.ts'

export interface FlowOptions {
  readonly lines: number
  readonly seed: number
  readonly json: boolean
  /** Over which the lines are spread; a day unless told otherwise. */
  readonly hours?: number
  readonly clients?: number
}

/** Where the clients are; whom they call is elsewhere. */
export const flowNetwork = '198.18.0.0/16'

const startS = Date.UTC(2026, 2, 3) / 1000
const destinations = 60_000
const chunkLines = 20_000

const clientAddress = (n: number): string => `198.18.${n >>> 8}.${n & 255}`

/** 198.19.0.0/16, none twice: an odd multiplier runs through all numbers of 16 bits. */
const serverAddress = (n: number): string => {
  const mixed = Math.imul(n, 40_503) & 0xffff
  return `198.19.${mixed >>> 8}.${mixed & 255}`
}

interface Kind {
  readonly proto: 'tcp' | 'udp'
  readonly port: number
  readonly service: string | null
  readonly share: number
}

/** What servers offer; each offers one thing. */
const kinds: readonly Kind[] = [
  { proto: 'tcp', port: 443, service: 'ssl', share: 0.72 },
  { proto: 'tcp', port: 80, service: 'http', share: 0.12 },
  { proto: 'udp', port: 443, service: 'quic', share: 0.07 },
  { proto: 'udp', port: 123, service: 'ntp', share: 0.03 },
  { proto: 'tcp', port: 993, service: 'ssl', share: 0.03 },
  { proto: 'tcp', port: 22, service: 'ssh', share: 0.01 },
  { proto: 'tcp', port: 8443, service: null, share: 0.02 },
]

const web: Kind = { proto: 'tcp', port: 443, service: 'ssl', share: 0 }
const names: Kind = { proto: 'udp', port: 53, service: 'dns', share: 0 }
const namesShare = 0.38

/** What the n-th server offers. */
const kindOf = (n: number): Kind => {
  let left = (scramble(n + 77) % 1000) / 1000
  return kinds.find(({ share }) => (left -= share) < 0) ?? web
}

/** A few servers are gone, and those who call them get no answer. */
const isGone = (n: number): boolean => n > 500 && scramble(n + 5) % 150 === 0

interface Call {
  readonly client: string
  readonly server: string
  readonly kind: Kind
  readonly gone: boolean
}

const base36 = (value: number): string => value.toString(36)

/** One connection; how it went and what it carried is drawn. */
const connection = (random: Random, timeS: number, call: Call): ZeekRecord => {
  const { client, server, kind } = call
  const { proto, port, service } = kind
  const tcp = random() < 0.985 ? 'SF' : pick(random, ['S0', 'RSTO', 'RSTR', 'REJ', 'S1'])
  const state = call.gone ? 'S0' : proto === 'tcp' ? tcp : 'SF'
  const carried = state === 'SF' || state === 'S1' || state.startsWith('RST')
  const small = port === 53 || port === 123
  const [out, back] = [logNormal(random, small ? 60 : 1500, 0.9), logNormal(random, small ? 140 : 6000, 1.6)]
  const [orig, resp] = carried ? [Math.round(out), Math.round(back)] : [0, 0]
  const [origPackets, respPackets] = [2 + Math.ceil(orig / 900), carried ? 1 + Math.ceil(resp / 1100) : 0]
  return {
    ts: timeS,
    uid: `C${base36(Math.floor(random() * 2 ** 40))}${base36(Math.floor(random() * 2 ** 40))}`,
    'id.orig_h': client,
    'id.orig_p': 32_768 + below(random, 28_000),
    'id.resp_h': server,
    'id.resp_p': port,
    proto,
    service: carried ? service : null,
    duration: carried ? (small ? 0.02 * random() : logNormal(random, 2, 1.5)) : null,
    orig_bytes: carried ? orig : null,
    resp_bytes: carried ? resp : null,
    conn_state: state,
    local_orig: true,
    local_resp: port === 53,
    missed_bytes: 0,
    history: proto === 'udp' ? 'Dd' : carried ? 'ShADadFf' : 'S',
    orig_pkts: origPackets,
    orig_ip_bytes: orig + 40 * origPackets,
    resp_pkts: respPackets,
    resp_ip_bytes: resp + 40 * respPackets,
    tunnel_parents: null,
  }
}

const intervals = [30, 60, 60, 300, 300, 600, 900, 1800, 3600] as const

interface Caller extends Call {
  readonly everyS: number
}

/** The lines in order of time, each with its record. */
export const generateFlows = (options: FlowOptions, sink: (record: ZeekRecord) => void): void => {
  const { lines, seed, hours = 24, clients = 4000 } = options
  const random = randomStream(scramble(seed + 31))
  const perSecond = lines / (hours * 3600)
  const serverOf = (client: number): number =>
    random() < 0.6 ? zipf(random, 2000) : scramble(client * 64 + below(random, 40)) % destinations
  const callTo = (client: number, n: number): Call => ({
    client: clientAddress(client),
    server: serverAddress(n),
    kind: kindOf(n),
    gone: isGone(n),
  })
  // Programs that call: as many as make a third of the lines.
  const agenda = new Map<number, Caller[]>()
  const plan = (second: number, caller: Caller): void => {
    const planned = agenda.get(second)
    if (planned === undefined) agenda.set(second, [caller])
    else planned.push(caller)
  }
  for (let rate = 0; rate < perSecond / 3;) {
    const everyS = pick(random, intervals)
    const n = random() < 0.8 ? below(random, 60) : below(random, destinations)
    plan(below(random, everyS), { ...callTo(below(random, clients), n), everyS })
    rate += 1 / everyS
  }
  const nameServer = { server: ownAddress(53), kind: names, gone: false }
  const written = { lines: 0 }
  let due = 0
  const write = (timeS: number, call: Call): void => {
    if (written.lines++ < lines) sink(connection(random, timeS, call))
  }
  for (let second = 0; written.lines < lines; second++) {
    const nowS = startS + second
    for (const caller of agenda.get(second) ?? []) {
      write(nowS + random() / 9, caller)
      plan(second + Math.max(1, Math.round(caller.everyS * (0.97 + 0.06 * random()))), caller)
    }
    agenda.delete(second)
    for (due += (perSecond * 2) / 3; due > 0; due -= exponential(random, 1)) {
      // Some are busier than others: gateways, servers.
      const client = random() < 0.3 ? zipf(random, clients) : below(random, clients)
      const call =
        random() < namesShare
          ? { ...nameServer, client: clientAddress(client) }
          : callTo(client, serverOf(client))
      write(nowS + 0.1 + 0.9 * random(), call)
    }
  }
}

/** Writes a log; the file is there only once it is whole. */
export const writeFlows = (file: string, options: FlowOptions): void => {
  const partial = `${file}.partial`
  const target = openSync(partial, 'w')
  const format = options.json ? zeekJson : zeekTsv
  try {
    let chunk: string[] = options.json ? [] : [zeekHeader('conn', startS * 1000).trimEnd()]
    const flush = (): void => {
      if (chunk.length > 0) appendFileSync(target, `${chunk.join('\n')}\n`)
      chunk = []
    }
    generateFlows(options, (record) => {
      chunk.push(format('conn', record))
      if (chunk.length >= chunkLines) flush()
    })
    flush()
  } finally {
    closeSync(target)
  }
  renameSync(partial, file)
}
