/**
 * RDAP (RFC 9082, 9083): which server to ask by IANA's bootstrap files (RFC 9224), and how its answer reads.
 *
 * @module
 */
import { BlockList, isIP, isIPv4 } from 'node:net'
import { getText } from './http-text.ts'
import { NoAnswer, type Outside } from './outside.ts'
import type { Pace } from './pace.ts'
import { plainText } from './plain-text.ts'
import { dateOf } from './registry-date.ts'
import type { Registration } from './registration.ts'

type BootstrapFile = 'dns' | 'ipv4' | 'ipv6'

/** One of IANA's files: keys (top-level domains or networks) and the servers for them. */
export type BootstrapServices = readonly (readonly [keys: readonly string[], urls: readonly string[]])[]

/** Gives a bootstrap file; keeps it, so that it is fetched once. */
export type Bootstrap = (file: BootstrapFile, signal: AbortSignal) => Promise<BootstrapServices>

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const texts = (value: unknown): string[] =>
  list(value).filter((each): each is string => typeof each === 'string')

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new NoAnswer('the answer is not JSON', error)
  }
}

/** What of a bootstrap file is one. */
export const bootstrapServices = (document: unknown): BootstrapServices =>
  list(isRecord(document) ? document['services'] : undefined).map((service) => {
    const [keys, urls] = list(service)
    return [texts(keys), texts(urls)] as const
  })

/** Fetches a bootstrap file below `base`. */
export const fetchBootstrap = async (
  base: string,
  file: BootstrapFile,
  outside: Outside,
  signal: AbortSignal,
): Promise<BootstrapServices> => {
  const { status, text } = await getText(new URL(`${file}.json`, base).href, outside, signal)
  const services = status === 200 ? bootstrapServices(json(text)) : []
  if (services.length === 0) throw new NoAnswer('the list of registries cannot be had')
  return services
}

const holds = (network: string, address: string): boolean => {
  const [first = '', bits = ''] = network.split('/')
  const family = isIPv4(address) ? 'ipv4' : 'ipv6'
  if (isIP(first) === 0 || isIPv4(first) !== isIPv4(address)) return false
  const most = family === 'ipv4' ? 32 : 128
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > most) return false
  const block = new BlockList()
  block.addSubnet(first, Number(bits), family)
  return block.check(address, family)
}

/** The server for a name or an address: by the most specific key; HTTPS where there is a choice. */
export const serverFor = (services: BootstrapServices, what: string): string | null => {
  const address = isIP(what) !== 0
  const sharp = (key: string): number => (address ? Number(key.split('/')[1] ?? 0) : key.length)
  const fits = (key: string): boolean =>
    address ? holds(key, what) : what === key.toLowerCase() || what.endsWith(`.${key.toLowerCase()}`)
  const [best] = services
    .flatMap(([keys, urls]) => keys.filter(fits).map((key) => ({ sharpness: sharp(key), urls })))
    .toSorted((a, b) => b.sharpness - a.sharpness)
  const urls = best?.urls ?? []
  return urls.find((url) => url.startsWith('https:')) ?? urls[0] ?? null
}

/** A field of a jCard (RFC 7095): `["vcard", [["fn", {}, "text", "Example Ltd"], …]]`. */
const cardText = (entity: Readonly<Record<string, unknown>>, name: string): string => {
  for (const field of list(list(entity['vcardArray'])[1])) {
    const [key, , , value] = list(field)
    if (key === name) return plainText(Array.isArray(value) ? value[0] : value)
  }
  return ''
}

const cardCountry = (entity: Readonly<Record<string, unknown>>): string => {
  for (const field of list(list(entity['vcardArray'])[1])) {
    const [key, facts, , value] = list(field)
    if (key !== 'adr') continue
    const code = isRecord(facts) ? plainText(facts['cc'], 40) : ''
    // The seventh part of an address is its country.
    return code === '' ? plainText(list(value)[6], 40) : code
  }
  return ''
}

const withRole = (entities: readonly Readonly<Record<string, unknown>>[], role: string) =>
  entities.find((entity) => texts(entity['roles']).includes(role))

/** Withheld for privacy, as registries say it: no owner. */
const withheld = /redacted|privacy|not disclosed|data protected|withheld/i

const eventDate = (document: Readonly<Record<string, unknown>>, action: string): string => {
  const event = list(document['events'])
    .filter(isRecord)
    .find((each) => each['eventAction'] === action)
  return dateOf(plainText(event?.['eventDate']))
}

/** What an RDAP answer says of a domain or a network. Anything that is not as it should be is left out. */
export const readRdap = (document: unknown): Registration => {
  if (!isRecord(document)) throw new NoAnswer('the answer is not a registration')
  const entities = list(document['entities']).filter(isRecord).slice(0, 50)
  const registrar = withRole(entities, 'registrar')
  const registrant = withRole(entities, 'registrant')
  const owner = registrant === undefined ? '' : cardText(registrant, 'org') || cardText(registrant, 'fn')
  const isNetwork = document['objectClassName'] === 'ip network' || 'startAddress' in document
  const facts = {
    registrar: registrar === undefined ? '' : cardText(registrar, 'fn') || plainText(registrar['handle']),
    registeredOn: eventDate(document, 'registration'),
    expiresOn: eventDate(document, 'expiration'),
    owner: withheld.test(owner) ? '' : owner,
    country: plainText(document['country'], 40) || (registrant === undefined ? '' : cardCountry(registrant)),
    network: isNetwork ? plainText(document['name']) : '',
  }
  return Object.fromEntries(Object.entries(facts).filter(([, text]) => text !== ''))
}

/**
 * Asks the registry of a name or an address.
 *
 * @throws NoAnswer
 */
export const askRdap = async (
  what: string,
  sources: { readonly bootstrap: Bootstrap; readonly outside: Outside; readonly rdapPace: Pace },
  signal: AbortSignal,
): Promise<Registration> => {
  const version = isIP(what)
  const file = version === 0 ? 'dns' : version === 4 ? 'ipv4' : 'ipv6'
  const server = serverFor(await sources.bootstrap(file, signal), what)
  if (server === null) throw new NoAnswer('its registry has no RDAP server')
  await sources.rdapPace(signal)
  const query = `${version === 0 ? 'domain' : 'ip'}/${encodeURIComponent(what)}`
  const base = server.endsWith('/') ? server : `${server}/`
  const { status, text } = await getText(`${base}${query}`, sources.outside, signal)
  if (status === 404) throw new NoAnswer('it is not registered')
  if (status === 429) throw new NoAnswer('the registry has been asked too often')
  if (status !== 200) throw new NoAnswer(`the registry answers with status ${status}`)
  return readRdap(json(text))
}
