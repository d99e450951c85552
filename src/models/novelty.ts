/**
 * Novelty that knows the entity: what is new to somebody who always does the same is a surprise, what is new to
 * somebody who does something new every day is not.
 *
 * @module
 */
import {
  cellsSql,
  medians,
  rankContributions,
  readCell,
  requireColumn,
  requireColumns,
  scoreRows,
  sparedParts,
} from './cell.ts'
import { floatSql } from './float-sql.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { savedHead, savedModel, savedNumber, savedColumns } from './saved.ts'
import type { SavedHead } from './saved.ts'

/** The features that hold a level's history: of the entity, of its peers, of everyone. */
export interface NoveltyLevel {
  /** Earlier events with this target. */
  readonly seen: string
  /** Earlier events. */
  readonly events: string
  /** How many distinct targets these had. */
  readonly targets: string
}

/** The levels from the entity outwards; the counts of a wider one may hold those of the narrower ones or leave them out. */
export interface NoveltySpec extends NoveltyLevel {
  readonly kind: 'novelty'
  /** Those whose work is alike: a new target that they use is less of a surprise. Not together with `peers`. */
  readonly group?: NoveltyLevel
  /** All entities. Not together with `peers`. */
  readonly everyone?: NoveltyLevel
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
  /** Positions of seen, events, targets of each wider level, the group's before everyone's. */
  readonly wider: readonly number[]
}

/** No target is thought less likely than this for others: events, not proofs, are behind that number. */
const LEAST_PEERS = 1e-6
/** Products of chances stay above this: the logarithm of 0 is none. */
const LEAST_CHANCE = 1e-300

/** Settings of a novelty model, with the defaults filled in. */
export function novelty(settings: Omit<NoveltySpec, 'kind'>): NoveltySpec {
  return { kind: 'novelty', discount: 0.6, concentration: 1, ...settings }
}

/**
 * The score is −log10 p of the Pitman–Yor predictive probability
 * `p = max(0, seen − δ)/(events + α) + (α + δ·targets)/(events + α) · wider`, at most 1. Wider is the same formula over the group's
 * counts, in which wider is that over everyone's, in which it is `1/(targets + 1)` of the widest level: the hierarchical
 * process with one table a dish. Without levels it is `peers`, at least 1e-6, and 1 where no feature holds that either.
 *
 * Counts need not be whole: histories that fade (each event worth e^(−age/30 days)) give fractions, and are better where habits
 * change.
 */
export const noveltyModel: Model<NoveltySpec> = {
  kind: 'novelty',
  title: 'Novelty: surprise of a target, given how often the entity turns to new ones',
  source: 'Pitman and Yor 1997; the levels: Teh 2006',
  notes:
    'Learns nothing but what is typical: the history is in the features. Constant time to score. Does not work where the ' +
    'histories are poisoned, and says little of entities with only a handful of events.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: NoveltySpec, reference: Matrix): NoveltyState {
  const { discount = 0.6, concentration = 1, group, everyone } = spec
  if (!(discount >= 0 && discount < 1 && concentration > 0)) {
    throw new TypeError(
      `Unexpected discount ${discount} or concentration ${concentration}, expected 0 ≤ δ < 1 and α > 0`,
    )
  }
  const levels = [group, everyone].filter((level) => level !== undefined)
  if (spec.peers !== undefined && levels.length > 0)
    throw new TypeError('Unexpected peers beside a group or everyone: they say the same')
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
    wider: levels
      .flatMap(({ seen, events, targets }) => [seen, events, targets])
      .map((name) => requireColumn(reference.names, name)),
  }
}

/** Positions of seen, events and targets of each level, from the entity outwards. */
function levelsOf({ columns, wider }: NoveltyState): (readonly number[])[] {
  const groups = Array.from({ length: wider.length / 3 }, (_, i) => wider.slice(3 * i, 3 * i + 3))
  return [columns.slice(0, 3), ...groups]
}

function restore(state: NoveltyState): FittedModel {
  const { names, typical, discount, concentration, columns, wider } = state
  const [seenAt = 0, , , peersAt] = columns
  const levels = levelsOf(state)
  const widestAt = wider.at(-1)
  const read = (cells: ArrayLike<number>, from: number, column: number): number =>
    Math.max(0, readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0))
  const outside = (cells: ArrayLike<number>, from: number): number => {
    if (widestAt !== undefined) return 1 / (read(cells, from, widestAt) + 1)
    return peersAt === undefined ? 1 : Math.max(LEAST_PEERS, Math.min(1, read(cells, from, peersAt)))
  }
  const scoreRow = (cells: ArrayLike<number>, from: number): number => {
    const chance = levels.reduceRight(
      (beyond, [seen = 0, events = 0, targets = 0]) => {
        const all = read(cells, from, events) + concentration
        const own = Math.max(0, read(cells, from, seen) - discount) / all
        const fresh = (concentration + discount * read(cells, from, targets)) / all
        return Math.min(1, own + fresh * beyond)
      },
      outside(cells, from),
    )
    // Adding 0 turns −0 into 0.
    return -Math.log10(Math.max(LEAST_CHANCE, chance)) + 0
  }
  return {
    kind: 'novelty',
    scale: 'surprise',
    names,
    score: (rows) => scoreRows(names, rows, scoreRow),
    explain(row) {
      const score = scoreRow(row, 0)
      const parts = sparedParts(row, new Set([...columns, ...wider]), typical, scoreRow)
      if (score > 0 && parts.every((part) => part === 0)) parts[seenAt] = score
      return rankContributions(names, row, typical, parts)
    },
    formula(columnsSql) {
      const cells = cellsSql(columnsSql, typical).map((cell) => `greatest(0.,${cell})`)
      const cell = (column = 0): string => cells[column] ?? '0.'
      const peers =
        peersAt === undefined ? '1.' : `greatest(${floatSql(LEAST_PEERS)},least(1.,${cell(peersAt)}))`
      const beyondAll = widestAt === undefined ? peers : `(1./(${cell(widestAt)}+1.))`
      const chance = levels.reduceRight((beyond, [seen, events, targets]) => {
        const all = `(${cell(events)}+${floatSql(concentration)})`
        const own = `greatest(0.,${cell(seen)}-${floatSql(discount)})/${all}`
        const fresh = `(${floatSql(concentration)}+${floatSql(discount)}*${cell(targets)})/${all}`
        return `least(1.,${own}+${fresh}*${beyond})`
      }, beyondAll)
      return `-log10(greatest(${floatSql(LEAST_CHANCE)},${chance}))`
    },
    toJSON: () => state,
  }
}

function loadState(json: unknown): NoveltyState {
  const saved = savedModel(json, 'novelty')
  const head = savedHead(saved)
  const columns = savedColumns(saved, 'columns', head.names)
  if (columns.length < 3 || columns.length > 4) {
    throw new TypeError(`Unexpected model.columns: ${columns.length} of them, expected 3 or 4`)
  }
  const wider = savedColumns(saved, 'wider', head.names)
  if (wider.length % 3 !== 0 || wider.length > 6)
    throw new TypeError(`Unexpected model.wider: ${wider.length} of them, expected 0, 3 or 6`)
  return {
    kind: 'novelty',
    ...head,
    discount: savedNumber(saved, 'discount', 0),
    concentration: savedNumber(saved, 'concentration', Number.MIN_VALUE),
    columns,
    wider,
  }
}
