/**
 * How logs are understood: a dry run of the parsers.
 *
 * @module
 */
import type { Engine } from './engine/engine.ts'
import type { LoadResult } from './ingest/load.ts'
import { withLogs, type LogRequest } from './logs.ts'
import type { RejectSummary, SourceSummary } from './report/report.ts'
import { addressText, columnOf, columns, isColumnName, type ColumnName } from './schema/columns.ts'
import { id, join, sql, type Sql } from './sql/sql.ts'

export interface ParseRequest extends LogRequest {
  /** Events and rejects to show of each file. Default 5. */
  readonly shown?: number
}

/** An event's columns that hold anything, by name. */
export type ShownEvent = Readonly<Record<string, unknown>>

export interface RejectedLine {
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly reason: string
  readonly text: string
}

export interface ParseResult {
  readonly version: 1
  readonly summary: {
    readonly files: number
    readonly lines: number
    readonly parsed: number
    readonly rejected: number
    readonly sources: readonly SourceSummary[]
    readonly rejects: readonly RejectSummary[]
  }
  readonly events: readonly ShownEvent[]
  readonly rejects: readonly RejectedLine[]
}

const shownColumns: readonly ColumnName[] = Object.keys(columns)
  .filter(isColumnName)
  .filter((name) => !['ingested', 'segment', 'message', 'reject_reason'].includes(name))

const selected = (name: ColumnName): Sql => {
  const { type } = columnOf(name)
  if (type === 'ip') return sql`toString(${id(name)}) AS ${id(name)}`
  if (type === 'time') return sql`formatDateTime(${id(name)}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC') AS ${id(name)}`
  return id(name)
}

const isEmpty = (value: unknown): boolean =>
  value === '' ||
  value === 0 ||
  value === '::' ||
  (typeof value === 'object' && JSON.stringify(value) === '{}')

const shown = (name: string, value: unknown): unknown =>
  isColumnName(name) && columnOf(name).type === 'ip' ? addressText(String(value)) : value

/** Only what says something, addresses as people write them. */
const shorten = (row: ShownEvent): ShownEvent =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name, value]) => !isEmpty(value) && !(name === 'event_repeats' && value === 1))
      .map(([name, value]) => [name, shown(name, value)]),
  )

const eventsIn = (engine: Engine, loaded: LoadResult, most: number): Promise<ShownEvent[]> => {
  // Inside, plain columns are named, so that an alias does not shadow what it is made from.
  const rows = sql`(SELECT ${join(shownColumns.map(id))} FROM events WHERE category != 'reject' AND segment IN ${loaded.segments} ORDER BY source, line_number LIMIT ${most} BY source)`
  return engine.rows<ShownEvent>(sql`SELECT ${join(shownColumns.map(selected))} FROM ${rows}`)
}

const rejectsIn = (engine: Engine, loaded: LoadResult, most: number): Promise<RejectedLine[]> =>
  engine.rows<RejectedLine>(
    sql`SELECT source AS path, line_number AS line, reject_reason AS reason, toValidUTF8(left(message, 300)) AS text FROM events WHERE category = 'reject' AND segment IN ${loaded.segments} ORDER BY source, line_number LIMIT ${most} BY source`,
  )

/**
 * Parses logs and shows what came of it: the format of each file, its first events, its rejects with their reasons.
 *
 * @throws AppError `nothing-to-read`, `unknown-parser`, `invalid-mapping` and the engine's
 */
export const parse = (request: ParseRequest): Promise<ParseResult> =>
  withLogs(request, async (engine, loaded) => {
    const most = request.shown ?? 5
    const some = loaded.segments.length > 0 && most > 0
    return {
      version: 1,
      summary: {
        files: loaded.sources.length,
        lines: loaded.lines,
        parsed: loaded.parsed,
        rejected: loaded.rejected,
        sources: loaded.sources,
        rejects: loaded.rejects,
      },
      events: some ? (await eventsIn(engine, loaded, most)).map(shorten) : [],
      rejects: some ? await rejectsIn(engine, loaded, most) : [],
    }
  })
