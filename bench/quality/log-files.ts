/**
 * Logs as the benches read them: as text, by expressions of their own, so that a mistake of the parsers can't hide in
 * the figures.
 *
 * @module
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { projectRoot } from '../place.ts'

/** The logs of a folder, or the file itself. Empty where there is no such place. */
export const logFiles = (place: string): string[] => {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (found.isFile()) return [place]
  return readdirSync(place)
    .filter((name) => /\.log(\.gz)?$/.test(name))
    .toSorted()
    .map((name) => path.join(place, name))
}

/** A file as people write it: from the project's folder, where it is near. */
export const shownPath = (file: string): string => {
  const relative = path.relative(projectRoot(), path.resolve(file))
  return relative.startsWith('../..') ? file : relative
}

export const readLines = (file: string): string[] => {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')
  return text.split('\n').filter((line) => line !== '')
}

export interface TimedLine {
  readonly timeMs: number
  readonly text: string
}

/**
 * Puts lines where they belong by time. The lines of the log keep their order, even where its clock jumps: an injected
 * line comes before the first one that is later.
 */
export const mergeByTime = (log: readonly TimedLine[], injected: readonly TimedLine[]): string[] => {
  const waiting = injected.toSorted((a, b) => a.timeMs - b.timeMs)
  const merged: string[] = []
  let next = 0
  for (const line of log) {
    for (let one = waiting[next]; one !== undefined && one.timeMs < line.timeMs; one = waiting[++next])
      merged.push(one.text)
    merged.push(line.text)
  }
  return [...merged, ...waiting.slice(next).map((line) => line.text)]
}
