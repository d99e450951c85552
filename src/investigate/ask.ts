/**
 * Questions of people who wait: ahead of long work, bounded in time and memory, stopped when nobody waits any more.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { AppError } from '../errors.ts'
import type { Sql } from '../sql/sql.ts'
import { queryError, type Query } from './query/tree.ts'

/** What every question of this part takes. */
export interface AskOptions {
  /** Rejects with `cancelled`, and stops the engine's work. */
  readonly signal?: AbortSignal
  /** Who waits: see `QueryOptions`. */
  readonly asker?: string
  /** Rejects with `timed-out`. Default 20. */
  readonly seconds?: number
  /** What "now" is: ms since 1970. Default: the clock. */
  readonly nowMs?: number
}

const longestSeconds = 20
const mostMemory = 1_000_000_000

export const nowOf = (options: AskOptions): number => options.nowMs ?? Date.now()

/** For `engine.rows`. */
export const waiting = (
  options: AskOptions,
  settings: NonNullable<QueryOptions['settings']> = {},
): QueryOptions => ({
  interactive: true,
  seconds: options.seconds ?? longestSeconds,
  memoryBytes: mostMemory,
  settings,
  ...(options.signal === undefined ? {} : { signal: options.signal }),
  ...(options.asker === undefined ? {} : { asker: options.asker }),
})

const expressionAt = (query: Query): number => {
  switch (query.kind) {
    case 'field':
      return query.test.kind === 'matches' ? query.valueAt : -1
    case 'not':
      return expressionAt(query.of)
    case 'and':
    case 'or':
      return Math.max(-1, ...query.of.map(expressionAt))
    default:
      return -1
  }
}

/**
 * Rows of a question that holds a query's condition.
 *
 * @throws AppError `invalid-query` for a regular expression that the engine cannot read, and the engine's own
 */
export const ask = async <Row>(
  engine: Engine,
  query: Query,
  statement: Sql,
  options: QueryOptions,
): Promise<Row[]> => {
  try {
    return await engine.rows<Row>(statement, options)
  } catch (error) {
    const position = expressionAt(query)
    if (
      position >= 0 &&
      error instanceof AppError &&
      /REGEXP|OptimizedRegularExpression/i.test(error.message)
    )
      throw queryError('expected a regular expression in the syntax of RE2', position)
    throw error
  }
}
