/**
 * Traffic → a combined access log on disk.
 *
 * @module
 */
import { closeSync, openSync, renameSync, writeSync } from 'node:fs'
import { combinedLine, stampOf } from './request.ts'
import { generateTraffic, type TrafficOptions } from './traffic.ts'

export interface WrittenLog {
  readonly lines: number
  readonly bytes: number
}

/** Longer texts are slower: they outlive the collector's nursery before they are written. */
const chunkLength = 1 << 14
const bufferBytes = 1 << 22

/** The lines of a log (ASCII), in chunks of many, each with its line end. */
export const logChunks = (options: TrafficOptions, chunk: (text: string) => void): void => {
  let text = ''
  let [stampedS, stamp] = [-1, '']
  generateTraffic(options, (nowS, request) => {
    if (nowS !== stampedS) {
      stamp = stampOf(nowS)
      stampedS = nowS
    }
    text += `${combinedLine(stamp, request)}\n`
    if (text.length < chunkLength) return
    chunk(text)
    text = ''
  })
  chunk(text)
}

/** Writes a log; the file is there only once it is whole. */
export const writeLog = (file: string, options: TrafficOptions): WrittenLog => {
  const partial = `${file}.partial`
  const target = openSync(partial, 'w')
  const buffer = Buffer.allocUnsafe(bufferBytes)
  let [bytes, used] = [0, 0]
  const flush = (): void => {
    for (let from = 0; from < used;) from += writeSync(target, buffer, from, used - from)
    bytes += used
    used = 0
  }
  try {
    logChunks(options, (text) => {
      if (used + text.length > bufferBytes) flush()
      used += buffer.write(text, used, 'latin1')
    })
    flush()
  } finally {
    closeSync(target)
  }
  renameSync(partial, file)
  return { lines: options.lines, bytes }
}
