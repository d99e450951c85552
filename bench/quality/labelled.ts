/**
 * Logs with a labels file beside them: `x.log.gz` and `x.labels.json`.
 *
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

export interface Malicious {
  readonly source: string
  /** Whom it talks to: a host or a domain. */
  readonly target: string
  readonly what: string
}

export interface Labels {
  readonly malicious: readonly Malicious[]
  /** Hosts that are asked at intervals, and harmless. */
  readonly benignPolled: readonly string[]
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** `malicious` has `src`, and `dest` or `domain`; `known_benign_periodic` are sentences that begin with a host. */
export const readMalicious = (json: unknown): Labels => {
  if (!isRecord(json)) return { malicious: [], benignPolled: [] }
  return {
    malicious: list(json['malicious'])
      .filter(isRecord)
      .map((one) => ({
        source: textOf(one['src']),
        target: textOf(one['dest'] ?? one['domain']),
        what: textOf(one['what']),
      })),
    benignPolled: list(json['known_benign_periodic']).flatMap(
      (text) => textOf(text).match(/^[\w-]+(?:\.[\w-]+)+/)?.[0] ?? [],
    ),
  }
}

const ending = /\.(?:log|jsonl?|json)(?:\.gz)?$/

export const labelsOf = (file: string): Labels => {
  const beside = file.replace(ending, '.labels.json')
  return existsSync(beside)
    ? readMalicious(JSON.parse(readFileSync(beside, 'utf8')))
    : { malicious: [], benignPolled: [] }
}

/** The logs of a folder (or the one named) that have labels. */
export const labelledFiles = (place: string): string[] => {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) return []
  const files = found.isFile()
    ? [place]
    : readdirSync(place)
        .filter((name) => ending.test(name) && !name.endsWith('.labels.json'))
        .toSorted()
        .map((name) => path.join(place, name))
  return files.filter((file) => existsSync(file.replace(ending, '.labels.json')))
}
