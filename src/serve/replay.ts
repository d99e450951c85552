/**
 * Logs of an example as if they came in now: most of them at once, the last part little by little. Their times are moved, so that each
 * log ends now.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { Spool, Stream } from '../spool/spool.ts'

const unzip = promisify(gunzip)

/** The share of each log's lines that come little by little. */
const liveShare = 0.2
const stepMs = 1000

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const iso = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?\+00:00/g
const clf = /\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) \+0000\]/

const two = (value: number): string => String(value).padStart(2, '0')

const clfText = (at: Date): string =>
  `[${two(at.getUTCDate())}/${months[at.getUTCMonth()] ?? ''}/${at.getUTCFullYear()}:${at.toISOString().slice(11, 19)} +0000]`

const clfMs = ([, day = '', month = '', year = '', clock = '']: readonly string[]): number =>
  Date.parse(`${year}-${two(months.indexOf(month) + 1)}-${day}T${clock}Z`)

/** When a line says it was written, ms since 1970: ISO 8601 or as access logs have it, in UTC. NaN where it says nothing. */
const timeOf = (line: string): number => {
  const found = clf.exec(line)
  return found === null ? Date.parse(`${line.match(iso)?.[0]}`) : clfMs(found)
}

/** The line as if it was written so many ms later. */
export const moveTimes = (line: string, byMs: number): string =>
  line
    .replaceAll(iso, (_all, seconds: string, fraction = '') => {
      const moved = new Date(Date.parse(`${seconds}Z`) + byMs).toISOString()
      return `${moved.slice(0, 19)}${String(fraction)}+00:00`
    })
    .replace(clf, (...found: string[]) => clfText(new Date(clfMs(found) + byMs)))

/** All lines moved by whole seconds, so that the last one that has a time ends when it is told to. */
const endAt = (lines: readonly string[], endMs: number): readonly string[] => {
  const lastMs = lines.map(timeOf).findLast((ms) => !Number.isNaN(ms))
  if (lastMs === undefined) return lines
  const byMs = Math.floor((endMs - lastMs) / 1000) * 1000
  return lines.map((line) => moveTimes(line, byMs))
}

interface Part {
  readonly stream: Stream
  readonly lines: readonly string[]
}

const readLines = async (file: string): Promise<readonly string[]> => {
  const bytes = await readFile(file)
  const text = (file.endsWith('.gz') ? await unzip(bytes) : bytes).toString('utf8')
  return text.split('\n').filter((line) => line !== '')
}

const append = async (spool: Spool, { stream, lines }: Part): Promise<void> => {
  if (lines.length > 0) await spool.append(stream, Buffer.from(`${lines.join('\n')}\n`), lines.length)
}

/**
 * Gives the first part of each file to the spool, and returns what gives the rest, evenly over so many seconds. Files must be small:
 * they are held in memory.
 */
export const replay = async (
  spool: Spool,
  files: readonly string[],
  seconds: number,
): Promise<(signal: AbortSignal) => Promise<void>> => {
  const endMs = Date.now() + seconds * 1000
  const parts: Part[] = []
  for (const file of files) {
    const stream: Stream = { name: path.basename(path.dirname(file)), kind: 'replay' }
    const lines = endAt(await readLines(file), endMs)
    const live = Math.ceil(lines.length * liveShare)
    await append(spool, { stream, lines: lines.slice(0, lines.length - live) })
    parts.push({ stream, lines: lines.slice(lines.length - live) })
  }
  const steps = Math.max(1, Math.round((seconds * 1000) / stepMs))
  return async (signal) => {
    for (let step = 0; step < steps && !signal.aborted; step++) {
      for (const { stream, lines } of parts) {
        const [from, to] = [step, step + 1].map((at) => Math.floor((lines.length * at) / steps))
        await append(spool, { stream, lines: lines.slice(from, to) })
      }
      await pause(stepMs, undefined, { signal }).catch(() => undefined)
    }
  }
}
