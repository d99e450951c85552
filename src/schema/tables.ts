/**
 * The engine's tables as data: each adapter writes its own `CREATE TABLE` from them.
 *
 * @module
 */
import { columns, type Column, type ColumnType } from './columns.ts'

export interface TableColumn {
  readonly name: string
  /** ClickHouse type, with codec where the kind of value has one that pays. */
  readonly type: string
  readonly codec?: string
}

export interface Table {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly partitionBy?: string
  readonly orderBy: readonly string[]
  /** What decides the node a row lives on, in a cluster. */
  readonly shardBy: string
}

const storage: Readonly<Record<ColumnType, { type: string; codec?: string }>> = {
  time: { type: "DateTime64(3, 'UTC')", codec: 'Delta, LZ4' },
  ip: { type: 'IPv6' },
  keyword: { type: 'LowCardinality(String)' },
  text: { type: 'String' },
  integer: { type: 'UInt64' },
  port: { type: 'UInt16' },
  number: { type: 'Float64' },
  json: { type: 'JSON' },
}

const stored = (name: string, column: Column): TableColumn => {
  if (name === 'message') return { name, type: 'String', codec: 'ZSTD(1)' }
  if (name === 'line_number') return { name, type: 'UInt64', codec: 'Delta, LZ4' }
  return { name, ...storage[column.type] }
}

/**
 * One wide table for all events, rejects among them. Partitions are months, not days: a log whose clock jumps about
 * over a century makes hundreds of partitions then, not tens of thousands.
 */
export const eventsTable: Table = {
  name: 'events',
  columns: Object.entries(columns).map(([name, column]) => stored(name, column)),
  partitionBy: 'toYYYYMM(timestamp)',
  orderBy: ['category', 'timestamp'],
  shardBy: 'cityHash64(message)',
}

/** A segment that is whole in `events`. Rows of segments that are not listed here were cut short, and don't count. */
export const segmentsTable: Table = {
  name: 'segments',
  columns: [
    { name: 'segment', type: 'String' },
    { name: 'source', type: 'String' },
    { name: 'format', type: 'String' },
    { name: 'fingerprint', type: 'String' },
    { name: 'head', type: 'String' },
    { name: 'lines', type: 'UInt64' },
    { name: 'rejected', type: 'UInt64' },
    { name: 'first', type: "DateTime64(3, 'UTC')" },
    { name: 'last', type: "DateTime64(3, 'UTC')" },
    { name: 'note', type: 'String' },
    { name: 'loaded', type: "DateTime64(3, 'UTC')" },
  ],
  orderBy: ['segment'],
  shardBy: 'cityHash64(segment)',
}

/**
 * What hunts found: whom, with which detector, and when. Later hunts do not learn from it, so that an attack does not make
 * itself ordinary.
 */
export const suspectsTable: Table = {
  name: 'suspects',
  columns: [
    { name: 'detector', type: 'String' },
    { name: 'entity', type: 'Array(String)' },
    { name: 'first', type: "DateTime64(3, 'UTC')" },
    { name: 'last', type: "DateTime64(3, 'UTC')" },
  ],
  orderBy: ['detector', 'first'],
  shardBy: 'cityHash64(detector)',
}

export const tables: readonly Table[] = [eventsTable, segmentsTable, suspectsTable]
