import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Engine, LineLoad, QueryOptions } from './engine.ts'

/** Lines are written in pieces of about so many characters. */
const pieceLength = 65_536

async function* piecesOf(lines: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let piece: string[] = []
  let length = 0
  for await (const line of lines) {
    piece.push(line, '\n')
    length += line.length + 1
    if (length < pieceLength) continue
    yield piece.join('')
    piece = []
    length = 0
  }
  yield piece.join('')
}

/**
 * Inserts rows made from lines that were made here. They go by way of a file: there may be more of them than a statement holds.
 *
 * @param lines without their line ends
 */
export const loadMade = async (
  engine: Engine,
  lines: Iterable<string> | AsyncIterable<string>,
  load: Pick<LineLoad, 'into' | 'select'>,
  options: QueryOptions,
): Promise<void> => {
  const folder = await mkdtemp(path.join(os.tmpdir(), `winnow-${process.pid}-made-`))
  try {
    const file = path.join(folder, 'lines.txt')
    await pipeline(piecesOf(lines), createWriteStream(file))
    await engine.loadLines({ path: file, compression: 'none', ...load }, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
