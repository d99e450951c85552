/**
 * Whether a log holds more lines that no parser understands than it used to. Such lines have no time: they have a place among
 * those that have one.
 *
 * @module
 */
import { groupBy } from './group-by.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { countSurprise } from '../models/negative-binomial.ts'
import { join, raw, sql, type Sql } from '../sql/sql.ts'
import type { LogNames } from './source-detector.ts'

/** A run of lines of one file, with how many of them were not understood. */
export interface Block {
  readonly source: string
  readonly fromLine: number
  readonly toLine: number
  readonly lines: number
  readonly rejected: number
  /** Of the lines with a time, ms since 1970; null where none has one. */
  readonly firstMs: number | null
  readonly lastMs: number | null
}

/** Neighbouring blocks of a log with too many rejects. */
export interface Jump {
  readonly sources: readonly string[]
  readonly blocks: readonly Block[]
  readonly lines: number
  readonly rejected: number
  /** The share before it. */
  readonly usualShare: number
  readonly fromMs: number
  readonly toMs: number
  /** Whether it lasts to the end of the log. */
  readonly lasting: boolean
  readonly surprise: number
}

/** Lines of a block: the largest file in hand is cut into about so many. */
const blocksAFile = 500
const leastBlock = 200
/** A jump has so many lines, is so large a share of them, and so many times the share before. */
const leastRejected = 20
const leastShare = 0.05
const leastTimes = 3
/** What is known of a log before its first block: it counts like so many lines of which half a line was not understood. */
const priorLines = 1000
const priorRejects = 0.5
/** Rejects come in bursts: the variance of a count is mean + dispersion · mean². */
const dispersion = 3
/** Beyond this a count is simply impossible. */
const mostSurprise = 12
/** Lines that every format has and no parser reads. */
const ordinaryReasons = ['empty line', 'header or comment']
/** Rejects that a person should know of. */
export const strangeRejects: Sql = sql`category = 'reject' AND reject_reason NOT IN (${join(ordinaryReasons.map((reason) => sql`${reason}`))})`

/** Blocks of the files that have any rejects, in the order of their lines. */
const readBlocks = async (engine: Engine, options: QueryOptions): Promise<readonly Block[]> => {
  const some = await engine.rows<{ source: string; rejected: number }>(
    sql`SELECT toString(source) AS source, count() AS rejected FROM events WHERE ${strangeRejects} GROUP BY source HAVING rejected >= ${leastRejected} ORDER BY source`,
    options,
  )
  if (some.length === 0) return []
  const listed = sql`source IN (${join(some.map(({ source }) => sql`${source}`))})`
  const [longest] = await engine.rows<{ lines: number }>(
    sql`SELECT max(line_number) AS lines FROM events WHERE ${listed}`,
    options,
  )
  const size = Math.max(leastBlock, Math.ceil((longest?.lines ?? 0) / blocksAFile))
  const time = raw('toUnixTimestamp64Milli(timestamp)')
  const rows = await engine.rows<{
    source: string
    block: number
    lines: number
    rejected: number
    events: number
    firstMs: number
    lastMs: number
  }>(
    sql`SELECT toString(source) AS source, intDiv(line_number - 1, ${size}) AS block, count() AS lines, countIf(${strangeRejects}) AS rejected, countIf(category != 'reject') AS events, minIf(${time}, category != 'reject') AS firstMs, maxIf(${time}, category != 'reject') AS lastMs FROM events WHERE ${listed} GROUP BY source, block ORDER BY source, block`,
    options,
  )
  return rows.map(({ source, block, lines, rejected, events, firstMs, lastMs }) => ({
    source,
    fromLine: block * size + 1,
    toLine: (block + 1) * size,
    lines,
    rejected,
    firstMs: events > 0 ? firstMs : null,
    lastMs: events > 0 ? lastMs : null,
  }))
}

/** Blocks of one log in the order they were written → its jumps. */
export const judgeBlocks = (blocks: readonly Block[], endMs: number): Jump[] => {
  const jumps: Jump[] = []
  let lines = priorLines
  let rejected = priorRejects
  let open: { blocks: Block[]; usualShare: number; surprise: number; fromMs: number } | null = null
  let lastMs = blocks.find((block) => block.firstMs !== null)?.firstMs ?? null
  const close = (lasting: boolean): void => {
    if (open === null || lastMs === null) return
    const sum = (of: (block: Block) => number): number =>
      (open?.blocks ?? []).reduce((all, one) => all + of(one), 0)
    jumps.push({
      sources: [...new Set(open.blocks.map(({ source }) => source))],
      blocks: open.blocks,
      lines: sum((block) => block.lines),
      rejected: sum((block) => block.rejected),
      usualShare: open.usualShare,
      fromMs: open.fromMs,
      toMs: lasting ? Math.max(lastMs, endMs) : lastMs,
      lasting,
      surprise: open.surprise,
    })
    open = null
  }
  for (const block of blocks) {
    const share = rejected / lines
    const usualShare = lines > priorLines ? (rejected - priorRejects) / (lines - priorLines) : 0
    const surprise = Math.min(
      mostSurprise,
      countSurprise(block.rejected, { mean: Math.max(1e-9, block.lines * share), dispersion }),
    )
    const stands =
      // A log that was not understood from its first line on has no past to jump from.
      lines > priorLines &&
      block.rejected >= leastRejected &&
      block.rejected >= leastShare * block.lines &&
      block.rejected >= leastTimes * Math.max(share, usualShare) * block.lines
    if (stands) {
      const fromMs = block.firstMs ?? lastMs ?? endMs
      open ??= {
        blocks: [],
        usualShare,
        surprise,
        fromMs,
      }
      open.blocks.push(block)
      open.surprise = Math.max(open.surprise, surprise)
    } else {
      if (block.firstMs !== null) lastMs = Math.max(lastMs ?? 0, block.firstMs)
      close(false)
      lines += block.lines
      rejected += block.rejected
    }
    if (block.lastMs !== null) lastMs = Math.max(lastMs ?? 0, block.lastMs)
  }
  close(true)
  return jumps
}

/** The jumps of all logs, and how many blocks were judged. */
export const readJumps = async (
  engine: Engine,
  names: LogNames,
  endMs: number,
  options: QueryOptions,
): Promise<{ readonly jumps: readonly Jump[]; readonly judged: number }> => {
  const blocks = await readBlocks(engine, options)
  const logs = groupBy(blocks, ({ source }) => names.logOf(source))
  const jumps = [...logs.values()].flatMap((own) =>
    judgeBlocks(
      own.toSorted((a, b) => names.compare(a.source, b.source) || a.fromLine - b.fromLine),
      endMs,
    ),
  )
  return { jumps, judged: blocks.length }
}
