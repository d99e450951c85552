/**
 * The way outside: names resolved, and who may be reached. Everything that opens a connection comes through here, so that
 * no answer can send a look-up to an address inside.
 *
 * @module
 */
import { Resolver } from 'node:dns/promises'
import { isIP, isIPv4 } from 'node:net'
import { addressNumber, plainAddress } from '../addresses/address.ts'
import { isPublicAddress, isPublicName } from './public.ts'

/** A question that got no answer. Its message is shown to people: "no answer within 5 s". */
export class NoAnswer extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'NoAnswer'
  }
}

/** Whom one may reach, and through which name servers. */
export interface Outside {
  /** Whether an address may be connected to and asked about. Default {@link isPublicAddress}. */
  readonly permitsAddress: (address: string) => boolean
  /** Whether a name may be asked about. Default {@link isPublicName}. */
  readonly permitsName: (name: string) => boolean
  /** Name servers: addresses, with a port where it is not 53. Default: the system's. */
  readonly nameServers?: readonly string[]
}

export const publicInternet: Outside = { permitsAddress: isPublicAddress, permitsName: isPublicName }

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** What a failed connection is called. */
export const failureText = (error: unknown): string => {
  const code = codeOf(error)
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was cut',
    EHOSTUNREACH: 'it cannot be reached',
    ENETUNREACH: 'it cannot be reached',
    ETIMEDOUT: 'no answer',
    ENOTFOUND: 'there is no such name',
    ENODATA: 'there is no such name',
    ECANCELLED: 'no answer in time',
  }
  if (/CERT|ERR_TLS/.test(code)) return 'its certificate is not trusted'
  return words[code] ?? (code === '' ? 'it failed' : `it failed (${code})`)
}

const asking = async <T>(
  outside: Outside,
  signal: AbortSignal,
  ask: (resolver: Resolver) => Promise<T>,
): Promise<T> => {
  signal.throwIfAborted()
  const resolver = new Resolver({ timeout: 2000, tries: 2 })
  if (outside.nameServers !== undefined) resolver.setServers([...outside.nameServers])
  const cancel = (): void => resolver.cancel()
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await ask(resolver)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

const noSuchName = (error: unknown): boolean => ['ENOTFOUND', 'ENODATA'].includes(codeOf(error))

/** `4.3.2.1.in-addr.arpa`, and the like of 32 hexadecimal digits for IPv6 (RFC 1035, RFC 3596). */
const reverseName = (text: string): string => {
  const address = plainAddress(text)
  if (isIPv4(address)) return `${address.split('.').toReversed().join('.')}.in-addr.arpa`
  const digits = (addressNumber(address)?.bits ?? 0n).toString(16).padStart(32, '0')
  return `${Array.from(digits).toReversed().join('.')}.ip6.arpa`
}

/** The names an address is given in the DNS; none where it has none. */
export const namesOf = (address: string, outside: Outside, signal: AbortSignal): Promise<string[]> =>
  asking(outside, signal, async (resolver) => {
    try {
      // Not `reverse`, which asks this machine's hosts file first.
      return await resolver.resolvePtr(reverseName(address))
    } catch (error) {
      if (noSuchName(error)) return []
      throw new NoAnswer(`the name server: ${failureText(error)}`, error)
    }
  })

/**
 * One address of a host, IPv4 before IPv6, that may be reached.
 *
 * @throws NoAnswer where there is none
 */
export const reachableAddress = async (
  host: string,
  outside: Outside,
  signal: AbortSignal,
): Promise<string> => {
  const refused = (): NoAnswer => new NoAnswer('it is not on the public internet')
  if (isIP(host) !== 0) {
    if (outside.permitsAddress(host)) return plainAddress(host)
    throw refused()
  }
  const found = await asking(outside, signal, async (resolver) => {
    for (const ask of [() => resolver.resolve4(host), () => resolver.resolve6(host)]) {
      try {
        const addresses = await ask()
        if (addresses.length > 0) return addresses
      } catch (error) {
        if (!noSuchName(error)) throw new NoAnswer(`the name server: ${failureText(error)}`, error)
      }
    }
    throw new NoAnswer('there is no such name')
  })
  // All of them: a name that points inside as well as outside is up to something.
  const [first] = found
  if (first === undefined || !found.every(outside.permitsAddress)) throw refused()
  return first
}
