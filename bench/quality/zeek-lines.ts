/**
 * Zeek's logs as the benches read them: the values of each line by name, tab-separated or JSON.
 *
 * @module
 */
import { readLines } from './log-files.ts'

export type ZeekLine = Readonly<Record<string, string>>

const fromJson = (text: string): ZeekLine => {
  // A line of a log that was found to be JSON; what is no object has no entries.
  const record = JSON.parse(text) as Readonly<Record<string, unknown>>
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]))
}

/** Tabs; labels were put behind with three blanks by those who label. */
const separator = /\t| {3}/

export const zeekLines = (lines: readonly string[]): ZeekLine[] => {
  let names: readonly string[] = []
  return lines.flatMap((text): ZeekLine[] => {
    if (text.startsWith('#fields')) names = text.split(separator).slice(1)
    if (text.startsWith('#')) return []
    if (text.startsWith('{')) return [fromJson(text)]
    const values = text.split(separator)
    return [Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']))]
  })
}

export const readZeek = (file: string): ZeekLine[] => zeekLines(readLines(file))

export interface InfectedHost {
  readonly host: string
  readonly flows: number
}

/** Who began the lines that hold, the most frequent first. */
export const sourcesOf = (
  lines: readonly ZeekLine[],
  holds: (line: ZeekLine) => boolean,
): readonly InfectedHost[] => {
  const counts = new Map<string, number>()
  for (const line of lines) {
    const host = line['id.orig_h']
    if (host !== undefined && holds(line)) counts.set(host, (counts.get(host) ?? 0) + 1)
  }
  return [...counts].map(([host, flows]) => ({ host, flows })).toSorted((a, b) => b.flows - a.flows)
}
