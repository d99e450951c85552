/**
 * Lines of several streams → `events`, in one statement: to plan one takes longer than to read a second's lines.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { isUnbroken, storedRows, type Stored } from '../ingest/store-lines.ts'
import type { Reading } from '../parse/compile-branches.ts'
import { compileSelect } from '../parse/compile.ts'
import type { ParseContext } from '../parse/context.ts'
import { eventsTable } from '../schema/tables.ts'
import { bound, id, join, raw, sql, type Sql } from '../sql/sql.ts'

/** The lines of one stream in a file that holds those of several, one after the other. */
export interface Part {
  readonly segment: string
  readonly source: string
  /** The first line, counted from 0 since the stream began. */
  readonly first: number
  readonly lines: number
}

export interface PartsToStore {
  readonly engine: Engine
  readonly file: string
  readonly parts: readonly Part[]
  readonly reading: Reading
  readonly context: ParseContext
  readonly options: QueryOptions
}

/** The file's lines, numbered as those of the only stream in it. */
export const numberedFrom =
  (first: number) =>
  (lines: Sql): Sql =>
    sql`(SELECT line, _row + toUInt64(${first}) AS line_number FROM (SELECT line, toUInt64(ifNull(line_number, 0)) AS _row FROM ${lines}))`

const startsOf = (parts: readonly Part[]): number[] => {
  let start = 0
  return parts.map(({ lines }) => {
    const own = start
    start += lines
    return own
  })
}

/** The rows with the segment, source and line number of the part they belong to. */
const asParts = (parts: readonly Part[], columns: readonly string[], rows: Sql): Sql => {
  const starts = startsOf(parts)
  const column = (name: string): Sql => id(`c${columns.indexOf(name)}`)
  const number = column('line_number')
  const shifts = parts.map(({ first }, i) => first - (starts[i] ?? 0))
  const of = (list: Sql): Sql =>
    sql`arrayElement(${list}, arrayCount(start -> start < toInt64(${number}), ${bound('Array(Int64)', starts)}))`
  const segments = of(
    bound(
      'Array(String)',
      parts.map(({ segment }) => segment),
    ),
  )
  const sources = of(
    bound(
      'Array(String)',
      parts.map(({ source }) => source),
    ),
  )
  const moved = sql`toUInt64(toInt64(${number}) + ${of(bound('Array(Int64)', shifts))})`
  return sql`SELECT * REPLACE (${segments} AS ${column('segment')}, ${sources} AS ${column('source')}, ${moved} AS ${number}) FROM (${rows})`
}

/** Takes back what was stored of some segments. Where that fails, the next attempt finds it: it counts the rows. */
export const discardSegments = async (engine: Engine, segments: readonly string[]): Promise<void> => {
  await engine.deleteRows(eventsTable, sql`segment IN ${segments}`)
}

/**
 * Stores lines and checks that each is there once. They count once their segments are listed.
 *
 * @returns what was stored of each part, in their order
 */
export const storeParts = async (task: PartsToStore, again = true): Promise<Stored[]> => {
  const { engine, file, parts, reading, context, options } = task
  const [only] = parts
  if (only === undefined) return []
  const names = parts.map(({ segment }) => segment)
  const compiled = compileSelect(reading, { segment: only.segment, source: only.source, context })
  const isAlone = parts.length === 1
  const view = numberedFrom(isAlone ? only.first : 0)
  try {
    await engine.loadLines(
      {
        path: file,
        compression: 'none',
        into: sql`INSERT INTO ${id(eventsTable.name)} (${join(compiled.columns.map(id))})`,
        select: (lines) => {
          const rows = compiled.select(view(lines))
          return isAlone ? rows : asParts(parts, compiled.columns, rows)
        },
      },
      options,
    )
    const bySegment = await storedRows(engine, names)
    const stored = parts.map(({ segment }) => bySegment.get(segment))
    const isWhole = parts.every(({ first, lines }, i) => {
      const own = stored[i]
      return own !== undefined && own.lines === lines && isUnbroken(own, first)
    })
    if (isWhole) return stored.filter((one) => one !== undefined)
  } catch (error) {
    // The failure that led here is the one to tell.
    await discardSegments(engine, names).catch(() => undefined)
    throw error
  }
  // Rows that an earlier failure could not take back.
  await discardSegments(engine, names)
  if (again) return storeParts(task, false)
  throw new Error(`the lines of ${parts.length} segments, ${only.segment} first, did not become as many rows`)
}

/** Some lines that were rejected and are neither empty nor for the reader only. */
export const rejectedLines = (engine: Engine, segment: string, limit: number): Promise<{ line: string }[]> =>
  engine.rows<{ line: string }>(
    sql`SELECT left(message, 16384) AS line FROM ${id(eventsTable.name)} WHERE segment = ${segment} AND category = 'reject' AND reject_reason NOT IN ${raw("('empty line', 'header or comment')")} ORDER BY line_number LIMIT ${limit}`,
  )
