/**
 * What happens on the wire of an office, as every log that watches it tells it: Zeek's, the proxy's, the name server's.
 *
 * @module
 */
import { below, type Random } from './draw.ts'
import type { Host, World } from './office-world.ts'
import type { ZeekLog, ZeekRecord } from './zeek-log.ts'

export const ownPrefix = '192.0.2.'
/** The office's name server; all who work there ask it. */
export const resolver = `${ownPrefix}2`
export const officeDomain = 'office.example.com'
/** The same machines where they speak IPv6: their last number stays. */
const ownV6Prefix = '2001:db8:ffff::'
/** What a hunt in these logs should be told. */
export const ownNetworks: readonly string[] = ['192.0.2.0/24', '2001:db8:ffff::/64']

/** The sensor's and the servers' records; texts are lines without their end. */
export interface Tap {
  readonly zeek: (log: ZeekLog, timeMs: number, record: ZeekRecord) => void
  /** `timeMs` is when it was written: a proxy writes when a request is over. */
  readonly line: (log: 'proxy' | 'queries', timeMs: number, text: string) => void
}

export interface Flow {
  readonly atMs: number
  readonly client: string
  readonly server: string
  readonly port: number
  readonly proto?: 'tcp' | 'udp' | 'icmp'
  readonly service?: string
  readonly seconds: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** Zeek's word for how it went; `SF` unless told otherwise. */
  readonly state?: 'SF' | 'S0' | 'S1' | 'REJ' | 'RSTO' | 'RSTR' | 'OTH'
  readonly clientPort?: number
}

export interface Exchange {
  readonly atMs: number
  readonly client: string
  readonly host: Host
  readonly seconds: number
  readonly bytesOut: number
  readonly bytesIn: number
  /** HTTP without TLS: the path is seen. */
  readonly path?: string
  readonly method?: string
  readonly port?: number
  readonly agent?: string
  readonly status?: number
  /** The address is known from elsewhere: nothing is looked up, no name is sent. */
  readonly bare?: boolean
}

export interface Question {
  readonly atMs: number
  readonly client: string
  readonly name: string
  readonly type?: string
  /** Absent: no such name. */
  readonly answers?: readonly string[]
  readonly ttlS?: number
  /** Other than the office's own. */
  readonly server?: string
  readonly code?: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL'
}

export interface Wire {
  readonly flow: (flow: Flow) => string
  readonly ask: (question: Question) => void
  /** Looks a host up unless its answer is still known to this wire's machine. */
  readonly find: (atMs: number, client: string, host: Host) => void
  readonly exchange: (exchange: Exchange) => void
  readonly random: Random
  readonly world: World
}

const histories = {
  SF: 'ShADadFf',
  S0: 'S',
  S1: 'ShADad',
  REJ: 'Sr',
  RSTO: 'ShADadR',
  RSTR: 'ShADadr',
  OTH: 'Cc',
} as const
const types: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  SOA: 6,
  NULL: 10,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DS: 43,
  DNSKEY: 48,
  HTTPS: 65,
}
const codes = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 } as const

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

const uidOf = (random: Random): string => {
  let uid = 'C'
  for (let i = 0; i < 17; i++) uid += base62[below(random, 62)]
  return uid
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const bindStamp = (timeMs: number): string => {
  const text = new Date(timeMs).toISOString()
  return `${text.slice(8, 10)}-${months[Number(text.slice(5, 7)) - 1]}-${text.slice(0, 4)} ${text.slice(11, 23)}`
}

const isOwn = (address: string): boolean => address.startsWith(ownPrefix) || address.startsWith(ownV6Prefix)

/** Bytes on the network: headers of about 40 bytes to a packet of about 1,000. */
const packets = (bytes: number, least: number): number => least + Math.ceil(bytes / 1000)

/** Answers that are known: each is fetched at most once in the time it may be kept, in whatever order it is asked for. */
export const newMemory = () => {
  const fetched = new Set<string>()
  return (key: string, atMs: number, ttlS: number): boolean => {
    const term = `${key} ${Math.floor(atMs / (ttlS * 1000))}`
    if (fetched.has(term)) return true
    fetched.add(term)
    return false
  }
}

/** What a machine, or the name server for all, still knows. */
export type Memory = ReturnType<typeof newMemory>

/** A wire for one machine (or several that draw from the same randomness). */
export const connectWire = (tap: Tap, world: World, random: Random, serverMemory: Memory): Wire => {
  const memory = newMemory()

  const flow = (told: Flow): string => {
    const { atMs, client, server, port, seconds, bytesOut, bytesIn } = told
    const [uid, state, proto] = [uidOf(random), told.state ?? 'SF', told.proto ?? 'tcp']
    const answered = state !== 'S0'
    const empty = state === 'REJ' || !answered
    const [out, back] = [
      packets(bytesOut, proto === 'tcp' ? 4 : 1),
      answered ? packets(bytesIn, proto === 'tcp' ? 3 : 1) : 0,
    ]
    tap.zeek('conn', atMs, {
      ts: atMs / 1000,
      uid,
      'id.orig_h': client,
      'id.orig_p': told.clientPort ?? 32_768 + below(random, 28_000),
      'id.resp_h': server,
      'id.resp_p': port,
      proto,
      service: told.service ?? null,
      duration: state === 'S0' && proto === 'tcp' ? null : Math.max(0.000_01, seconds),
      orig_bytes: empty && proto === 'tcp' ? null : Math.round(bytesOut),
      resp_bytes: empty ? (proto === 'tcp' ? null : 0) : Math.round(bytesIn),
      conn_state: state,
      local_orig: isOwn(client),
      local_resp: isOwn(server),
      missed_bytes: 0,
      history: proto === 'tcp' ? histories[state] : answered ? 'Dd' : 'D',
      orig_pkts: state === 'S0' ? 2 : out,
      orig_ip_bytes: Math.round(bytesOut) + (state === 'S0' ? 2 : out) * 40,
      resp_pkts: back,
      resp_ip_bytes: Math.round(empty ? 0 : bytesIn) + back * 40,
      tunnel_parents: null,
    })
    return uid
  }

  const answerTo = (told: Question, uid: string, clientPort: number, type: string, delayS: number): void => {
    const { atMs, client, name, answers = [], server = resolver } = told
    const code = told.code ?? (told.answers === undefined ? 'NXDOMAIN' : 'NOERROR')
    const silent = type === 'none'
    tap.zeek('dns', atMs, {
      ts: atMs / 1000,
      uid,
      'id.orig_h': client,
      'id.orig_p': clientPort,
      'id.resp_h': server,
      'id.resp_p': 53,
      proto: 'udp',
      trans_id: below(random, 65_536),
      rtt: delayS,
      query: name,
      qclass: 1,
      qclass_name: 'C_INTERNET',
      qtype: types[type] ?? 0,
      qtype_name: type,
      rcode: silent ? null : codes[code],
      rcode_name: silent ? null : code,
      AA: false,
      TC: false,
      RD: true,
      RA: true,
      Z: 0,
      answers: answers.length === 0 ? null : answers,
      TTLs: answers.length === 0 ? null : answers.map(() => told.ttlS ?? 300),
      rejected: code === 'SERVFAIL',
    })
    if (server !== resolver) return
    const object = `@0x7f${uid.charCodeAt(3).toString(16)}${uid.charCodeAt(5).toString(16)}c0a1b0`
    tap.line(
      'queries',
      atMs,
      `${bindStamp(atMs)} queries: info: client ${object} ${client}#${clientPort} (${name}): query: ${name} IN ${type} +E(0)K (${resolver})`,
    )
  }

  const sizeOf = (told: Question): number =>
    (told.answers ?? []).reduce((sum, answer) => sum + answer.length + 12, 45)

  const conversation = (
    told: Question,
    kinds: readonly (readonly [string, readonly string[] | undefined])[],
  ): void => {
    const delayS = 0.0004 + random() * (told.server === undefined ? 0.02 : 0.05)
    const clientPort = 32_768 + below(random, 28_000)
    const bytes = kinds.length * (told.name.length + 34)
    const uid = flow({
      atMs: told.atMs,
      client: told.client,
      server: told.server ?? resolver,
      port: 53,
      proto: 'udp',
      service: 'dns',
      seconds: delayS,
      bytesOut: bytes,
      bytesIn: bytes + sizeOf(told),
      clientPort,
    })
    for (const [type, answers] of kinds) {
      const { answers: _, ...rest } = told
      answerTo(answers === undefined ? rest : { ...rest, answers }, uid, clientPort, type, delayS)
    }
  }

  /** What the name server asks in turn: who has the name. */
  const recurse = (told: Question, type: string): void => {
    const labels = told.name.split('.')
    const zone = labels.slice(-2).join('.')
    if (labels.length < 2 || told.name.endsWith(officeDomain)) return
    if (serverMemory(`${told.name} ${type}`, told.atMs, told.ttlS ?? 900)) return
    const outside = world.host(`ns1.${zone}`).addresses[0]
    conversation({ ...told, atMs: told.atMs + 0.2, client: resolver, server: outside }, [
      [type, told.answers],
    ])
  }

  const ask = (told: Question): void => {
    const type = told.type ?? 'A'
    conversation(told, [[type, told.answers]])
    if ((told.server ?? resolver) === resolver && told.client !== resolver) recurse(told, type)
  }

  const find = (atMs: number, client: string, host: Host): void => {
    if (memory(`${client} ${host.name}`, atMs, host.ttlS)) return
    const chain = host.alias === null ? [] : [host.alias]
    const answers = [...chain, ...host.addresses]
    const told = { atMs, client, name: host.name, ttlS: host.ttlS, answers }
    const v6 = [...chain, ...(host.v6 === null ? [] : [host.v6])]
    conversation(told, [['A', answers], ['AAAA', v6], ...(random() < 0.3 ? [['HTTPS', chain] as const] : [])])
    if (client !== resolver) recurse(told, 'A')
  }

  const exchange = (told: Exchange): void => {
    const { atMs, host, seconds, bytesOut, bytesIn, path, bare = false } = told
    if (!bare) find(atMs - 30 - below(random, 40), told.client, host)
    const v4 = host.addresses[below(random, host.addresses.length)] ?? host.addresses[0]
    const six = host.v6 !== null && !bare && random() < 0.4
    const server = six && host.v6 !== null ? host.v6 : v4
    const client = six ? told.client.replace(ownPrefix, ownV6Prefix) : told.client
    const plain = path !== undefined
    const port = told.port ?? (plain ? 80 : 443)
    const clientPort = 32_768 + below(random, 28_000)
    const service = plain ? 'http' : 'ssl'
    const uid = flow({ atMs, client, server, port, service, seconds, bytesOut, bytesIn, clientPort })
    const ends = {
      uid,
      'id.orig_h': client,
      'id.orig_p': clientPort,
      'id.resp_h': server,
      'id.resp_p': port,
    }
    const name = bare ? server : host.name
    const shownName = port === 80 || port === 443 ? name : `${name}:${port}`
    const [method, status] = [told.method ?? 'GET', told.status ?? 200]
    const elapsedMs = Math.round(seconds * 1000)
    if (plain) {
      tap.zeek('http', atMs + 1, {
        ...ends,
        ts: (atMs + 1) / 1000,
        trans_depth: 1,
        method,
        host: shownName,
        uri: path,
        version: '1.1',
        user_agent: told.agent ?? null,
        request_body_len: method === 'GET' ? 0 : Math.round(bytesOut),
        response_body_len: Math.round(bytesIn),
        status_code: status,
        status_msg: status === 200 ? 'OK' : status === 204 ? 'No Content' : 'Not Modified',
        tags: [],
      })
    } else {
      tap.zeek('ssl', atMs + 2, {
        ...ends,
        ts: (atMs + 2) / 1000,
        version: 'TLSv13',
        cipher: 'TLS_AES_128_GCM_SHA256',
        curve: 'x25519',
        server_name: bare ? null : host.name,
        resumed: random() < 0.4,
        next_protocol: null,
        established: true,
        ssl_history: 'CsiI',
      })
    }
    const result = plain ? `TCP_MISS/${status}` : 'TCP_TUNNEL/200'
    const target = plain ? `${method} http://${shownName}${path}` : `CONNECT ${name}:${port}`
    const when = ((atMs + elapsedMs) / 1000).toFixed(3)
    tap.line(
      'proxy',
      atMs + elapsedMs,
      `${when} ${String(elapsedMs).padStart(6)} ${told.client} ${result} ${Math.round(bytesIn)} ${target} - HIER_DIRECT/${v4} ${plain ? 'text/html' : '-'}`,
    )
  }

  return { flow, ask, find, exchange, random, world }
}
