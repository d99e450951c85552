/**
 * Pooled count: how surprising a count is to somebody who is known a little, among peers who are known better.
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
import { logGamma } from './negative-binomial.ts'
import { savedHead, savedModel, savedNumber, savedNumbers } from './saved.ts'
import type { SavedHead } from './saved.ts'

/** The features that hold what a level has counted so far, and over how many windows. */
export interface CountLevel {
  readonly total: string
  readonly windows: string
}

export interface PooledCountSpec {
  readonly kind: 'pooled-count'
  /** The feature that is counted. */
  readonly count: string
  /** The entity's own past. */
  readonly own: CountLevel
  /** Its peers, then wider ones, everyone last; may be empty. Their counts may hold those of the narrower ones or leave them out. */
  readonly wider: readonly CountLevel[]
  /** All others, in the same window: what is more than twice as much as everyone's rate makes expect is the day's doing. */
  readonly today?: CountLevel
  /** How many windows of its own the next wider level's rate is worth, above 0; 10 if absent. */
  readonly strength?: number
  /** The rate to expect where nobody knows anything, above 0; 0.05 if absent. */
  readonly rate?: number
  /** How much days of one entity differ beyond chance: variance `mean + dispersion · mean²`, at least 0; 0.3 if absent. */
  readonly dispersion?: number
}

interface PooledCountState extends SavedHead {
  readonly kind: 'pooled-count'
  readonly strength: number
  readonly rate: number
  readonly dispersion: number
  /** Positions of the count, then of total and windows of each level from the entity outwards. */
  readonly columns: readonly number[]
  /** Positions of total and windows of today, or none. */
  readonly today: readonly number[]
}

/** Settings of a pooled-count model, with the defaults filled in. */
export function pooledCount(settings: Omit<PooledCountSpec, 'kind'>): PooledCountSpec {
  return { kind: 'pooled-count', strength: 10, rate: 0.05, dispersion: 0.3, ...settings }
}

/**
 * Nobody counts further; beyond it the logarithms of factorials lose their digits. Of a level with more windows, total and windows
 * are made smaller together: its rate stays what it is.
 */
const MOST = 1e5
/** A rate of nothing at all would make everything impossible. */
const LEAST_RATE = 1e-6

/**
 * Counts are Poisson with a rate that differs between entities, gamma-distributed around that of their peers, and so on outwards.
 * From the outside in, each level's rate is `(total + s·wider)/(windows + s)`. The rate expected of the entity is that of its peers,
 * and what others have today beyond it: `max(0, total − 2·everyone·windows − 2)/(windows + s)`. The predictive distribution is then negative binomial: with r = total + s·expected and w = windows + s, both
 * divided by `1 + dispersion·r` for what one day has that another has not, and q = 1/(w + 1), P(k) = Γ(k + r)/(Γ(r)·k!)·(1 − q)^r·q^k. The score is −log10 of
 * `P(k)/(1 − max(q, q(r + k)/(k + 1)))`, which is at least P(X ≥ k), and at most 1.
 */
export const pooledCountModel: Model<PooledCountSpec> = {
  kind: 'pooled-count',
  title: 'Pooled count: surprise of a count, given the own rate, that of peers, and that of the day',
  source:
    'Gamma–Poisson with empirical Bayes: Robbins 1956; shrinkage of small counts as in DuMouchel 1999, one level after the other',
  notes:
    'Learns nothing but what is typical: the history is in the features. Constant time to score. Does not work where what is ' +
    'counted comes in bursts that have nothing to do with rates; a campaign against many at once excuses itself as the day’s doing.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: PooledCountSpec, reference: Matrix): PooledCountState {
  const { strength = 10, rate = 0.05, dispersion = 0.3, own, wider, today } = spec
  if (!(strength > 0 && rate > 0 && strength < MOST && rate < MOST))
    throw new TypeError(`Unexpected strength ${strength} or rate ${rate}, expected above 0`)
  if (!(dispersion >= 0 && dispersion < MOST))
    throw new TypeError(`Unexpected dispersion: ${dispersion}, expected at least 0`)
  requireColumns(reference.names, reference)
  const at = ({ total, windows }: CountLevel): number[] =>
    [total, windows].map((name) => requireColumn(reference.names, name))
  return {
    kind: 'pooled-count',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    strength,
    rate,
    dispersion,
    columns: [requireColumn(reference.names, spec.count), ...[own, ...wider].flatMap(at)],
    today: today === undefined ? [] : at(today),
  }
}

interface Expected {
  readonly shape: number
  readonly windows: number
}

function restore(state: PooledCountState): FittedModel {
  const { names, typical, strength, rate, dispersion, columns, today } = state
  const [countAt = 0, totalAt = 0, windowsAt = 0, ...widerAt] = columns
  const [todayTotal, todayWindows] = today
  const wider = Array.from({ length: widerAt.length / 2 }, (_, i) => widerAt.slice(2 * i, 2 * i + 2))
  const outermost = wider.at(-1)
  const scoreRow = (cells: ArrayLike<number>, from: number): number => {
    const read = (column = 0): number =>
      Math.max(0, readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0))
    const few = (column?: number): number => Math.min(MOST, read(column))
    const share = (total?: number, windows?: number): number =>
      Math.min(MOST, read(total) * Math.min(1, MOST / Math.max(1, read(windows))))
    const pooled = (total: number | undefined, windows: number | undefined, beyond: number): number =>
      Math.max(LEAST_RATE, (share(total, windows) + strength * beyond) / (few(windows) + strength))
    const peers = wider.reduceRight((beyond, [total, windows]) => pooled(total, windows, beyond), rate)
    const everyone = outermost === undefined ? rate : pooled(outermost[0], outermost[1], rate)
    const now =
      todayTotal === undefined
        ? 0
        : Math.max(0, share(todayTotal, todayWindows) - 2 * everyone * few(todayWindows) - 2) /
          (few(todayWindows) + strength)
    const shape = share(totalAt, windowsAt) + strength * (peers + now)
    const looser = 1 + dispersion * shape
    return surprise(few(countAt), {
      shape: shape / looser,
      windows: (few(windowsAt) + strength) / looser,
    })
  }
  return {
    kind: 'pooled-count',
    scale: 'surprise',
    names,
    score: (rows) => scoreRows(names, rows, scoreRow),
    explain(row) {
      const score = scoreRow(row, 0)
      const parts = sparedParts(row, new Set([...columns, ...today]), typical, scoreRow)
      if (score > 0 && parts.every((part) => part === 0)) parts[countAt] = score
      return rankContributions(names, row, typical, parts)
    },
    formula(columnsSql) {
      const cells = cellsSql(columnsSql, typical).map((cell) => `greatest(0.,${cell})`)
      const most = floatSql(MOST)
      const cell = (column = 0): string => `least(${most},${cells[column] ?? '0.'})`
      const share = (total = 0, windows = 0): string =>
        `least(${most},${cells[total] ?? '0.'}*least(1.,${most}/greatest(1.,${cells[windows] ?? '0.'})))`
      const s = floatSql(strength)
      const pooled = (total: number | undefined, windows: number | undefined, beyond: string): string =>
        `greatest(${floatSql(LEAST_RATE)},(${share(total, windows)}+${s}*${beyond})/(${cell(windows)}+${s}))`
      const peers = wider.reduceRight(
        (beyond, [total, windows]) => pooled(total, windows, beyond),
        floatSql(rate),
      )
      const everyone =
        outermost === undefined ? floatSql(rate) : pooled(outermost[0], outermost[1], floatSql(rate))
      const expected =
        todayTotal === undefined
          ? peers
          : `(${peers}+greatest(0.,${share(todayTotal, todayWindows)}-2.*${everyone}*${cell(todayWindows)}-2.)/(${cell(todayWindows)}+${s}))`
      const shape = `(${share(totalAt, windowsAt)}+${s}*${expected})`
      return surpriseSql(cell(countAt), shape, `(${cell(windowsAt)}+${s})`, floatSql(dispersion))
    },
    toJSON: () => state,
  }
}

function surprise(k: number, { shape, windows }: Expected): number {
  if (k <= 0) return 0
  const q = 1 / (windows + 1)
  const rest = 1 - Math.max(1 / (windows + 1), (shape + k) / ((windows + 1) * (k + 1)))
  if (rest <= 0) return 0
  const log =
    logGamma(k + shape) -
    logGamma(shape) -
    logGamma(k + 1) +
    shape * Math.log1p(-q) -
    k * Math.log(windows + 1) -
    Math.log(rest)
  return Math.max(0, -log / Math.LN10) + 0
}

/** The same as SQL; names stand for what is used more than once. */
function surpriseSql(count: string, shape: string, windows: string, dispersion: string): string {
  const rest = '(1.-greatest(1./(w+1.),(r+k)/((w+1.)*(k+1.))))'
  const log = `lgamma(k+r)-lgamma(r)-lgamma(k+1.)+r*log1p(-1./(w+1.))-k*log(w+1.)-log(greatest(1e-300,${rest}))`
  const score = `arrayMap((k,r,w)->if(k<=0. OR ${rest}<=0.,0.,greatest(0.,-(${log})/${floatSql(Math.LN10)})),[k0],[r0/(1.+${dispersion}*r0)],[w0/(1.+${dispersion}*r0)])[1]`
  return `arrayMap((k0,r0,w0)->${score},[${count}],[${shape}],[${windows}])[1]`
}

function loadState(json: unknown): PooledCountState {
  const saved = savedModel(json, 'pooled-count')
  const head = savedHead(saved)
  const columns = savedNumbers(saved, 'columns')
  const today = savedNumbers(saved, 'today')
  if (columns.length < 3 || columns.length % 2 !== 1)
    throw new TypeError(`Unexpected model.columns: ${columns.length} of them, expected 3, 5, 7 …`)
  if (today.length !== 0 && today.length !== 2)
    throw new TypeError(`Unexpected model.today: ${today.length} of them, expected 0 or 2`)
  for (const [field, positions] of Object.entries({ columns, today })) {
    const unknown = positions.find((column) => head.names[column] === undefined)
    if (unknown !== undefined) throw new TypeError(`Unexpected model.${field}: ${unknown} is no feature`)
  }
  return {
    kind: 'pooled-count',
    ...head,
    strength: savedNumber(saved, 'strength', Number.MIN_VALUE),
    rate: savedNumber(saved, 'rate', Number.MIN_VALUE),
    dispersion: savedNumber(saved, 'dispersion', 0),
    columns,
    today,
  }
}
