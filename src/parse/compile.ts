/**
 * Parsers → one `SELECT` that turns the lines of a file into rows of `events`, rejects among them.
 *
 * Every line becomes exactly one row: the first branch (parser and variant, inside its envelope if it has one) that
 * matches makes the event; where none does, the row is a reject with the reason.
 *
 * @module
 */
import { parsedColumns, type ParsedColumn } from '../schema/columns.ts'
import { id, join, raw, sql, type Sql } from '../sql/sql.ts'
import {
  compileBranches,
  defaultSql,
  longestLine,
  type Branch,
  type Compilation,
  type Reading,
} from './compile-branches.ts'
import { isComment } from './compile-claims.ts'
import type { ParseContext } from './context.ts'
import { derivedSql } from './derive.ts'

/** What is known of a batch of lines before it is read. */
export interface Batch {
  readonly segment: string
  readonly source: string
  /** What its lines do not say. */
  readonly context: ParseContext
}

const byBranch = (
  compilation: Compilation,
  choose: (branch: Branch, index: number) => Sql,
  otherwise: Sql,
  unconditional = false,
): Sql => {
  const { branches } = compilation
  const [only] = branches
  if (only === undefined) return otherwise
  // A reject's columns are never read, so a lone branch needs no condition (which would cost a second pass over each).
  if (branches.length === 1 && unconditional) return choose(only, 1)
  // Branches with the same expression share a condition: a query of fifty branches stays quick to plan.
  const groups = new Map<string, { readonly expression: Sql; readonly branches: number[] }>()
  for (const [i, branch] of branches.entries()) {
    const expression = choose(branch, i + 1)
    const key = JSON.stringify(expression.pieces)
    const group = groups.get(key) ?? { expression, branches: [] }
    group.branches.push(i + 1)
    groups.set(key, group)
  }
  groups.delete(JSON.stringify(otherwise.pieces))
  if (groups.size === 0) return otherwise
  const cases = [...groups.values()].flatMap((group) => [
    sql`branch IN (${raw(group.branches.join(', '))})`,
    group.expression,
  ])
  return sql`multiIf(${join(cases)}, ${otherwise})`
}

/** Every column some branch fills, in the catalogue's order; the rest have their defaults. */
const filledColumns = (branches: readonly Branch[]): ParsedColumn[] =>
  // Object.keys loses the key type of the catalogue.
  (Object.keys(parsedColumns) as ParsedColumn[]).filter(
    (name) =>
      name !== 'timestamp' && (name === 'event_repeats' || branches.some((branch) => name in branch.columns)),
  )

const epoch = raw("toDateTime64(0, 3, 'UTC')")

/**
 * A line stands for so many events at most. More is a mistake, or somebody's who may write lines: one of them would outweigh all
 * others in every count. Sums over thousands of millions of lines are exact in a Float64.
 */
const mostRepeats = 1_000_000

const titles = ({ envelopes, parsers }: Reading): string =>
  [...envelopes.map(({ envelope }) => envelope.title), ...parsers.map(({ title }) => title)]
    .slice(0, 3)
    .join('; ')

/** A row's columns by name, in the order they are selected. */
export interface CompiledReading {
  readonly columns: readonly string[]
  readonly select: (lines: Sql) => Sql
}

/**
 * The `SELECT` for a batch: one row of `columns` for each line of `lines` (a table with `line` and `line_number`).
 */
export const compileSelect = (reading: Reading, batch: Batch): CompiledReading => {
  const compilation = compileBranches(reading, batch.context)
  const filled = filledColumns(compilation.branches)
  const columns = [
    'timestamp',
    ...filled,
    'ingested',
    'category',
    'source',
    'format',
    'segment',
    'line_number',
    'message',
    'reject_reason',
  ]
  const made = (name: string): Sql => id(`c${columns.indexOf(name)}`)
  const derived = derivedSql(Object.fromEntries(filled.map((name) => [name, made(name)])), batch.context)
  return {
    columns: [...columns, ...derived.columns.map(([name]) => name)],
    select: (lines) => {
      const values: Sql[] = [
        sql`ifNull(${byBranch(compilation, (_, i) => id(`time_${i}`), raw('NULL'))}, ${epoch})`,
        ...filled.map((name) => {
          const value = byBranch(
            compilation,
            (branch) => branch.columns[name] ?? defaultSql(name),
            defaultSql(name),
            true,
          )
          return name === 'event_repeats' ? sql`least(${value}, ${raw(String(mostRepeats))})` : value
        }),
        raw('now64(3)'),
        byBranch(compilation, (branch) => sql`${branch.category}`, raw("'reject'")),
        sql`${batch.source}`,
        byBranch(compilation, (branch) => sql`${branch.format}`, raw("''")),
        sql`${batch.segment}`,
        raw('line_number + 1'),
        raw('kept'),
        sql`multiIf(branch > 0, '', too_long, ${`longer than ${longestLine} bytes`}, text = '', 'empty line', ${isComment(reading)}, 'header or comment', shaped, 'its time cannot be read, or lies outside 1990–2100', ${`not in the form of: ${titles(reading)}`})`,
      ]
      const named = values.map((value, i) => sql`${value} AS ${id(`c${i}`)}`)
      const parsed = sql`SELECT ${join(named)} FROM ${compilation.from(lines)}`
      if (derived.columns.length === 0) return parsed
      const steps = derived.steps.map(([name, expression]) => sql`, ${expression} AS ${id(name)}`)
      const all = [
        ...columns.map((_, i) => id(`c${i}`)),
        ...derived.columns.map(([, expression], i) => sql`${expression} AS ${id(`d${i}`)}`),
      ]
      return sql`SELECT ${join(all)} FROM (SELECT *${join(steps, '')} FROM (${parsed}))`
    },
  }
}
