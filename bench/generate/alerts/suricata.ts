/**
 * What an intrusion detection system says all day of an office in which nothing happens: rules that fire on ordinary
 * programs, each machine with its own. The rules are invented.
 *
 * @module
 */
import { below, exponential, logNormal, pick, scramble, zipf, type Random } from '../draw.ts'
import {
  atIntervals,
  dayMs,
  hourMs,
  isWeekend,
  officeStartMs,
  onTheClock,
  wholeDay,
  workCurve,
} from '../office-times.ts'
import { ownAddress } from '../office-world.ts'
import { deskAddress, serverAddress } from '../week/places.ts'

export interface Signature {
  readonly id: number
  readonly name: string
  readonly category: string
  /** 1 is the worst. */
  readonly severity: 1 | 2 | 3
  readonly port: number
}

const subjects = [
  'cloud storage client',
  'package manager',
  'remote support tool',
  'chat client',
  'telemetry upload',
  'certificate self-signed',
  'TLS 1.0 handshake',
  'DNS over HTTPS provider',
  'game launcher',
  'torrent tracker name',
  'dynamic DNS name',
  'executable download over HTTP',
  'large outbound TLS session',
  'unusual user agent',
  'plain-text credentials',
  'proxy auto-discovery',
  'NTLM over HTTP',
  'shortener link',
  'outdated browser',
  'outdated runtime',
  'STUN binding request',
  'VoIP registration',
  'IRC-like greeting',
  'new top-level domain query',
  'PDF with script',
  'office document with macro',
  'SSH banner of old version',
  'ICMP large packet',
  'TCP stream out of window',
  'invalid checksum',
  'SNMP public community',
  'SMB version 1 dialect',
  'LLMNR response',
  'printer discovery',
  'remote desktop cookie',
  'VPN protocol inside',
  'mail without TLS',
  'advertising kit',
  'coin exchange name',
  'paste service name',
] as const
const classes = [
  ['INFO', 'Misc activity', 3],
  ['POLICY', 'Potential Corporate Privacy Violation', 2],
  ['HUNTING', 'Potentially Bad Traffic', 2],
  ['STREAM', 'Generic Protocol Command Decode', 3],
  ['TROJAN', 'A Network Trojan was detected', 1],
] as const

/** Forty rules, the common ones first; a few call themselves severe, and are as wrong as the others. */
export const signatures: readonly Signature[] = subjects.map((subject, i) => {
  const [kind, category, severity] = i % 13 === 7 ? classes[4] : (classes[scramble(i) % 4] ?? classes[0])
  return {
    id: 9_000_001 + i,
    name: `EXAMPLE ${kind} ${subject}`,
    category,
    severity,
    port: [443, 80, 443, 53, 8080, 445][i % 6] ?? 443,
  }
})

interface Alert {
  readonly atMs: number
  readonly source: string
  readonly destination: string
  readonly signature: Signature
}

const lineOf = ({ atMs, source, destination, signature }: Alert, random: Random): string =>
  JSON.stringify({
    timestamp: `${new Date(atMs).toISOString().slice(0, 23)}${String(below(random, 1000)).padStart(3, '0')}+0000`,
    flow_id: 1e14 + below(random, 1e9) * 1000,
    in_iface: 'eth1',
    event_type: 'alert',
    src_ip: source,
    src_port: 32_768 + below(random, 28_000),
    dest_ip: destination,
    dest_port: signature.port,
    proto: signature.port === 53 ? 'UDP' : 'TCP',
    alert: {
      action: 'allowed',
      gid: 1,
      signature_id: signature.id,
      rev: 2,
      signature: signature.name,
      category: signature.category,
      severity: signature.severity,
    },
    host: 'sensor-1',
  })

export const eveLine = lineOf

const ruleAt = (n: number): Signature | undefined => signatures[n % signatures.length]

type Say = (alert: Alert) => void

/** What a machine's programs set off, day by day, while somebody is at it. */
const habits = (random: Random, number: number, day: number, say: Say): void => {
  if (isWeekend(day) && scramble(number * 5 + day) % 12 > 0) return
  if (scramble(number * 11 + day) % 10 === 0) return
  for (let i = 0; i < 2 + (scramble(number) % 6); i++) {
    const signature = ruleAt(zipf(() => scramble(number * 17 + i) / 2 ** 32, 32))
    const perDay = 0.5 * 40 ** ((scramble(number * 23 + i) % 1000) / 1000)
    if (signature === undefined) continue
    for (
      let atMs = officeStartMs + day * dayMs + exponential(random, dayMs / perDay / 2);
      atMs < officeStartMs + (day + 1) * dayMs;
      atMs += exponential(random, dayMs / perDay / 2)
    ) {
      if (random() > workCurve(atMs)) continue
      const destination = ownAddress(500 + number * 3 + zipf(random, 5))
      // One thing sets a rule off several times at once.
      for (let times = random() < 0.2 ? 2 + below(random, 12) : 1; times > 0; times--)
        say({ atMs: atMs + times * below(random, 4000), source: deskAddress(number), destination, signature })
    }
  }
  // Now and then something that this machine never did.
  if (random() < 0.12) {
    const signature = ruleAt(below(random, signatures.length - 3))
    const atMs = officeStartMs + day * dayMs + (9 + 8 * random()) * hourMs
    if (signature !== undefined)
      say({
        atMs,
        source: deskAddress(number),
        destination: ownAddress(9000 + below(random, 5000)),
        signature,
      })
  }
}

/** Machines that set off the same rule by the clock: monitoring, an old printer, a file server that checks sums itself. */
const clockwork = (random: Random, day: number, say: Say): void => {
  const [snmp, sum, stream] = [ruleAt(30), ruleAt(29), ruleAt(28)]
  if (snmp === undefined || sum === undefined || stream === undefined) return
  for (let i = 0; i < 5; i++)
    onTheClock(wholeDay(day), 300, 0.1 * i, (atMs) =>
      say({ atMs, source: '192.0.2.6', destination: `192.0.2.${200 + i}`, signature: snmp }),
    )
  atIntervals(random, wholeDay(day), 700, 0.6, (atMs) =>
    say({ atMs, source: '192.0.2.5', destination: deskAddress(below(random, 90)), signature: sum }),
  )
  for (let i = 0; i < 400; i++) {
    const atMs = officeStartMs + day * dayMs + (1 + 2 * random()) * hourMs
    say({ atMs, source: '192.0.2.8', destination: ownAddress(77), signature: stream })
  }
}

/** Who maps the whole internet and says so; the web servers see them every day. */
const surveys = (random: Random, day: number, say: Say): void => {
  const signature: Signature = {
    id: 9_000_060,
    name: 'EXAMPLE SCAN research survey user agent',
    category: 'Attempted Information Leak',
    severity: 2,
    port: 80,
  }
  for (let n = 20 + below(random, 30); n > 0; n--)
    say({
      atMs: officeStartMs + (day + random()) * dayMs,
      source: ownAddress(70_000 + zipf(random, 300)),
      destination: serverAddress(1 + below(random, 7)),
      signature,
    })
}

/** New rules come on a Wednesday morning, and one of them fires all over the office. */
const newRules = (random: Random, number: number, day: number, say: Say): void => {
  if (day < 2 || isWeekend(day) || scramble(number + 400) % 3 > 0) return
  const rules: readonly [Signature, ...Signature[]] = [
    {
      id: 9_000_101,
      name: 'EXAMPLE INFO assistant in browser side bar',
      category: 'Misc activity',
      severity: 3,
      port: 443,
    },
    {
      id: 9_000_102,
      name: 'EXAMPLE HUNTING certificate of free authority, young domain',
      category: 'Potentially Bad Traffic',
      severity: 2,
      port: 443,
    },
  ]
  for (let n = below(random, 6); n > 0; n--) {
    const atMs = officeStartMs + day * dayMs + (day === 2 ? 9.5 : 8) * hourMs + random() * 8 * hourMs
    say({
      atMs,
      source: deskAddress(number),
      destination: ownAddress(500 + below(random, 60)),
      signature: pick(random, rules),
    })
  }
}

/** A switch with a broken port makes thousands of alerts of one kind, for three hours. */
const brokenPort = (random: Random, day: number, say: Say): void => {
  if (day % 7 !== 4) return
  const signature = ruleAt(28)
  if (signature === undefined) return
  for (let i = 0; i < 5200; i++) {
    const atMs = officeStartMs + day * dayMs + 13.2 * hourMs + random() * 3 * hourMs
    say({ atMs, source: '192.0.2.5', destination: deskAddress(below(random, 40)), signature })
  }
}

/** Patches come as programs over HTTP, for every server in one night. */
const patches = (random: Random, day: number, say: Say): void => {
  if (day % 7 !== 1) return
  const signature = ruleAt(11)
  if (signature === undefined) return
  for (let n = 0; n < 34; n++)
    for (let files = 1 + Math.floor(logNormal(random, 4, 0.6)); files > 0; files--)
      say({
        atMs: officeStartMs + day * dayMs + 22.1 * hourMs + random() * hourMs,
        source: ownAddress(88),
        destination: serverAddress(n),
        signature,
      })
}

export const suricataDay = (
  random: Random,
  day: number,
  machines: number,
  say: (atMs: number, line: string) => void,
): void => {
  const sayAlert: Say = (alert) => say(alert.atMs, lineOf(alert, random))
  for (let number = 0; number < machines; number++) {
    habits(random, number, day, sayAlert)
    newRules(random, number, day, sayAlert)
  }
  clockwork(random, day, sayAlert)
  surveys(random, day, sayAlert)
  brokenPort(random, day, sayAlert)
  patches(random, day, sayAlert)
}
