/**
 * Logs of an example as if they came in now: most of them at once, the last part little by little.
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
  const parts: Part[] = []
  for (const file of files) {
    const stream: Stream = { name: path.basename(path.dirname(file)), kind: 'replay' }
    const lines = await readLines(file)
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
