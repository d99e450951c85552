/**
 * Names, judged: read from the engine once, scored here, and given back as a table.
 *
 * @module
 */
import { domainToUnicode } from 'node:url'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { loadMade } from '../engine/load-made.ts'
import type { JudgedNames } from '../features/surprisal.ts'
import { nameModel, type NameModel } from '../models/name-model.ts'
import { id, sql } from '../sql/sql.ts'

/** As many names are held here at a time. */
const namesAtOnce = 100_000
/** Names in use here that the model learns from. */
const mostOrdinary = 200_000

/**
 * What of a label is judged. Of a name in another script, that is the letters written in ASCII: how it is coded as ASCII
 * says nothing.
 */
const judgedText = (label: string): string => {
  const name = label.toLowerCase()
  return name.startsWith('xn--') ? domainToUnicode(name).replaceAll(/[^\u0021-\u007e]/g, '') : name
}

const modelOf = async (engine: Engine, table: string, options: QueryOptions): Promise<NameModel> => {
  const ordinary = await engine.rows<{ label: string }>(
    sql`SELECT label FROM ${id(table)} WHERE ordinary ORDER BY value LIMIT ${mostOrdinary}`,
    options,
  )
  return nameModel([...new Set(ordinary.map(({ label }) => judgedText(label)))])
}

/** A line of hash and thousandths of a bit for each name. */
async function* bitLines(engine: Engine, table: string, options: QueryOptions): AsyncGenerator<string> {
  const model = await modelOf(engine, table, options)
  const [counted] = await engine.rows<{ names: number }>(
    sql`SELECT count() AS names FROM ${id(table)}`,
    options,
  )
  const rounds = Math.ceil((counted?.names ?? 0) / namesAtOnce)
  for (let round = 0; round < rounds; round++) {
    // 64-bit numbers come as numbers, which hashes are too large for: as text they stay whole.
    const rows = await engine.rows<{ hash: string; label: string }>(
      sql`SELECT toString(value) AS hash, label FROM ${id(table)} WHERE value % ${rounds} = ${round}`,
      options,
    )
    const bits = model.score(rows.map(({ label }) => judgedText(label)))
    yield* rows.map(({ hash }, i) => `${hash} ${Math.round(Math.min(1e6, bits[i] ?? 0) * 1000)}`)
  }
}

/** Fills the tables of bits; the names must be filled. */
export const judgeNames = async (
  engine: Engine,
  judged: readonly JudgedNames[],
  options: QueryOptions,
): Promise<void> => {
  for (const { names, bits } of judged) {
    await engine.dropTable(bits)
    await engine.createTable(bits)
    await loadMade(
      engine,
      bitLines(engine, names.table.name, options),
      {
        into: sql`INSERT INTO ${id(bits.name)} (value, bits)`,
        select: (lines) =>
          sql`SELECT toUInt64OrZero(substringIndex(line, ' ', 1)) AS value, toUInt32OrZero(substringIndex(line, ' ', -1)) AS bits FROM ${lines}`,
      },
      options,
    )
  }
}
