/** Stories of a network: quiet days of an office as Zeek logs, and the lines of what disturbs them. */
import { randomStream } from '../../src/models/random.ts'
import type { HuntRequest } from '../../src/hunt.ts'
import { huntLines, type Line } from './story.ts'

const startSeconds = Date.UTC(2026, 2, 2) / 1000

export interface Flow {
  readonly from: string
  readonly to: string
  readonly port?: number
  readonly state?: string
  readonly seconds?: number
  readonly sent?: number
  readonly received?: number
}

/** A line of Zeek's conn.log as JSON. */
export const flowLine = (at: number, flow: Flow): Line => {
  const { from, to, port = 443, state = 'SF', seconds = 1, sent = 900, received = 5000 } = flow
  const fields = {
    ts: startSeconds + at,
    uid: `C${Math.round(at * 1000).toString(36)}`,
    'id.orig_h': from,
    'id.orig_p': 40_000 + (Math.round(at) % 20_000),
    'id.resp_h': to,
    'id.resp_p': port,
    proto: 'tcp',
    duration: seconds,
    orig_bytes: sent,
    resp_bytes: received,
    conn_state: state,
    orig_pkts: 10,
    resp_pkts: 12,
  }
  return { at, text: JSON.stringify(fields) }
}

/** A line of Zeek's dns.log as JSON. */
export const queryLine = (at: number, from: string, query: string, type = 'A', rcode = 'NOERROR'): Line => ({
  at,
  text: JSON.stringify({
    ts: startSeconds + at,
    uid: `D${Math.round(at * 1000).toString(36)}`,
    'id.orig_h': from,
    'id.orig_p': 50_000,
    'id.resp_h': '192.0.2.2',
    'id.resp_p': 53,
    proto: 'udp',
    query,
    qtype_name: type,
    rcode_name: rcode,
  }),
})

/** A line of Squid's native access log. */
export const proxyLine = (
  at: number,
  request: {
    readonly client: string
    readonly url: string
    readonly method?: string
    readonly status?: number
    readonly bytes?: number
    readonly type?: string
  },
): Line => {
  const { client, url, method = 'GET', status = 200, bytes = 5000, type = 'text/html' } = request
  const host = new URL(url).hostname
  const peer = /^[0-9.]+$/.test(host) ? host : '198.51.100.7'
  return {
    at,
    text: `${(startSeconds + at).toFixed(3)} 120 ${client} TCP_MISS/${status} ${bytes} ${method} ${url} - HIER_DIRECT/${peer} ${type}`,
  }
}

const client = (n: number): string => `192.0.2.${20 + n}`

const pick = (random: () => number, count: number): number => Math.floor(random() * random() * count)

/** Thirty machines by day: visits to popular places and to some of one's own, a file server, a slow answer now and then. */
export const quietFlows = (days: number): Line[] => {
  const random = randomStream(21)
  const lines: Line[] = []
  for (let day = 0; day < days; day++) {
    for (let n = 0; n < 30; n++) {
      for (let visit = 0; visit < 60; visit++) {
        const at = day * 86_400 + 28_800 + random() * 32_000
        const place = random() < 0.9 ? pick(random, 120) : 130 + ((n * 3 + pick(random, 3)) % 110)
        const to = `198.51.100.${1 + place}`
        lines.push(
          flowLine(at, {
            from: client(n),
            to,
            port: random() < 0.9 ? 443 : 80,
            state: random() < 0.02 ? 'S0' : 'SF',
            seconds: Math.round(100 * random() ** 4 * 600) / 100,
            sent: Math.round(500 + 40_000 * random() ** 6),
            received: Math.round(2000 + 900_000 * random() ** 4),
          }),
        )
      }
      for (let look = 0; look < 12; look++) {
        const at = day * 86_400 + 28_800 + random() * 32_000
        lines.push(
          flowLine(at, { from: client(n), to: '192.0.2.5', port: 445, sent: 3000, received: 20_000 }),
        )
      }
    }
  }
  return lines
}

const words = ['garden', 'kitchen', 'travel', 'news', 'music', 'bank', 'maps', 'weather', 'forum', 'photo']

const site = (n: number): string => `${words[n % 10] ?? ''}-${words[Math.floor(n / 10) % 10] ?? ''}.example`

/** What the same machines ask a name server. */
export const quietQueries = (days: number): Line[] => {
  const random = randomStream(22)
  const lines: Line[] = []
  for (let day = 0; day < days; day++) {
    for (let n = 0; n < 30; n++) {
      for (let look = 0; look < 80; look++) {
        const at = day * 86_400 + 28_800 + random() * 32_000
        const name = `${random() < 0.5 ? 'www' : `cdn${pick(random, 9)}`}.${site(pick(random, 100))}`
        lines.push(queryLine(at, client(n), name, random() < 0.3 ? 'AAAA' : 'A'))
        // The antivirus of every machine asks for a hash now and then.
        if (random() < 0.05)
          lines.push(
            queryLine(at + 1, client(n), `${Math.floor(random() * 1e15).toString(16)}.av.vendor.example`),
          )
      }
    }
  }
  return lines
}

/** What they ask a proxy for. */
export const quietRequests = (days: number): Line[] => {
  const random = randomStream(23)
  const lines: Line[] = []
  for (let day = 0; day < days; day++) {
    for (let n = 0; n < 30; n++) {
      for (let visit = 0; visit < 25; visit++) {
        const at = day * 86_400 + 28_800 + random() * 32_000
        const own = random() < 0.06
        const host = own
          ? `${words[pick(random, 10)] ?? ''}${n}-${visit}.example`
          : `www.${site(pick(random, 100))}`
        for (let part = 0; part < 3; part++) {
          lines.push(
            proxyLine(at + part, {
              client: client(n),
              url: `http://${host}/${words[pick(random, 10)] ?? ''}/${part}`,
              bytes: Math.round(800 + 50_000 * random() ** 3),
              status: random() < 0.03 ? 404 : 200,
            }),
          )
        }
      }
    }
  }
  return lines
}

/** Hunts in lines of the office whose network is 192.0.2.0/24. */
export const huntOffice = (lines: readonly Line[], request: Omit<HuntRequest, 'paths'> = {}) =>
  huntLines(lines, { ownNetworks: ['192.0.2.0/24'], ...request })
