/**
 * What a file of domains and addresses is, by its first lines.
 *
 * @module
 */
import { open } from 'node:fs/promises'
import { isIP } from 'node:net'
import path from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import type { Compression } from '../engine/engine.ts'
import { AppError, messageOf } from '../errors.ts'
import { compressionOf, contentOf } from '../ingest/magic.ts'
import { plainText } from './plain-text.ts'
import { plainName } from './public.ts'

/** How a line reads. Columns count from 1; 0 where there is none. */
export type LineShape =
  | { readonly kind: 'values' }
  /** `0.0.0.0 ads.example.com`. */
  | { readonly kind: 'hosts' }
  | {
      readonly kind: 'csv'
      readonly separator: string
      readonly value: number
      readonly category: number
      readonly note: number
      /** The line that names the columns, if there is one. */
      readonly header: string
    }

export type ListKind = 'categories' | 'reputation' | 'networks'

/** The beginning of a file: its whole lines, up to 64 KB of text. */
export interface FileHead {
  readonly compression: Compression
  readonly lines: readonly string[]
}

const headBytes = 65_536

const invalid = (kind: ListKind, file: string, problem: string, cause?: unknown): AppError =>
  new AppError('invalid-list', { kind, path: file, problem }, cause)

const startOf = async (kind: ListKind, file: string): Promise<{ bytes: Buffer; whole: boolean }> => {
  try {
    const handle = await open(file, 'r')
    try {
      if (!(await handle.stat()).isFile()) throw new TypeError('it is not a file')
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0)
      return { bytes: buffer.subarray(0, bytesRead), whole: bytesRead < headBytes }
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw invalid(kind, file, messageOf(error), error)
  }
}

/**
 * The first lines of a file, unpacked where it is gzip.
 *
 * @throws AppError `invalid-list` where it cannot be read or is no text
 */
export const headOf = async (kind: ListKind, file: string): Promise<FileHead> => {
  const { bytes, whole } = await startOf(kind, file)
  const compression = compressionOf(bytes)
  if (compression !== 'none' && compression !== 'gzip')
    throw invalid(kind, file, 'it is packed; unpack it, or pack it with gzip')
  // The end of what was read may lie inside a block.
  const unpack = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1000 * headBytes }
  let text: Buffer
  try {
    text = compression === 'gzip' ? gunzipSync(bytes, unpack) : bytes
  } catch (error) {
    throw invalid(kind, file, 'it is a damaged gzip archive', error)
  }
  const content = contentOf(text.subarray(0, headBytes))
  if (content.kind === 'other') throw invalid(kind, file, `it seems to be ${content.what}`)
  if (content.lineEnds === 'CR') throw invalid(kind, file, 'its lines end in CR; convert it to LF first')
  const lines = text
    .subarray(0, headBytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
  return { compression, lines: whole && text.length < headBytes ? lines : lines.slice(0, -1) }
}

/** Lines that say something: no comment, not blank. */
export const saying = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => line.trim()).filter((line) => line !== '' && !/^(?:[#;]|\/\/)/.test(line))

const unquoted = (text: string): string => text.trim().replace(/^"(.*)"$/, '$1')

const isValue = (text: string): boolean => {
  const value = unquoted(text).replace(/^\*?\./, '')
  const [address = '', bits] = value.split('/')
  if (isIP(address) !== 0) return bits === undefined || /^\d{1,3}$/.test(bits)
  const name = plainName(value)
  return name !== null && /\.[a-z][a-z0-9-]*$/.test(name)
}

const valueNames =
  /^(?:value|domain|domains|host|hostname|fqdn|ip|ips|ip_?address|address|dst_?ip|src_?ip|indicator|ioc|network|cidr|entry)$/i
const categoryNames = /^(?:category|categories|type|class|tag|tags|threat|threat_type|malware|label|group)$/i
const noteNames = /^(?:note|notes|comment|comments|description|reason|reference|source|name)$/i

const csvShape = (lines: readonly string[], separator: string): LineShape | null => {
  const rows = lines.map((line) => line.split(separator).map(unquoted))
  const [first = []] = rows
  const hasHeader = !first.some(isValue) && first.some((name) => valueNames.test(name))
  const body = hasHeader ? rows.slice(1) : rows
  const good = (column: number): number => body.filter((row) => isValue(row[column] ?? '')).length
  const named = hasHeader ? first.findIndex((name) => valueNames.test(name)) : -1
  const columns = first.map((_, column) => column)
  const best = columns.toSorted((a, b) => good(b) - good(a))[0] ?? 0
  // A header may say "host" and mean something else.
  const value = named >= 0 && good(named) * 2 >= body.length ? named : best
  if (good(value) * 2 < body.length || (body.length === 0 && named < 0)) return null
  const find = (names: RegExp, otherwise: number): number =>
    hasHeader ? first.findIndex((name) => names.test(name)) + 1 : first.length >= otherwise ? otherwise : 0
  return {
    kind: 'csv',
    separator,
    value: value + 1,
    category: find(categoryNames, value + 2),
    note: find(noteNames, value + 3),
    header: hasHeader ? (lines[0] ?? '') : '',
  }
}

const isFilterRule = (line: string): boolean => /^(?:\[adblock|@@|\|\|)|#[@?$]?#|\$third-party/i.test(line)

const most = (lines: readonly string[], test: (line: string) => boolean): boolean =>
  lines.filter(test).length * 2 >= lines.length

/**
 * How the lines of a list read.
 *
 * @throws AppError `invalid-list` where it is no list of domains and addresses
 */
export const lineShapeOf = (kind: ListKind, file: string, head: FileHead): LineShape => {
  const lines = saying(head.lines)
  if (lines.length > 0 && most(lines, (line) => isFilterRule(line) || line.startsWith('!')))
    throw invalid(
      kind,
      file,
      'it is a list of browser filter rules (Adblock), which are more than domains. Take the form of the list that has one domain a line',
    )
  const isHosts = (line: string): boolean => /^\S+\s+\S/.test(line) && isIP(line.split(/\s/)[0] ?? '') !== 0
  if (most(lines, (line) => isValue(line.replace(/\s+#.*$/, '')))) return { kind: 'values' }
  if (most(lines, isHosts)) return { kind: 'hosts' }
  for (const separator of [',', ';', '\t']) {
    const shape = most(lines, (line) => line.includes(separator)) ? csvShape(lines, separator) : null
    if (shape !== null) return shape
  }
  const wrong = lines.find((line) => !isValue(line)) ?? ''
  throw invalid(
    kind,
    file,
    `expected a domain, an address or a network on each line, CSV (value, category, note), or the hosts format; it has “${plainText(wrong, 60)}”`,
  )
}

/** What a file calls its entries where they don't say: its name, or that of its folder for `gambling/domains`. */
export const titleOf = (file: string): string => {
  const name = path.basename(file).replace(/\.(?:gz|csv|txt|tsv|list|hosts|dat)(?=\.|$)/gi, '')
  const vague = /^(?:domains?|hosts?|urls?|list|data|ips?)$/i.test(name)
  return plainText(vague ? path.basename(path.dirname(path.resolve(file))) : name, 60) || 'listed'
}
