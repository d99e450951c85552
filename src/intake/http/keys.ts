/**
 * Who sends: the secret of a request, in whichever way a protocol carries it, and what it is good for.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'

export interface IntakeKey {
  readonly id: string
  /** The stream its lines go to; null: as the sender names it. */
  readonly source: string | null
  readonly scopes: readonly string[]
}

export interface IntakeKeys {
  /** Null: no such key, or one that is no longer good. */
  readonly check: (secret: string) => Promise<IntakeKey | null>
}

/** What a key must be allowed to do. */
const scope = 'ingest'
/** So long a good key is taken without asking again: a revoked one is refused this much later at most. */
const trustedMs = 5000
const mostTrusted = 1000

const decoded = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8')

const afterColon = (text: string): string | null =>
  text.includes(':') ? text.slice(text.indexOf(':') + 1) : null

/**
 * The secret in an Authorization header: `Bearer secret`, `Splunk secret`, `Basic` (the password; the user may be anything),
 * `ApiKey` (Elasticsearch's base64 of `id:secret`, or the secret as it is). Null where there is none.
 */
export const secretOf = (authorization: string | undefined): string | null => {
  const [, scheme = '', value = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(authorization ?? '') ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'splunk':
      return value
    case 'basic':
      return afterColon(decoded(value)) || null
    case 'apikey':
      return afterColon(decoded(value)) || value
    default:
      return null
  }
}

export interface Asked {
  readonly authorization: string | undefined
  /** Nobody but programs of this machine could have sent it. */
  readonly isLocal: boolean
}

/**
 * Checks requests' keys. Without `requireKey`, senders on this machine need none; all others do.
 *
 * @returns the key; null where none was given and none is needed. Throws AppError `intake-key-missing`, `intake-key-refused`.
 */
export const openKeys = (keys: IntakeKeys, requireKey: boolean, now: () => number = Date.now) => {
  const trusted = new Map<string, { readonly key: IntakeKey; readonly untilMs: number }>()
  return async ({ authorization, isLocal }: Asked): Promise<IntakeKey | null> => {
    const secret = secretOf(authorization)
    if (secret === null) {
      if (!requireKey && isLocal) return null
      throw new AppError('intake-key-missing')
    }
    const digest = createHash('sha256').update(secret).digest('base64')
    const known = trusted.get(digest)
    if (known !== undefined && known.untilMs > now()) return known.key
    trusted.delete(digest)
    const key = await keys.check(secret)
    if (key === null || !key.scopes.includes(scope)) throw new AppError('intake-key-refused')
    if (trusted.size >= mostTrusted) trusted.clear()
    trusted.set(digest, { key, untilMs: now() + trustedMs })
    return key
  }
}
