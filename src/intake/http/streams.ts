/**
 * What the streams of senders are called: a name out of what they say, made harmless, and not too many of them.
 *
 * @module
 */

export type Protocol = 'http' | 'elasticsearch' | 'hec' | 'loki' | 'otlp'

/** More names than this go to one stream: a sender that names each request anew must not make a stream of each. */
const mostStreams = 1000
const longestName = 120

/** Indices that a new one is made of each day or month: `logstash-2026.11.22`, with what Filebeat adds behind it. */
const date = /[-_.]\d{4}[-._]\d{2}(?:[-._]\d{2})?(?:-\d{6})?$/

/** Letters, digits and what file names and labels have; all else is `_`. */
export const cleanName = (name: string): string =>
  name
    .slice(0, 1000)
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._:@/-]+/gu, '_')
    .replace(date, '')
    .slice(0, longestName)
    .replaceAll(/^[_.-]+|[\uD800-\uDBFF]$/g, '')

export interface StreamNames {
  /** `protocol:name`, or `protocol:overflow` where too many names were seen. */
  readonly of: (protocol: Protocol, name: string) => string
  readonly count: () => number
}

/** @param onOverflow is called once, with the first name that found no place */
export const openStreamNames = (onOverflow: (name: string) => void, most = mostStreams): StreamNames => {
  const known = new Set<string>()
  let overflowed = false
  return {
    count: () => known.size,
    of: (protocol, name) => {
      const full = `${protocol}:${cleanName(name) || 'unnamed'}`
      if (known.has(full)) return full
      if (known.size < most) {
        known.add(full)
        return full
      }
      if (!overflowed) onOverflow(full)
      overflowed = true
      return `${protocol}:overflow`
    },
  }
}
