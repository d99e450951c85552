/**
 * The engine: what Winnow asks of ClickHouse, whether it runs inside the process or on a cluster. Nothing outside this
 * folder knows which one it is.
 *
 * @module
 */
import type { Sql } from '../sql/sql.ts'
import type { Table } from '../schema/tables.ts'

export interface QueryOptions {
  /** Rejects with `cancelled` when it fires, and stops the query itself. */
  readonly signal?: AbortSignal
  /** Rejects with `timed-out` after so long. Default: 600 for interactive queries, no limit for others (0). */
  readonly seconds?: number
  /** Default 1,900,000,000. Rejects with `out-of-memory`. */
  readonly memoryBytes?: number
  /** Goes ahead of long work: a person is waiting. Default false. */
  readonly interactive?: boolean
  /** Whom an interactive query is for: one asker's many do not keep another waiting longer than the one that is running. */
  readonly asker?: string
  /** Called a few times a second with what the query has read so far: rows, and bytes as they are on disk. */
  readonly onProgress?: (read: { readonly rows: number; readonly bytes: number }) => void
  /** Statement settings beyond {@link engineSettings}. */
  readonly settings?: Readonly<Record<string, string | number>>
}

export type Compression = 'none' | 'gzip' | 'zstd' | 'xz' | 'bz2'

/** Lines of one file. */
export interface LineFile {
  /** A plain path: no pattern characters are read into it. */
  readonly path: string
  readonly compression: Compression
  /** Only the first so many lines, for an archive that may be damaged further on. */
  readonly limit?: number
  /** How far the engine may read ahead of `limit`, in lines: exact where it divides `limit`. Default 1. */
  readonly blockLines?: number
}

/** Lines of one file, to be turned into rows of a table. */
export interface LineLoad extends LineFile {
  /** `INSERT INTO t (…)`. */
  readonly into: Sql
  /** `SELECT … FROM <lines>`, where lines has the columns `line` (String) and `line_number` (UInt64, from 0). */
  readonly select: (lines: Sql) => Sql
}

export interface Engine {
  readonly kind: 'embedded' | 'cluster'
  /** Resolves when the engine answers, however much it has to do; throws where it fails. */
  ping(): Promise<void>
  /** The rows of a query, as plain objects; 64-bit numbers come as numbers. */
  rows<Row>(query: Sql, options?: QueryOptions): Promise<Row[]>
  /** A statement that returns nothing: an insert from a select, a definition. */
  run(statement: Sql, options?: QueryOptions): Promise<void>
  /** Inserts rows made from the lines of a file. */
  loadLines(load: LineLoad, options?: QueryOptions): Promise<void>
  /** The rows of a query over the lines of a file, which has the columns of {@link LineLoad.select}'s `lines`. */
  lineRows<Row>(file: LineFile, select: (lines: Sql) => Sql, options?: QueryOptions): Promise<Row[]>
  /** How many lines a file has, faster than by reading them. */
  countLines(file: LineFile, options?: QueryOptions): Promise<number>
  /** Writes the lines of a file into a new plain file. */
  copyLines(file: LineFile, target: string, options?: QueryOptions): Promise<void>
  /** Creates the table unless it is there. */
  createTable(table: Table): Promise<void>
  /** Adds columns to a table that is there; its rows have them empty. */
  addColumns(table: Table, columns: Table['columns']): Promise<void>
  dropTable(table: Table): Promise<void>
  /** Deletes rows for good. `where` is a condition on the table's columns. */
  deleteRows(table: Table, where: Sql): Promise<void>
  /** Gives back the disk that deleted rows still take: rewrites what holds any. */
  reclaim(table: Table): Promise<void>
  close(): Promise<void>
}

export const defaultMemoryBytes = 1_900_000_000
/** A person who waits is told after so long; other work may take as long as it takes. */
const interactiveSeconds = 600

export const secondsOf = (options: QueryOptions): number =>
  options.seconds ?? (options.interactive === true ? interactiveSeconds : 0)

/** What every query of either engine runs with. */
export const engineSettings: Readonly<Record<string, string | number>> = {
  splitby_max_substrings_includes_remaining_string: 1,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  max_partitions_per_insert_block: 0,
  join_use_nulls: 0,
  // The parsers of a system log make a statement of 350 kB; the default ends at 262 kB.
  max_query_size: 4_000_000,
  // All formats that read inside a system log are more than 50,000 nodes; a log is narrowed to those it has.
  max_ast_elements: 500_000,
  max_expanded_ast_elements: 2_000_000,
  // A log that is mapped counts as memory held, all of it in the end.
  storage_file_read_method: 'pread',
  // With less than 1 GB free a thread (4 GB to insert) the engine falls back to one thread, and takes twice as long. Our
  // queries are bounded in memory as a whole.
  max_threads_min_free_memory_per_thread: 0,
  max_insert_threads_min_free_memory_per_thread: 0,
  // Lazily evaluated branches lose their common subexpressions: a load takes twice as long with it.
  short_circuit_function_evaluation: 'disable',
  // Compares all conditions of a statement with each other, each with all the subqueries it rests on: a third of the time it took to plan
  // a load, and nothing of ours is quicker for it.
  optimize_and_compare_chain: 0,
  // Compiling what a statement computes takes longer than it spares: by 5 % over a million lines, by 15 % over a few thousand.
  compile_expressions: 0,
  compile_aggregate_expressions: 0,
  compile_sort_description: 0,
}

/**
 * For statements of many layers. To make one layer of all took half of what was left of planning a load; one by one they take hardly
 * longer to run, except that a whole hunt through millions of rows would take 3 % longer with it.
 */
export const quickToPlan: Readonly<Record<string, string | number>> = { query_plan_merge_expressions: 0 }

/** `SETTINGS` for one statement, limits included. */
export const statementSettings = (options: QueryOptions): Readonly<Record<string, string | number>> => {
  const memory = options.memoryBytes ?? defaultMemoryBytes
  return {
    max_memory_usage: memory,
    max_execution_time: secondsOf(options),
    max_bytes_before_external_group_by: Math.floor(memory / 2),
    max_bytes_before_external_sort: Math.floor(memory / 2),
    ...options.settings,
  }
}

/**
 * Chunks of 5 MB and parts of 100,000 rows hold little memory while they are parsed and written: 3,000,000 access-log lines
 * peak at 1.6 GB on two threads (2.1 GB with parts of 200,000 rows, in the same time).
 */
export const loadSettings: Readonly<Record<string, string | number>> = {
  ...quickToPlan,
  // An index of lines takes half as long as parsing them. Merges build it, in the background.
  materialize_skip_indexes_on_insert: 0,
  min_chunk_bytes_for_parallel_parsing: 5_000_000,
  max_insert_threads: 2,
  min_insert_block_size_rows: 100_000,
  min_insert_block_size_bytes: 100_000_000,
}

const columnDefinition = (column: Table['columns'][number]): string =>
  `${column.name} ${column.type}${column.codec === undefined ? '' : ` CODEC(${column.codec})`}`

export const addColumnsText = (name: string, columns: Table['columns']): string =>
  `ALTER TABLE ${name} ${columns.map((column) => `ADD COLUMN IF NOT EXISTS ${columnDefinition(column)}`).join(', ')}`

/** Parts of a table that is thrown away soon are not worth merging: it took a sixth of a load's processor time. */
const unmerged = {
  max_bytes_to_merge_at_max_space_in_pool: 1,
  parts_to_delay_insert: 100_000,
  parts_to_throw_insert: 100_000,
}

/**
 * `CREATE TABLE` for rows kept here, unless it is there.
 *
 * @param temporary whether the rows are thrown away with the process
 */
export const createTableText = (table: Table, name = table.name, temporary = false): string => {
  const definitions = table.columns.map(columnDefinition).join(', ')
  const settings = temporary
    ? ` SETTINGS ${Object.entries(unmerged)
        .map(([setting, value]) => `${setting} = ${value}`)
        .join(', ')}`
    : ''
  const partition = table.partitionBy === undefined ? '' : ` PARTITION BY ${table.partitionBy}`
  return `CREATE TABLE IF NOT EXISTS ${name} (${definitions}) ENGINE = MergeTree${partition} ORDER BY (${table.orderBy.join(', ')})${settings}`
}
