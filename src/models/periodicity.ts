/**
 * Periodicity that knows who else does it: how much likelier it is that one client's program calls somebody it should
 * not, than that a person or one of everybody's programs makes such a rhythm.
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
import { savedColumns, savedHead, savedModel } from './saved.ts'
import type { SavedHead } from './saved.ts'

export interface PeriodicitySpec {
  readonly kind: 'periodicity'
  /** The feature that holds the evidence for a rhythm against randomness, in decades. */
  readonly evidence: string
  /** The feature that holds how many others do the same. */
  readonly others: string
  /** The feature that holds how many do not. */
  readonly without: string
  /** The feature that holds the number of check-ins. */
  readonly checkIns: string
  /** The feature that holds the share of check-ins of the same size. */
  readonly alike: string
  /** The feature that holds the hours with a check-in. */
  readonly hours: string
  /** The feature that holds the share of the stretches between the first and the last check-in that have one. */
  readonly presence: string
  /** The feature that holds the days for which the destination is known to anybody. Without it, age does not count. */
  readonly known?: string
  /** The feature that holds the days for which the destination had been unknown to all before. */
  readonly unknown?: string
}

interface PeriodicityState extends SavedHead {
  readonly kind: 'periodicity'
  /** Positions of the features above in their order, −1 for those that do not count. */
  readonly columns: readonly number[]
}

const parameters = [
  'evidence',
  'others',
  'without',
  'checkIns',
  'alike',
  'hours',
  'presence',
  'known',
  'unknown',
] as const
const required = 7

type Parameter = (typeof parameters)[number]

/**
 * Sizes: of a program's check-ins nine in ten are of the same size, of a person's three in ten. Some sites answer
 * everybody the same: one in thirty, so that no more than 1.5 decades can come of it. Hours: a program is there in
 * 95 % of its hours, a person in half of them, with the same limit.
 */
const sizeAlike = Math.log10(0.9 / 0.3)
const sizeOdd = Math.log10(0.1 / 0.7)
const hourThere = Math.log10(0.95 / 0.5)
const hourMissed = Math.log10(0.05 / 0.5)
const mostDecades = 1.5

/** One pair in a thousand is a harmless program. */
const programs = 1e-3
/** Of those, one in fifty is on a single client; most are on many. */
const loneShare = 0.02
/** A destination that one in a hundred others has is half as likely to be a beacon's. */
const rareShare = 0.01
/** What to expect of prevalence before anybody was counted: a quarter of the others, worth one of them. */
const priorOthers = 0.25
const priorWithout = 0.75
/** What has been known for a week is half as likely to be new trouble, what was unknown for long is likelier, up to tenfold. */
const knownDays = 7
const mostUnknownDays = 9

/** Settings of a periodicity model. */
export function periodicity(settings: Omit<PeriodicitySpec, 'kind'>): PeriodicitySpec {
  return { kind: 'periodicity', ...settings }
}

/**
 * Decades of evidence that a program is at work: `T = evidence + sizes + hours`, where nothing counts below 0. With
 * `v = (others + 0.25)/(others + without + 1)` and `r = 0.01/(0.01 + v)`, and age `A = (1 + unknown)/(1 + known/7)`, the score is
 * `log10(1 + A·r / (10^−T + 0.001·(0.02 + 0.98·(1 − r))))`: the odds of a beacon against a person's or a harmless
 * program's rhythm. Evidence for a program is worth no more than harmless programs are rare; who else has it decides.
 *
 * Odds of 10^s come by chance no more often than once in 10^s (Markov's inequality), so that the score is a surprise by
 * itself. Calibrated on windows that hold lone harmless programs, a beacon would be no stranger than they are.
 */
export const periodicityModel: Model<PeriodicitySpec> = {
  kind: 'periodicity',
  title: 'Periodicity, weighed by prevalence and age',
  source:
    'Log-likelihood ratios of sleeps with jitter against random arrivals; prevalence and first-seen as in RITA 5 and BAYWATCH (Hu et al. 2016)',
  notes:
    'Learns nothing but what is typical; constant time to score. Blind to beacons to a destination that most clients ' +
    'use, and to fewer than about six check-ins with much jitter. Few clients say little of prevalence.',
  fit: (spec, reference) => restore(fitState(spec, reference)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: PeriodicitySpec, reference: Matrix): PeriodicityState {
  requireColumns(reference.names, reference)
  return {
    kind: 'periodicity',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    columns: parameters.map((parameter) => {
      const name = spec[parameter]
      return name === undefined ? -1 : requireColumn(reference.names, name)
    }),
  }
}

function restore(state: PeriodicityState): FittedModel {
  const { names, typical, columns } = state
  const placeOf = (parameter: Parameter): number => columns[parameters.indexOf(parameter)] ?? -1
  const places = Object.fromEntries(parameters.map((parameter) => [parameter, placeOf(parameter)])) as Record<
    Parameter,
    number
  > // one entry for each
  const scoreRow = (cells: ArrayLike<number>, from: number): number => {
    const read = (parameter: Parameter): number => {
      const column = places[parameter]
      return column < 0 ? 0 : Math.max(0, readCell(cells[from + column] ?? Number.NaN, typical[column] ?? 0))
    }
    const same = Math.min(1, read('alike'))
    const sizes = read('checkIns') * (sizeAlike * same + sizeOdd * (1 - same))
    const there = Math.max(0.01, Math.min(1, read('presence')))
    const stay = read('hours') * (hourThere + hourMissed * (1 / there - 1))
    const decades =
      read('evidence') + Math.max(0, Math.min(mostDecades, sizes)) + Math.max(0, Math.min(mostDecades, stay))
    const others = read('others') + priorOthers
    const rare = rareShare / (rareShare + others / (others + (read('without') + priorWithout)))
    const age = (1 + Math.min(mostUnknownDays, read('unknown'))) / (1 + read('known') / knownDays)
    const harmless = programs * (loneShare + (1 - loneShare) * (1 - rare))
    return Math.log10(1 + (age * rare) / (10 ** -decades + harmless))
  }
  return {
    kind: 'periodicity',
    scale: 'surprise',
    names,
    score: (rows) => scoreRows(names, rows, scoreRow),
    explain(row) {
      const score = scoreRow(row, 0)
      const used = columns.filter((column) => column >= 0)
      const parts = sparedParts(row, new Set(used), typical, scoreRow)
      const [evidenceAt = 0] = columns
      if (score > 0 && parts.every((part) => part === 0)) parts[evidenceAt] = score
      return rankContributions(names, row, typical, parts)
    },
    formula(columnsSql) {
      const cells = cellsSql(columnsSql, typical)
      const read = (parameter: Parameter): string => {
        const column = places[parameter]
        return column < 0 ? '0.' : `greatest(0.,${cells[column] ?? '0.'})`
      }
      const number = floatSql
      const same = `least(1.,${read('alike')})`
      const limited = (decades: string): string => `greatest(0.,least(${number(mostDecades)},${decades}))`
      const sizes = `${read('checkIns')}*(${number(sizeAlike)}*${same}+${number(sizeOdd)}*(1.-${same}))`
      const there = `greatest(0.01,least(1.,${read('presence')}))`
      const stay = `${read('hours')}*(${number(hourThere)}+${number(hourMissed)}*(1./${there}-1.))`
      const decades = `(${read('evidence')}+${limited(sizes)}+${limited(stay)})`
      const others = `(${read('others')}+${number(priorOthers)})`
      const share = `${others}/(${others}+(${read('without')}+${number(priorWithout)}))`
      const rare = `(${number(rareShare)}/(${number(rareShare)}+${share}))`
      const age = `(1.+least(${number(mostUnknownDays)},${read('unknown')}))/(1.+${read('known')}/${number(knownDays)})`
      const harmless = `${number(programs)}*(${number(loneShare)}+${number(1 - loneShare)}*(1.-${rare}))`
      return `log10(1.+${age}*${rare}/(exp10(-${decades})+${harmless}))`
    },
    toJSON: () => state,
  }
}

function loadState(json: unknown): PeriodicityState {
  const saved = savedModel(json, 'periodicity')
  const head = savedHead(saved)
  const columns = savedColumns(saved, 'columns', head.names, parameters.length, parameters.length - required)
  return { kind: 'periodicity', ...head, columns }
}
