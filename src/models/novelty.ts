/**
 * Novelty that knows the entity: what is new to somebody who always does the same is a surprise, what is new to
 * somebody who does something new every day is not.
 *
 * @module
 */
import { cellsSql, medians, rankContributions, readCell, requireColumn, requireColumns } from './cell.ts'
import { floatSql } from './float-sql.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { savedHead, savedModel, savedNumber, savedNumbers } from './saved.ts'
import type { SavedHead } from './saved.ts'

export interface NoveltySpec {
  readonly kind: 'novelty'
  /** The feature that holds the entity's earlier events with this target. */
  readonly seen: string
  /** The feature that holds the entity's earlier events. */
  readonly events: string
  /** The feature that holds the number of the entity's distinct earlier targets. */
  readonly targets: string
  /**
   * The feature that holds the probability, 0 to 1, that an event of anybody else goes to this target. Without it, what is
   * scored is that the entity turns to a new target at all, whichever it is.
   */
  readonly peers?: string
  /** Pitman–Yor discount δ, at least 0 and below 1; 0.6 if absent. Larger expects more new targets. */
  readonly discount?: number
  /** Pitman–Yor concentration α, above 0; 1 if absent. */
  readonly concentration?: number
}

interface NoveltyState extends SavedHead {
  readonly kind: 'novelty'
  readonly discount: number
  readonly concentration: number
  /** Positions of seen, events, targets and, if it counts, peers among the features. */
  readonly columns: readonly number[]
}

/** No target is thought less likely than this for others: events, not proofs, are behind that number. */
const LEAST_PEERS = 1e-6

/** Settings of a novelty model, with the defaults filled in. */
export function novelty(settings: Omit<NoveltySpec, 'kind'>): NoveltySpec {
  return { kind: 'novelty', discount: 0.6, concentration: 1, ...settings }
}

/**
 * The score is −log10 p of the Pitman–Yor predictive probability
 * `p = max(0, seen − δ)/(events + α) + (α + δ·targets)/(events + α) · peers`, with `peers` at least 1e-6 (1 where no feature
 * holds it) and p at most 1.
 */
export const noveltyModel: Model<NoveltySpec> = {
  kind: 'novelty',
  title: 'Novelty: surprise of a target, given how often the entity turns to new ones',
  source: 'Pitman and Yor 1997; Teh 2006 (the hierarchical form)',
  notes:
    'Learns nothing but what is typical: the history is in the features. Constant time to score. Does not work where the ' +
    'histories are poisoned, and says little of entities with only a handful of events.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: NoveltySpec, reference: Matrix): NoveltyState {
  const { discount = 0.6, concentration = 1 } = spec
  if (!(discount >= 0 && discount < 1 && concentration > 0)) {
    throw new TypeError(
      `Unexpected discount ${discount} or concentration ${concentration}, expected 0 ≤ δ < 1 and α > 0`,
    )
  }
  requireColumns(reference.names, reference)
  return {
    kind: 'novelty',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    discount,
    concentration,
    columns: [spec.seen, spec.events, spec.targets, ...(spec.peers === undefined ? [] : [spec.peers])].map(
      (name) => requireColumn(reference.names, name),
    ),
  }
}

function restore(state: NoveltyState): FittedModel {
  const { names, typical, discount, concentration, columns } = state
  const width = names.length
  const [seenAt = 0, eventsAt = 0, targetsAt = 0, peersAt] = columns
  const read = (cells: ArrayLike<number>, from: number, column: number): number =>
    Math.max(0, readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0))
  const scoreRow = (cells: ArrayLike<number>, from: number): number => {
    const all = read(cells, from, eventsAt) + concentration
    const own = Math.max(0, read(cells, from, seenAt) - discount) / all
    const fresh = (concentration + discount * read(cells, from, targetsAt)) / all
    const peers = peersAt === undefined ? 1 : Math.max(LEAST_PEERS, Math.min(1, read(cells, from, peersAt)))
    // Adding 0 turns −0 into 0.
    return -Math.log10(Math.min(1, own + fresh * peers)) + 0
  }
  return {
    kind: 'novelty',
    scale: 'surprise',
    names,
    score(rows) {
      requireColumns(names, rows)
      const scores = new Float64Array(rows.rows)
      for (let row = 0; row < rows.rows; row++) scores[row] = scoreRow(rows.values, row * width)
      return scores
    },
    explain(row) {
      const score = scoreRow(row, 0)
      const parts = new Float64Array(width)
      const changed = Array.from(row)
      for (const column of columns) {
        // A feature's part is the surprise that a typical value in its place would have spared.
        changed[column] = typical[column] ?? 0
        parts[column] = Math.max(0, score - scoreRow(changed, 0))
        changed[column] = row[column] ?? Number.NaN
      }
      if (score > 0 && parts.every((part) => part === 0)) parts[seenAt] = score
      return rankContributions(names, row, typical, parts)
    },
    formula(columnsSql) {
      const cells = cellsSql(columnsSql, typical).map((cell) => `greatest(0.,${cell})`)
      const [seen, events, targets, peers] = columns.map((column) => cells[column] ?? '0.')
      const all = `(${events}+${floatSql(concentration)})`
      const own = `greatest(0.,${seen}-${floatSql(discount)})/${all}`
      const fresh = `(${floatSql(concentration)}+${floatSql(discount)}*${targets})/${all}`
      const shared = peers === undefined ? '1.' : `greatest(${floatSql(LEAST_PEERS)},least(1.,${peers}))`
      return `-log10(least(1.,${own}+${fresh}*${shared}))`
    },
    toJSON: () => state,
  }
}

function loadState(json: unknown): NoveltyState {
  const saved = savedModel(json, 'novelty')
  const head = savedHead(saved)
  const columns = savedNumbers(saved, 'columns')
  if (columns.length < 3 || columns.length > 4) {
    throw new TypeError(`Unexpected model.columns: ${columns.length} of them, expected 3 or 4`)
  }
  for (const column of columns) {
    if (head.names[column] === undefined)
      throw new TypeError(`Unexpected model.columns: ${column} is no feature`)
  }
  return {
    kind: 'novelty',
    ...head,
    discount: savedNumber(saved, 'discount', 0),
    concentration: savedNumber(saved, 'concentration', Number.MIN_VALUE),
    columns,
  }
}
