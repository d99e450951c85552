/**
 * WHOIS (RFC 3912): IANA's server says whom to ask, and answers are read by the names that registries give their fields.
 *
 * @module
 */
import { connect } from 'node:net'
import { failureText, NoAnswer, reachableAddress, type Outside } from './outside.ts'
import type { Pace } from './pace.ts'
import { plainText } from './plain-text.ts'
import { dateOf } from './registry-date.ts'
import type { Registration } from './registration.ts'

export interface WhoisServer {
  /** The one that knows the others: `whois.iana.org`. */
  readonly host: string
  readonly port: number
}

const mostBytes = 200_000

/** UTF-8 where it is, else Latin-1: the protocol does not say. */
const decode = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

const converse = (address: string, port: number, query: string, signal: AbortSignal): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: address, port })
    const pieces: Buffer[] = []
    let bytes = 0
    const stop = (): void => {
      socket.destroy()
      reject(new NoAnswer('no answer in time'))
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.once('connect', () => socket.end(`${query}\r\n`))
    socket.on('data', (piece) => {
      bytes += piece.length
      pieces.push(piece)
      // What matters stands at the top.
      if (bytes > mostBytes) socket.destroy()
    })
    socket.on('error', (error) => reject(new NoAnswer(failureText(error), error)))
    socket.once('close', () => {
      signal.removeEventListener('abort', stop)
      resolve(decode(Buffer.concat(pieces).subarray(0, mostBytes)))
    })
  })

/** Names of fields, in lower case, by what they say; the first that is there counts. */
const fieldNames: Readonly<Record<keyof Registration, readonly string[]>> = {
  registrar: ['registrar', 'registrar name', 'sponsoring registrar', 'registrar organization'],
  registeredOn: [
    'creation date',
    'created',
    'created on',
    'created date',
    'registered on',
    'registered',
    'registered date',
    'registration date',
    'registration time',
    'domain registration date',
    'regdate',
  ],
  expiresOn: [
    'registry expiry date',
    'registrar registration expiration date',
    'expiry date',
    'expiration date',
    'expiration time',
    'expires on',
    'expires',
    'expire date',
    'paid-till',
    'renewal date',
  ],
  owner: [
    'registrant organization',
    'registrant organisation',
    'registrant',
    'registrant name',
    'org-name',
    'orgname',
    'org',
    'organization',
    'organisation',
    'owner',
    'holder',
    'descr',
  ],
  country: ['registrant country', 'country'],
  network: ['netname', 'network-name'],
}

const withheld = /redacted|privacy|not disclosed|data protected|withheld/i

/** Fields by name in lower case, their first value each. A value may stand on the next line, further in. */
const fieldsOf = (text: string): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>()
  const lines = text.split(/\r\n|\r|\n/).slice(0, 4000)
  lines.forEach((line, at) => {
    const match = /^\s*([^:%#>]{1,60}?)[ .]*:\s*(.*)$/.exec(line.slice(0, 1000))
    if (match === null || /^\s*[%#>]/.test(line)) return
    const name = (match[1] ?? '').toLowerCase()
    const next = lines[at + 1] ?? ''
    const below = /^\s+\S/.test(next) && !/^\s*[^:]{1,40}:\s/.test(next) ? next.trim() : ''
    const value = plainText((match[2] ?? '') === '' ? below : match[2])
    if (value !== '' && !fields.has(name)) fields.set(name, value)
  })
  return fields
}

/** What a WHOIS answer says. */
export const readWhois = (text: string): Registration => {
  const fields = fieldsOf(text)
  const entries = Object.entries(fieldNames).flatMap(([fact, names]) => {
    const found = names.flatMap((name) => fields.get(name) ?? [])
    const isDate = fact === 'registeredOn' || fact === 'expiresOn'
    const values = isDate ? found.map(dateOf) : found.filter((value) => !withheld.test(value))
    const value = values.find((each) => each !== '')
    return value === undefined ? [] : [[fact, value] as const]
  })
  return Object.fromEntries(entries)
}

/** The server another one names; its port is ours to choose, not the answer's. */
export const referralIn = (text: string): string | null => {
  const fields = fieldsOf(text)
  const named = fields.get('refer') ?? fields.get('whois') ?? fields.get('referralserver') ?? ''
  const host = named.replace(/^r?whois:\/\//i, '').replace(/[:/].*$/, '')
  return /^[a-z0-9][a-z0-9.-]{0,252}$/i.test(host) ? host.toLowerCase() : null
}

/** What servers say that know nothing of a name. */
const unknown =
  /^\s*(?:%+\s*)?(?:no match|not found|no (?:data|entries|object) found|domain not found|nothing found)/im

/**
 * Asks the registry of a name or an address, by way of the server that knows the registries.
 *
 * @throws NoAnswer
 */
export const askWhois = async (
  what: string,
  sources: { readonly whois: WhoisServer; readonly outside: Outside; readonly whoisPace: Pace },
  signal: AbortSignal,
): Promise<Registration> => {
  const { whois, outside } = sources
  // It becomes a line of the protocol.
  if (!/^[A-Za-z0-9_.:-]+$/.test(what)) throw new NoAnswer('it is no name')
  const ask = async (host: string): Promise<string> => {
    await sources.whoisPace(signal)
    return converse(await reachableAddress(host, outside, signal), whois.port, what, signal)
  }
  const referral = referralIn(await ask(whois.host))
  if (referral === null) throw new NoAnswer('it is not known who registers such names')
  const answer = await ask(referral)
  // One step on, where a registry for a part of the world passes on to another.
  const further = /^\s*ReferralServer:/im.test(answer) ? referralIn(answer) : null
  const text = further === null || further === referral ? answer : await ask(further)
  if (unknown.test(text)) throw new NoAnswer('it is not registered')
  return readWhois(text)
}
