/**
 * A look at a file before it is read: enough lines to tell its format, and its first lines' fingerprint.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { sql } from '../sql/sql.ts'
import { headOf, headLines, type Head } from './fingerprint.ts'
import { layoutOf, type Layout } from './json-document.ts'
import { contentOf, type Content } from './magic.ts'
import type { Source } from './sources.ts'

export interface Sample {
  readonly content: Content
  /** How it is laid out where it is a JSON document; null where it holds lines. */
  readonly layout: Layout | null
  /** From the beginning, the middle and the end where the file can be entered there. */
  readonly lines: readonly string[]
  readonly head: Head
  /** Whether the last line has no line end yet; false where that cannot be seen. */
  readonly unterminated: boolean
  /** Stands for the bytes of the file: its size, its beginning and its end. */
  readonly bytesId: string
}

/** A line is looked at up to here, in bytes. */
const longest = 16_384
const headBytes = 1 << 20
const pieceBytes = 1 << 16
const pieces = 8
const linesOfPiece = 25
const linesOfHead = 200
const newline = 10

const readAt = async (file: FileHandle, at: number, size: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(size)
  const { bytesRead } = await file.read(buffer, 0, size, at)
  return buffer.subarray(0, bytesRead)
}

const splitLines = (bytes: Buffer): Buffer[] => {
  const lines: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, from)) {
    lines.push(bytes.subarray(from, at))
    from = at + 1
  }
  if (from < bytes.length) lines.push(bytes.subarray(from))
  return lines
}

/** The first half of what is wanted as it comes, the other half spread over the rest. */
const spread = <T>(items: readonly T[], wanted: number): T[] => {
  if (items.length <= wanted) return [...items]
  const first = items.slice(0, wanted / 2)
  const step = (items.length - first.length) / (wanted - first.length)
  const others = Array.from({ length: wanted - first.length }, (_, i) =>
    items.at(first.length + Math.floor(i * step)),
  )
  return [...first, ...others.filter((item) => item !== undefined)]
}

const bom = '\u{feff}'

// Text with NUL bytes cannot be bound to a query.
const toText = (line: Buffer): string => line.subarray(0, longest).toString().replaceAll('\0', ' ')

const textsOf = (lines: readonly Buffer[]): string[] =>
  lines.map((line, i) => (i === 0 ? toText(line).replace(bom, '') : toText(line)))

/** A query's text has an end, and the lines become part of one. */
const longestTogether = 1_000_000

const upTo = (lines: readonly string[], size: number): string[] => {
  let left = size
  return lines.filter((line) => (left -= line.length) >= 0)
}

interface Seen {
  /** Decompressed, from the beginning. */
  readonly beginning: Buffer
  readonly first: readonly Buffer[]
  readonly lines: readonly string[]
}

const lookIntoPlain = async (file: FileHandle, bytes: number): Promise<Seen> => {
  const beginning = await readAt(file, 0, headBytes)
  const first = splitLines(beginning)
  const lines = textsOf(spread(first, linesOfHead))
  const rest = bytes - headBytes
  for (let i = 1; i <= (rest > 0 ? pieces : 0); i++) {
    const at = headBytes + Math.floor(((rest - pieceBytes) * i) / pieces)
    const piece = splitLines(await readAt(file, Math.max(headBytes, at), pieceBytes))
    // The first and the last are half lines.
    lines.push(...spread(piece.slice(1, -1), linesOfPiece).map(toText))
  }
  return { beginning, first: first.slice(0, headLines), lines }
}

const linesOfArchive = 2000

const lookIntoArchive = async (engine: Engine, source: Source, options: QueryOptions): Promise<Seen> => {
  const rows = await engine.lineRows<{ line: string }>(
    { path: source.file, compression: source.compression, limit: linesOfArchive },
    (lines) =>
      sql`SELECT base64Encode(left(line, ${longest})) AS line FROM ${lines} WHERE line_number < ${headLines} OR line_number % 16 = 0 ORDER BY line_number`,
    options,
  )
  const lines = rows.map((row) => Buffer.from(row.line, 'base64'))
  const first = lines.slice(0, headLines)
  const ended = first.flatMap((line) => [line, Buffer.from('\n')])
  return { beginning: Buffer.concat(ended), first, lines: textsOf(lines) }
}

/**
 * Looks into a file.
 *
 * @throws AppError where an archive is damaged near its beginning; see `isDamage`
 */
export const sampleSource = async (
  engine: Engine,
  source: Source,
  options: QueryOptions,
): Promise<Sample> => {
  const file = await open(source.file, 'r')
  try {
    const { size } = await file.stat()
    const seen =
      source.compression === 'none'
        ? await lookIntoPlain(file, size)
        : await lookIntoArchive(engine, source, options)
    const end = await readAt(file, Math.max(0, size - pieceBytes), pieceBytes)
    const bytesId = createHash('sha256')
      .update(`${size} `)
      .update(await readAt(file, 0, pieceBytes))
      .update(end)
      .digest('hex')
      .slice(0, 24)
    const unterminated = source.compression === 'none' && size > 0 && end.at(-1) !== newline
    return {
      content: contentOf(seen.beginning.subarray(0, pieceBytes)),
      layout: layoutOf(seen.beginning),
      lines: upTo(seen.lines, longestTogether),
      head: headOf(seen.first.map((line) => line.subarray(0, longest))),
      unterminated,
      bytesId,
    }
  } finally {
    await file.close()
  }
}
