/**
 * Whether a file's lines have been read before, under whatever name and compression. The first lines are compared first;
 * only where they agree is the whole file hashed and compared with the lines that were stored.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import type { Engine, LineFile, QueryOptions } from '../engine/engine.ts'
import { longestLine } from '../parse/compile-branches.ts'
import { eventsTable } from '../schema/tables.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import { linesOf, openOf, type Chain, type Segment } from './segments.ts'

/** How many lines a head looks at. */
export const headLines = 64

/** The hashes of the first line, of the first two, and so on up to {@link headLines}. */
export interface Head {
  readonly hashes: readonly string[]
}

export const headOf = (lines: readonly Uint8Array[]): Head => {
  const hash = createHash('sha256')
  return {
    hashes: lines
      .slice(0, headLines)
      .map((line) => hash.update(`${line.length} `).update(line).copy().digest('hex').slice(0, 16)),
  }
}

/** A head as it is stored: the first line's hash, how many lines, and their hash. Of the first `lines` lines only. */
export const writeHead = (head: Head, lines: number): string => {
  const count = Math.min(lines, head.hashes.length)
  return `${head.hashes[0] ?? ''}:${count}:${head.hashes[count - 1] ?? ''}`
}

/** Whether one of two contents could begin as the other does; false is certain, true is not. */
export const mayAgree = (head: Head, stored: string): boolean => {
  const [first = '', written = '0', hash = ''] = stored.split(':')
  const count = Number(written)
  if (count === 0 || head.hashes.length === 0) return true
  const own = head.hashes[count - 1]
  return own === undefined ? first === head.hashes[0] : own === hash
}

/** How a file's lines relate to what is stored. */
export type Match =
  | { readonly kind: 'new' }
  /** All its lines are the first ones of a chain. */
  | { readonly kind: 'known'; readonly chain: Chain; readonly lines: number }
  /** It begins with a chain and goes on from line `from`; `replaces` is the chain's last line, half of which was there. */
  | { readonly kind: 'grown'; readonly chain: Chain; readonly from: number; readonly replaces?: Segment }

const hashOf = (line: string): Sql =>
  sql`cityHash64(left(${id(line)}, ${longestLine}), toUInt64(line_number))`

const chainHash = async (
  engine: Engine,
  chain: Chain,
  lines: number,
  options: QueryOptions,
): Promise<string> => {
  const names = chain.segments.map(({ segment }) => segment)
  const [row] = await engine.rows<{ hash: string }>(
    sql`SELECT toString(sum(${hashOf('message')})) AS hash FROM (SELECT message, line_number - 1 AS line_number FROM ${id(eventsTable.name)} WHERE segment IN ${names} AND ${id(eventsTable.name)}.line_number <= ${lines})`,
    options,
  )
  return row?.hash ?? ''
}

interface FileHashes {
  readonly lines: number
  readonly all: string
  /** Of the first so many lines. */
  readonly upTo: ReadonlyMap<number, string>
}

const hashFile = async (
  engine: Engine,
  file: LineFile,
  view: (lines: Sql) => Sql,
  lengths: readonly number[],
  options: QueryOptions,
): Promise<FileHashes> => {
  const partial = lengths.map((length) => sql`toString(sumIf(hash, line_number < ${length}))`)
  const [row] = await engine.lineRows<{ lines: number; hashes: string[] }>(
    file,
    (lines) =>
      sql`SELECT count() AS lines, [${join([raw('toString(sum(hash))'), ...partial])}] AS hashes FROM (SELECT line_number, ${hashOf('line')} AS hash FROM ${view(lines)})`,
    options,
  )
  const [all = '', ...prefixes] = row?.hashes ?? []
  return {
    lines: row?.lines ?? 0,
    all,
    upTo: new Map(lengths.map((length, i) => [length, prefixes[i] ?? ''])),
  }
}

const closedLines = (chain: Chain): number => linesOf(chain) - (openOf(chain)?.lines ?? 0)

/**
 * Compares a file with what is stored.
 *
 * @param view - the file's lines as they are loaded: `line` and `line_number` (from 0)
 * @param chains - those whose head agrees
 * @throws AppError where the archive is damaged; see `isDamage`
 */
export const matchContent = async (
  engine: Engine,
  file: LineFile,
  view: (lines: Sql) => Sql,
  chains: readonly Chain[],
  options: QueryOptions,
): Promise<Match> => {
  if (chains.length === 0) return { kind: 'new' }
  const lengths = new Set(chains.flatMap((chain) => [linesOf(chain), closedLines(chain)]))
  const own = await hashFile(engine, file, view, [...lengths], options)
  // The longest first: of two that agree it leaves the least to read.
  for (const chain of chains.toSorted((a, b) => linesOf(b) - linesOf(a))) {
    const whole = linesOf(chain)
    const open = openOf(chain)
    if (own.lines <= whole) {
      if (own.all === (await chainHash(engine, chain, own.lines, options)))
        return { kind: 'known', chain, lines: own.lines }
    } else if (own.upTo.get(whole) === (await chainHash(engine, chain, whole, options))) {
      return { kind: 'grown', chain, from: whole }
    }
    const closed = closedLines(chain)
    if (
      open !== undefined &&
      own.lines > closed &&
      own.upTo.get(closed) === (await chainHash(engine, chain, closed, options))
    ) {
      return { kind: 'grown', chain, from: closed, replaces: open }
    }
  }
  return { kind: 'new' }
}
