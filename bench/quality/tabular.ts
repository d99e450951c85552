/**
 * The ensemble and its members on labelled tables, in both protocols of ADBench (Han et al. 2022).
 *
 * @module
 */
import {
  ensemble,
  fitModel,
  isolationForest,
  knn,
  tailScore,
  type AnyModelSpec,
} from '../../src/models/index.ts'
import type { Matrix } from '../../src/models/model.ts'
import { drawPlaces } from '../../src/models/placed.ts'
import { randomStream } from '../../src/models/random.ts'
import { table } from '../table.ts'
import { rankingOf, type Ranking } from './ranking.ts'
import { readTable, type LabelledTable } from './tabular-sets.ts'

/** Rows beyond these are left out, by seed: the same for every model. */
const mostRows = 10_000

const seeds = [1, 2, 3] as const

/** One configuration for every table. Nothing is known of the features: low values may be as odd as high ones. */
const contenders = (names: readonly string[]): Readonly<Record<string, AnyModelSpec>> => {
  const tail = tailScore({ both: names, top: Math.max(1, names.length), hostile: 0.1 })
  return {
    ensemble: ensemble({ tail }),
    'tail-score': tail,
    knn: knn(),
    'isolation-forest': isolationForest(),
  }
}

const models = Object.keys(contenders([]))

/** `unsupervised` fits on everything and scores it; `semi` fits on half of the ordinary rows and scores all others. */
export type Protocol = 'unsupervised' | 'semi'

const protocols: readonly Protocol[] = ['unsupervised', 'semi']

type Rankings = Readonly<Record<Protocol, Readonly<Record<string, Ranking>>>>

export interface TabularResult {
  readonly name: string
  readonly rows: number
  readonly features: number
  /** The share of anomalies, before rows are left out. */
  readonly anomalous: number
  /** Means over the seeds, by protocol and model. */
  readonly rankings: Rankings
}

export interface TabularMeans {
  readonly seeds: readonly number[]
  readonly mostRows: number
  readonly tables: readonly TabularResult[]
  readonly mean: Rankings
  /** Of every second table, beginning with the first and with the second: how far a mean depends on which are in it. */
  readonly halves: readonly [Rankings, Rankings]
}

const take = (
  { name, table: { names, values }, anomalies }: LabelledTable,
  places: Uint32Array,
): LabelledTable => {
  const width = names.length
  const taken = new Float64Array(places.length * width)
  places.forEach((from, to) => taken.set(values.subarray(from * width, (from + 1) * width), to * width))
  const rows: Matrix = { names, rows: places.length, values: taken }
  return { name, table: rows, anomalies: Uint8Array.from(places, (place) => anomalies[place] ?? 0) }
}

/** What is fitted on and what is judged, under one seed. */
const divide = (
  set: LabelledTable,
  protocol: Protocol,
  seed: number,
): { readonly fitted: LabelledTable; readonly judged: LabelledTable } => {
  const random = randomStream(seed)
  const count = set.table.rows
  const all = take(set, drawPlaces(count, mostRows, random).toSorted())
  if (protocol === 'unsupervised') return { fitted: all, judged: all }
  const places = Uint32Array.from(all.anomalies, (_, place) => place)
  const ordinary = places.filter((place) => all.anomalies[place] === 0)
  const drawn = drawPlaces(ordinary.length, Math.ceil(ordinary.length / 2), random)
  const half = new Set(drawn.map((place) => ordinary[place] ?? 0))
  return {
    fitted: take(
      all,
      places.filter((place) => half.has(place)),
    ),
    judged: take(
      all,
      places.filter((place) => !half.has(place)),
    ),
  }
}

const meanOf = (rankings: readonly Ranking[]): Ranking => ({
  auc: rankings.reduce((sum, { auc }) => sum + auc, 0) / rankings.length,
  ap: rankings.reduce((sum, { ap }) => sum + ap, 0) / rankings.length,
})

const judge = (set: LabelledTable, protocol: Protocol): Readonly<Record<string, Ranking>> => {
  const runs = seeds.map((seed) => {
    const { fitted, judged } = divide(set, protocol, seed)
    return Object.entries(contenders(set.table.names)).map(([, spec]): Ranking =>
      rankingOf(fitModel(spec, fitted.table, seed).score(judged.table), judged.anomalies),
    )
  })
  return Object.fromEntries(
    models.map((model, place) => [model, meanOf(runs.flatMap((run) => run[place] ?? []))]),
  )
}

const judgeTable = (set: LabelledTable): TabularResult => ({
  name: set.name,
  rows: set.table.rows,
  features: set.table.names.length,
  anomalous: set.anomalies.reduce((sum, anomaly) => sum + anomaly, 0) / set.anomalies.length,
  rankings: { unsupervised: judge(set, 'unsupervised'), semi: judge(set, 'semi') },
})

const meanRankings = (tables: readonly TabularResult[]): Rankings => {
  const of = (protocol: Protocol): Readonly<Record<string, Ranking>> =>
    Object.fromEntries(
      models.map((model) => [
        model,
        meanOf(tables.flatMap(({ rankings }) => rankings[protocol][model] ?? [])),
      ]),
    )
  return { unsupervised: of('unsupervised'), semi: of('semi') }
}

/** Judges one file after the other; `say` gets a line about each file that is no labelled table, or has no anomaly. */
export const tabularQuality = (files: readonly string[], say: (text: string) => void): TabularMeans => {
  const tables: TabularResult[] = []
  for (const file of files) {
    try {
      const set = readTable(file)
      const total = set.anomalies.reduce((sum, anomaly) => sum + anomaly, 0)
      if (total === 0 || total === set.anomalies.length) say(`${set.name}: nothing to tell apart`)
      else tables.push(judgeTable(set))
    } catch (error) {
      say(error instanceof Error ? error.message : String(error))
    }
  }
  const every = (first: number): Rankings => meanRankings(tables.filter((_, place) => place % 2 === first))
  return { seeds, mostRows, tables, mean: meanRankings(tables), halves: [every(0), every(1)] }
}

const percent = (share: number): string => (100 * share).toFixed(1)

const cells = (rankings: Rankings): string[] =>
  protocols.flatMap((protocol) =>
    models.map((model) => {
      const { auc, ap } = rankings[protocol][model] ?? { auc: Number.NaN, ap: Number.NaN }
      return `${percent(auc)} / ${percent(ap)}`
    }),
  )

export const tabularText = ({ tables, mean, halves }: TabularMeans): string => {
  const rows = tables.map((one) => [
    `${one.name} (${one.rows} × ${one.features}, ${percent(one.anomalous)} %)`,
    ...cells(one.rankings),
  ])
  const means = [
    [`mean of ${tables.length}`, ...cells(mean)],
    ...(tables.length < 2
      ? []
      : [
          ['1st, 3rd, 5th …', ...cells(halves[0])],
          ['2nd, 4th, 6th …', ...cells(halves[1])],
        ]),
  ]
  const heads = protocols.flatMap((protocol) => models.map((model) => `${model}, ${protocol}`))
  const title = `AUC / AP in %, mean of seeds ${seeds.join(', ')}; at most ${mostRows} rows of a table`
  return `${title}\n\n${table(['table', ...heads], [...rows, ...means])}`
}
