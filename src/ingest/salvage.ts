/**
 * Files the engine cannot read as they are: bzip2, damaged archives and JSON documents. What can be read is written into a
 * plain file of lines.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { closeSync, createReadStream, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { mkdir, open, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { constants, createGunzip, gunzipSync } from 'node:zlib'
import type { Compression, Engine, QueryOptions } from '../engine/engine.ts'
import { AppError, messageOf } from '../errors.ts'
import { sql } from '../sql/sql.ts'
import { Bzip2Error, readBzip2 } from './bzip2.ts'
import { isDamage, systemCode } from './damage.ts'
import { layoutOf, type Layout } from './json-document.ts'
import type { Source } from './sources.ts'
import { splitDocument } from './split-document.ts'
import { zstdIsWhole } from './zstd-frames.ts'

export interface Salvaged {
  readonly file: string
  readonly bytes: number
  readonly lines: number
  /** What ended the reading; absent where nothing is wrong. */
  readonly damage?: { readonly truncated: boolean; readonly problem: string }
}

/** Whether an archive was cut short in a way that the engine does not notice. */
export const isCutShort = async (source: Source): Promise<boolean> => {
  if (source.compression !== 'zstd') return false
  const file = await open(source.file, 'r')
  try {
    return !(await zstdIsWhole(file, source.bytes))
  } finally {
    await file.close()
  }
}

/** Compressed bytes of a beginning: of text they are enough, and they cannot become more than 4 MB. */
const peekBytes = 4096

const gzipHead = async (source: Source): Promise<Uint8Array> => {
  const file = await open(source.file, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(peekBytes), 0, peekBytes, 0)
    return gunzipSync(buffer.subarray(0, bytesRead), { finishFlush: constants.Z_SYNC_FLUSH })
  } finally {
    await file.close()
  }
}

const bzip2Head = (source: Source): Uint8Array => {
  for (const block of readBzip2(source.file)) return block
  return new Uint8Array()
}

/**
 * How the JSON document in an archive is laid out that we can read without the engine, which would have to hold a line of
 * a gigabyte; null where it holds lines, or cannot be read.
 */
export const layoutInArchive = async (source: Source): Promise<Layout | null> => {
  try {
    if (source.compression === 'gzip') return layoutOf(await gzipHead(source))
    return source.compression === 'bz2' ? layoutOf(bzip2Head(source)) : null
  } catch (error) {
    if (systemCode(error) !== '') throw error
    return null
  }
}

const newline = 10

/** Writes bytes and counts the whole lines among them. */
const lineWriter = (target: string) => {
  const fd = openSync(target, 'wx', 0o600)
  let bytes = 0
  let wholeBytes = 0
  let lines = 0
  return {
    write: (chunk: Uint8Array): void => {
      for (let done = 0; done < chunk.length;) done += writeSync(fd, chunk, done)
      for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) lines++
      const last = chunk.lastIndexOf(newline)
      if (last !== -1) wholeBytes = bytes + last + 1
      bytes += chunk.length
    },
    /** Where the input was damaged, its last line is half a line and goes. */
    end: (damaged: boolean): { bytes: number; lines: number } => {
      if (damaged) ftruncateSync(fd, wholeBytes)
      else if (wholeBytes < bytes) lines++
      fdatasyncSync(fd)
      return { bytes: damaged ? wholeBytes : bytes, lines }
    },
    close: (): void => closeSync(fd),
  }
}

type Damage = NonNullable<Salvaged['damage']>

type Write = (chunk: Uint8Array) => void

const copy = async (source: Source, write: Write, signal?: AbortSignal): Promise<null> => {
  const input = createReadStream(source.file, signal === undefined ? {} : { signal })
  for await (const chunk of input) write(chunk)
  return null
}

const gunzip = (source: Source, write: Write, signal?: AbortSignal): Promise<Damage | null> =>
  new Promise((resolve, reject) => {
    const input = createReadStream(source.file, signal === undefined ? {} : { signal })
    // Small chunks: what was inflated within a chunk before the damage is lost.
    const output = createGunzip({ chunkSize: 1024 })
    input.once('error', reject)
    output.on('data', (chunk: Buffer) => {
      try {
        write(chunk)
      } catch (error) {
        input.destroy()
        output.destroy()
        reject(error)
      }
    })
    output.once('end', () => resolve(null))
    output.once('error', (error) => {
      const truncated = 'code' in error && error.code === 'Z_BUF_ERROR'
      input.destroy()
      const problem =
        error.message === 'incorrect data check'
          ? 'its checksum is wrong, so some of them may be wrong'
          : error.message
      resolve({ truncated, problem: truncated ? 'the archive ends too early' : problem })
    })
    input.pipe(output)
  })

const bunzip = async (source: Source, write: Write, signal?: AbortSignal): Promise<Damage | null> => {
  try {
    for (const block of readBzip2(source.file)) {
      write(block)
      // A block takes a tenth of a second: others get their turn in between.
      await new Promise((resolve) => setImmediate(resolve))
      if (signal?.aborted === true) throw new AppError('cancelled')
    }
    return null
  } catch (error) {
    if (!(error instanceof Bzip2Error)) throw error
    return {
      truncated: error.truncated,
      problem: error.truncated ? 'the archive ends too early' : error.message,
    }
  }
}

const readers: Readonly<Partial<Record<Compression, typeof gunzip>>> = {
  none: copy,
  gzip: gunzip,
  bz2: bunzip,
}

const cutDocument: Damage = { truncated: true, problem: 'the document ends too early' }

const writeOut = async (
  source: Source,
  read: typeof gunzip,
  target: string,
  layout: Layout | null,
  signal?: AbortSignal,
): Promise<Salvaged> => {
  const writer = lineWriter(target)
  try {
    const splitter = layout === null ? null : splitDocument(layout, writer.write)
    const damaged = await read(source, splitter?.push ?? writer.write, signal)
    const cut = splitter?.end() === true
    const damage = damaged ?? (cut ? cutDocument : null)
    const written = writer.end(damage !== null)
    return { file: target, ...written, ...(damage === null ? {} : { damage }) }
  } finally {
    writer.close()
  }
}

/** Steps of the search, in lines: reading ahead by large blocks is fast, by single lines exact. */
const steps = [65_536, 4096, 256, 16, 1]

/** How many lines the engine can read of a damaged archive, and its complaint about the next one. */
const readableLines = async (
  engine: Engine,
  source: Source,
  options: QueryOptions,
): Promise<{ lines: number; complaint: string }> => {
  let complaint = ''
  const canRead = async (limit: number, blockLines: number): Promise<boolean> => {
    try {
      const file = { path: source.file, compression: source.compression, limit, blockLines }
      const [found] = await engine.lineRows<{ lines: number }>(
        file,
        (lines) => sql`SELECT count() AS lines, sum(length(line)) AS bytes FROM ${lines}`,
        options,
      )
      return found?.lines === limit
    } catch (error) {
      if (!isDamage(error)) throw error
      complaint = messageOf(error)
      return false
    }
  }
  let lines = 0
  for (const step of steps) {
    let good = 0
    let bad = 1
    while (await canRead(lines + bad * step, step)) [good, bad] = [bad, bad * 2]
    while (bad - good > 1) {
      const middle = Math.floor((good + bad) / 2)
      if (await canRead(lines + middle * step, step)) good = middle
      else bad = middle
    }
    lines += good * step
  }
  return { lines, complaint }
}

const copyReadable = async (
  engine: Engine,
  source: Source,
  target: string,
  options: QueryOptions,
): Promise<Salvaged> => {
  const found = await readableLines(engine, source, options)
  // A Zstandard file that was cut short ends, for the engine, with a line that is half a line.
  const cut = found.complaint === ''
  const lines = cut ? Math.max(0, found.lines - 1) : found.lines
  const truncated = cut || /LZMA_BUF_ERROR|unexpected end/i.test(found.complaint)
  const damage = { truncated, problem: truncated ? 'the archive ends too early' : 'its bytes are damaged' }
  if (lines === 0) await (await open(target, 'wx', 0o600)).close()
  else {
    const file = { path: source.file, compression: source.compression, limit: lines }
    await engine.copyLines(file, target, options)
  }
  return { file: target, bytes: (await stat(target)).size, lines, damage }
}

/** An archive only the engine can read is unpacked first. */
const splitArchive = async (
  engine: Engine,
  source: Source,
  target: string,
  layout: Layout,
  options: QueryOptions,
): Promise<Salvaged> => {
  const unpacked = `${target}.unpacked`
  try {
    await engine.copyLines({ path: source.file, compression: source.compression }, unpacked, options)
    return await writeOut({ ...source, file: unpacked }, copy, target, layout, options.signal)
  } finally {
    await rm(unpacked, { force: true })
  }
}

/**
 * Writes what can be read of a file into a plain file in `folder`; the half line at the damage goes. Of a JSON document
 * each element becomes a line.
 *
 * @param layout how the document is laid out; null where the file holds lines
 * @throws AppError `disk-full`, `cancelled`
 */
export const salvage = async (
  engine: Engine,
  source: Source,
  folder: string,
  options: QueryOptions,
  layout: Layout | null = null,
): Promise<Salvaged> => {
  await mkdir(folder, { recursive: true })
  const target = path.join(folder, randomUUID())
  const read = readers[source.compression]
  try {
    if (read !== undefined) return await writeOut(source, read, target, layout, options.signal)
    if (layout !== null) return await splitArchive(engine, source, target, layout, options)
    return await copyReadable(engine, source, target, options)
  } catch (error) {
    await rm(target, { force: true })
    if (systemCode(error) === 'ENOSPC') throw new AppError('disk-full', { path: folder }, error)
    if (options.signal?.aborted === true) throw new AppError('cancelled', {}, error)
    throw error
  }
}
