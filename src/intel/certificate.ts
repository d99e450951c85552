/**
 * What a server says of itself: the certificate it shows in a TLS handshake. Nothing is asked of it beyond that.
 *
 * @module
 */
import { isIP } from 'node:net'
import tls, { type PeerCertificate } from 'node:tls'
import { failureText, NoAnswer, reachableAddress, type Outside } from './outside.ts'
import { plainText } from './plain-text.ts'

export interface Certificate {
  /** Whom it was made for: common name and organisation. */
  readonly subject: string
  readonly organisation: string
  /** DNS names and addresses it holds for. At most {@link mostNames}. */
  readonly names: readonly string[]
  readonly issuer: string
  /** ISO 8601 dates; empty where they cannot be read. */
  readonly validFrom: string
  readonly validTo: string
  readonly selfSigned: boolean
  /** Empty where this machine would trust it for that name; else why not. */
  readonly distrusted: string
}

const mostNames = 20

/** Node gives an array where a part occurs more than once, whatever its types say. */
const part = (value: unknown): string =>
  Array.isArray(value) ? value.map((each) => plainText(each)).join(', ') : plainText(value)

const dateOf = (text: string): string => {
  const time = Date.parse(text)
  return Number.isNaN(time) ? '' : new Date(time).toISOString().slice(0, 10)
}

/** "DNS:a.example.com, IP Address:192.0.2.1"; a name with a comma in it comes quoted, and is no name. */
const namesIn = (text: string | undefined): string[] =>
  (text ?? '')
    .slice(0, 65_536)
    .split(', ')
    .flatMap((entry) => entry.match(/^(?:DNS|IP Address):([^"]+)$/)?.[1] ?? [])
    .map((name) => plainText(name))
    .filter((name) => name !== '')

const describe = (peer: PeerCertificate, distrusted: string): Certificate => {
  const { subject, issuer } = peer
  const same = JSON.stringify(subject) === JSON.stringify(issuer)
  return {
    subject: part(subject?.CN),
    organisation: part(subject?.O),
    names: [...new Set(namesIn(peer.subjectaltname))].slice(0, mostNames),
    issuer: [part(issuer?.O), part(issuer?.CN)].filter((text) => text !== '').join(', '),
    validFrom: dateOf(peer.valid_from),
    validTo: dateOf(peer.valid_to),
    selfSigned: same || distrusted === 'DEPTH_ZERO_SELF_SIGNED_CERT',
    distrusted,
  }
}

const reasons: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is unknown',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is unknown',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is unknown',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for other names',
}

/** Why a certificate is not trusted, in words. */
export const distrustText = (code: string): string => reasons[code] ?? plainText(code, 60)

const codeOf = (error: unknown): string => {
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message
  return typeof error === 'string' ? error : 'not trusted'
}

/**
 * The certificate of a host, by a TLS handshake that ends there. Old protocols are let through: it is them that
 * malicious servers speak.
 *
 * @throws NoAnswer where there is no TLS, or the host may not be reached
 */
export const askCertificate = async (
  host: string,
  port: number,
  outside: Outside,
  signal: AbortSignal,
): Promise<Certificate> => {
  const address = await reachableAddress(host, outside, signal)
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const socket = tls.connect({
      host: address,
      port,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    })
    const stop = (): void => {
      socket.destroy()
      reject(new NoAnswer('no answer in time'))
    }
    signal.addEventListener('abort', stop, { once: true })
    socket.once('close', () => {
      signal.removeEventListener('abort', stop)
      reject(new NoAnswer('it does not speak TLS'))
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      const spoken = /^(?:ERR_SSL|EPROTO)/.test(error.code ?? '')
      reject(new NoAnswer(spoken ? 'it does not speak TLS as we do' : failureText(error), error))
    })
    socket.once('secureConnect', () => {
      // The types promise a certificate; without one Node gives an empty object, or nothing.
      const peer = socket.getPeerCertificate() as PeerCertificate | undefined
      if (peer === undefined || Object.keys(peer).length === 0)
        reject(new NoAnswer('it shows no certificate'))
      else resolve(describe(peer, socket.authorized ? '' : codeOf(socket.authorizationError)))
      socket.destroy()
    })
  })
}
