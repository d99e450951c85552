/**
 * Payloads, judged: texts of requests are read from the engine once, scored here, and the odd ones given back as a table.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { loadMade } from '../engine/load-made.ts'
import type { Study } from '../features/feature-set.ts'
import { judgedPayloadsOf, payloadPurposes, plainValues, requestsOf } from '../features/payload.ts'
import { payloadReader, type PayloadReader, type PlainValues } from '../models/payload-reader.ts'
import type { Table } from '../schema/tables.ts'
import { id, sql, type Sql } from '../sql/sql.ts'
import { fillTables } from './fill.ts'

/** With more texts than this, those with the largest hashes are not judged. */
const mostTexts = 1_000_000
/** As many texts are held here at a time, */
const textsAtOnce = 50_000
/** and so many bytes of them: they come as one text, of which the runtime allows half a gigabyte. */
const bytesAtOnce = 50_000_000
/** Of a text sent by more clients only so many are remembered. */
const clientsOfText = 8
/** Clients with odd texts of whom is asked how many requests they made in all; the others teach nothing. */
const mostAsked = 2000

interface TextRow {
  readonly hash: string
  readonly part: number
  readonly page: string
  readonly text: string
  readonly clients: number[]
  readonly requests: number
}

/** The hashes of one round of several: the first and the last of them. */
const stretchOf = (round: number, rounds: number): readonly [string, string] => {
  const from = (2n ** 64n * BigInt(round)) / BigInt(rounds)
  const next = (2n ** 64n * BigInt(round + 1)) / BigInt(rounds)
  return [String(from), String(next - 1n)]
}

const readTexts = async (
  engine: Engine,
  table: string,
  reader: PayloadReader,
  options: QueryOptions,
): Promise<void> => {
  const [counted] = await engine.rows<{ texts: number; bytes: number }>(
    sql`SELECT count() AS texts, sum(length(text)) AS bytes FROM ${id(table)}`,
    options,
  )
  const rounds = Math.max(
    Math.ceil((counted?.texts ?? 0) / textsAtOnce),
    Math.ceil((counted?.bytes ?? 0) / bytesAtOnce),
  )
  let read = 0
  for (let round = 0; round < rounds && read < mostTexts; round++) {
    const [from, to] = stretchOf(round, rounds)
    const rows = await engine.rows<TextRow>(
      // 64-bit numbers come as numbers, which hashes are too large for: as text they stay whole.
      sql`SELECT toString(value) AS hash, part, any(page) AS page, any(text) AS text, arraySlice(arraySort(groupUniqArray(client)), 1, ${clientsOfText}) AS clients, count() AS requests FROM ${id(table)} WHERE value >= toUInt64(${from}) AND value <= toUInt64(${to}) GROUP BY value, part ORDER BY value`,
      options,
    )
    for (const row of rows) reader.read(row)
    read += rows.length
  }
}

/** Clients that sent odd texts in more than half of their requests: what they send says nothing of what is usual. */
const suspectsIn = async (
  engine: Engine,
  study: Study,
  reader: PayloadReader,
  options: QueryOptions,
): Promise<ReadonlySet<number>> => {
  const oddRequests = reader.oddRequests()
  const asked = [...oddRequests.keys()].toSorted((a, b) => a - b).slice(0, mostAsked)
  const suspects = new Set(oddRequests.keys())
  if (asked.length === 0) return suspects
  const rows = await engine.rows<{ client: number; requests: number }>(requestsOf(study, asked), options)
  for (const { client, requests } of rows)
    if ((oddRequests.get(client) ?? 0) * 2 <= requests) suspects.delete(client)
  return suspects
}

const purposeBits = new Map<string, number>(payloadPurposes.map((purpose, i) => [purpose, 2 ** i]))

const maskOf = (kinds: readonly string[]): number =>
  [...new Set(kinds)].reduce((mask, kind) => mask + (purposeBits.get(kind) ?? 0), 0)

function* oddLines(reader: PayloadReader, suspects: ReadonlySet<number>): Generator<string> {
  for (const { hash, bits, kinds } of reader.judge(suspects))
    yield `${hash} ${Math.round(Math.min(1e6, bits) * 1000)} ${maskOf(kinds)}`
}

/** The working tables of a study's payloads. */
export const payloadTables = (study: Study): Table[] => {
  const judged = judgedPayloadsOf(study)
  return judged === null ? [] : [judged.texts.table, judged.odd, judged.events.table]
}

/** Fills the tables of a study's payloads; nothing where it measures none. */
export const judgePayloads = async (engine: Engine, study: Study, options: QueryOptions): Promise<void> => {
  const judged = judgedPayloadsOf(study)
  if (judged === null) return
  await fillTables(engine, [judged.texts], options)
  const reader = payloadReader()
  await readTexts(engine, judged.texts.table.name, reader, options)
  const wanted = [...reader.wanted()].toSorted()
  if (wanted.length > 0)
    for (const plain of await engine.rows<PlainValues>(plainValues(study, wanted), options))
      reader.readPlain(plain)
  const suspects = await suspectsIn(engine, study, reader, options)
  await engine.dropTable(judged.odd)
  await engine.createTable(judged.odd)
  const cell = (place: number): Sql => sql`splitByChar(' ', line)[${place}]`
  await loadMade(
    engine,
    oddLines(reader, suspects),
    {
      into: sql`INSERT INTO ${id(judged.odd.name)} (value, bits, kinds)`,
      select: (lines) =>
        sql`SELECT toUInt64OrZero(${cell(1)}) AS value, toUInt32OrZero(${cell(2)}) AS bits, toUInt16OrZero(${cell(3)}) AS kinds FROM ${lines}`,
    },
    options,
  )
  await fillTables(engine, [judged.events], options)
  await engine.dropTable(judged.texts.table)
}
