import type { Engine, LineFile, QueryOptions } from '../engine/engine.ts'
import { compileClaim } from '../parse/compile-claims.ts'
import { compileSelect } from '../parse/compile.ts'
import type { Reading } from '../parse/compile-branches.ts'
import type { ParseContext } from '../parse/context.ts'
import { eventsTable } from '../schema/tables.ts'
import { id, join, sql, type Sql } from '../sql/sql.ts'
import { widenReading } from './narrow.ts'
import { segmentName, type Segment } from './segments.ts'

export interface LinesToStore {
  readonly engine: Engine
  readonly options: QueryOptions
  readonly file: LineFile
  /** The file's lines as they are to be read: `line` and `line_number` (from 0). */
  readonly view: (lines: Sql) => Sql
  readonly reading: Reading
  /** What of the reading is tried first: it is enough for most files. */
  readonly narrowed: Reading | undefined
  readonly context: ParseContext
  readonly source: string
  readonly format: string
  readonly content: string
  /** The head of a content of which so many lines are whole. */
  readonly head: (lines: number) => string
  /** The first line to store, from 0. */
  readonly from: number
  /** How many lines the file has; absent where that is not known beforehand. */
  readonly end: number | undefined
  /** The last line has no line end yet: it may be half a line, and gets a segment of its own. */
  readonly open: boolean
  readonly note: string
}

/** What is stored of a segment. */
export interface Stored {
  readonly lines: number
  readonly rejected: number
  readonly least: number
  readonly most: number
  /** Sum of line numbers, as text: it can exceed what a number holds exactly. */
  readonly sum: string
  readonly firstMs: number
  readonly lastMs: number
}

/** What is stored of segments, by their names; those without a row are not in it. */
export const storedRows = async (
  engine: Engine,
  segments: readonly string[],
): Promise<ReadonlyMap<string, Stored>> => {
  const rows = await engine.rows<Stored & { readonly segment: string }>(
    sql`SELECT segment, count() AS lines, countIf(category = 'reject') AS rejected, min(line_number) AS least, max(line_number) AS most, toString(sum(line_number)) AS sum, toUnixTimestamp64Milli(minIf(timestamp, category != 'reject')) AS firstMs, toUnixTimestamp64Milli(maxIf(timestamp, category != 'reject')) AS lastMs FROM ${id(eventsTable.name)} WHERE segment IN ${segments} GROUP BY segment`,
  )
  return new Map(rows.map((row) => [row.segment, row]))
}

const nothingStored: Stored = { lines: 0, rejected: 0, least: 0, most: 0, sum: '0', firstMs: 0, lastMs: 0 }

/** Each line number from the first on once: none missing, none twice. */
export const isUnbroken = (stored: Stored, from: number): boolean => {
  const { lines, least, most } = stored
  if (lines === 0) return true
  const sum = (BigInt(least + most) * BigInt(lines)) / 2n
  return least === from + 1 && most === from + lines && BigInt(stored.sum) === sum
}

/** Deletes what a failed load stored. Where even that fails, the next start does it: unlisted rows don't count. */
const discard = async (engine: Engine, segment: string): Promise<void> => {
  try {
    await engine.deleteRows(eventsTable, sql`segment = ${segment}`)
  } catch {
    // The failure that led here is the one to tell.
  }
}

/** Whether the reading understands lines that a narrower one rejected. */
const wouldUnderstand = async (task: LinesToStore, segment: string): Promise<boolean> => {
  const { engine, reading, context, options } = task
  const rejected = sql`(SELECT message AS line, line_number - 1 AS line_number FROM ${id(eventsTable.name)} WHERE segment = ${segment} AND category = 'reject')`
  const [claim] = await engine.rows<{ events: number }>(compileClaim(reading, context, rejected), options)
  return (claim?.events ?? 0) > 0
}

const storeRange = async (
  task: LinesToStore,
  from: number,
  end: number | undefined,
  open: boolean,
  again = true,
): Promise<Segment | undefined> => {
  const { engine, content } = task
  const segment = segmentName(content, from, open)
  const compiled = compileSelect(task.narrowed ?? task.reading, {
    segment,
    source: task.source,
    context: task.context,
  })
  const first = from === 0 ? sql`` : sql` AND line_number >= ${from}`
  const last = end === undefined ? sql`` : sql` AND line_number < ${end}`
  const range = (lines: Sql): Sql =>
    sql`(SELECT line, line_number FROM ${task.view(lines)} WHERE 1${first}${last})`
  try {
    await engine.loadLines(
      {
        ...task.file,
        into: sql`INSERT INTO ${id(eventsTable.name)} (${join(compiled.columns.map(id))})`,
        select: (lines) => compiled.select(range(lines)),
      },
      task.options,
    )
    const stored = (await storedRows(engine, [segment])).get(segment) ?? nothingStored
    if (!isUnbroken(stored, from)) {
      // Rows that an earlier failure in this process could not take back, on a full disk.
      if (again) {
        await discard(engine, segment)
        return await storeRange(task, from, end, open, false)
      }
      const { lines, least, most } = stored
      throw new Error(`a source's lines from ${from} on became ${lines} rows, ${least} to ${most}`)
    }
    const { lines, rejected, firstMs, lastMs } = stored
    if (lines === 0) return undefined
    if (task.narrowed !== undefined && rejected > 0 && (await wouldUnderstand(task, segment))) {
      await discard(engine, segment)
      return await storeRange({ ...task, narrowed: undefined }, from, end, open)
    }
    const wider =
      task.narrowed === undefined
        ? undefined
        : await widenReading(engine, [segment], task.reading, task.narrowed, task.options)
    if (wider !== undefined) {
      await discard(engine, segment)
      return await storeRange({ ...task, narrowed: wider }, from, end, open)
    }
    const head = task.head(open ? from : from + lines)
    const { source, format, note } = task
    const times = rejected < lines ? { firstMs, lastMs } : { firstMs: 0, lastMs: 0 }
    return { segment, content, start: from, open, source, format, head, lines, rejected, ...times, note }
  } catch (error) {
    await discard(engine, segment)
    throw error
  }
}

/**
 * Loads lines of a file into `events` and checks that each is there once. They count once the returned segments are
 * listed. Fewer lines than expected are there only where the file became shorter meanwhile.
 */
export const storeLines = async (task: LinesToStore): Promise<Segment[]> => {
  const { from, end } = task
  if (!task.open || end === undefined) {
    const whole = await storeRange(task, from, end, false)
    return whole === undefined ? [] : [whole]
  }
  const body = from < end - 1 ? await storeRange(task, from, end - 1, false) : undefined
  const tail = await storeRange(task, end - 1, end, true)
  return [body, tail].filter((segment) => segment !== undefined)
}
