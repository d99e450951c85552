import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect } from 'vitest'
import { AppError, type ErrorCode } from '../../src/errors.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Table } from '../../src/schema/tables.ts'
import { sql, type Sql } from '../../src/sql/sql.ts'

/** Gives the engine the tests of a suite share. */
export type Opened = () => Engine

export const linesTable: Table = {
  name: 'suite_lines',
  columns: [
    { name: 'segment', type: 'String' },
    { name: 'line', type: 'String' },
    { name: 'line_number', type: 'UInt64', codec: 'Delta, LZ4' },
  ],
  orderBy: ['segment', 'line_number'],
  shardBy: 'cityHash64(line)',
}

export const typesTable: Table = {
  name: 'suite_types',
  columns: [
    { name: 'at', type: "DateTime64(3, 'UTC')" },
    { name: 'keyword', type: 'LowCardinality(String)' },
    { name: 'text', type: 'String', codec: 'ZSTD(1)' },
    { name: 'address', type: 'IPv6' },
    { name: 'count', type: 'UInt64' },
    { name: 'port', type: 'UInt16' },
    { name: 'share', type: 'Float64' },
    { name: 'rest', type: 'JSON' },
    { name: 'names', type: 'Array(String)' },
  ],
  partitionBy: 'toYYYYMM(at)',
  orderBy: ['keyword', 'at'],
  shardBy: 'cityHash64(text)',
}

/** A folder for the files of one suite, gone afterwards. */
export const scratch = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-engine-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** One that sleeps rather than works, a tenth of a second a row, and can be stopped between rows. */
export const sleepy = (seconds: number): Sql =>
  sql`SELECT sum(sleepEachRow(0.1)) AS slept FROM numbers(${seconds * 10})`
export const sleepySettings = { max_block_size: 1 }

export const refused = async (promise: Promise<unknown>, code: ErrorCode): Promise<AppError> => {
  const error: unknown = await promise.then(
    (value) => new Error(`it did not fail: ${JSON.stringify(value)}`),
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  if (!(error instanceof AppError)) throw error
  expect([error.code, error.message]).toEqual([code, error.message])
  return error
}

/** Inserts the lines of a file into {@link linesTable}. */
export const loadInto = (
  engine: Engine,
  file: string,
  segment: string,
  more: Partial<Pick<Parameters<Engine['loadLines']>[0], 'compression' | 'limit'>> = {},
): Promise<void> =>
  engine.loadLines({
    path: file,
    compression: 'none',
    ...more,
    into: sql`INSERT INTO suite_lines (segment, line, line_number)`,
    select: (lines) => sql`SELECT ${segment}, line, line_number FROM ${lines}`,
  })

export interface LineRow {
  readonly line: string
  readonly line_number: number
}

export const linesOf = (engine: Engine, segment: string): Promise<LineRow[]> =>
  engine.rows<LineRow>(
    sql`SELECT line, line_number FROM suite_lines WHERE segment = ${segment} ORDER BY line_number, line`,
  )
