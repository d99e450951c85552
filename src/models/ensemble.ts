/**
 * Three models that err differently, as one: TailScore, nearest neighbours and an Isolation Forest.
 *
 * @module
 */
import { fitCalibration, surprise } from './calibrate.ts'
import type { Calibration } from './calibrate.ts'
import { medians, rankContributions, requireColumns } from './cell.ts'
import { combineEvidence } from './combine.ts'
import { isolationForest, isolationForestModel } from './isolation-forest.ts'
import type { IsolationForestSpec } from './isolation-forest.ts'
import { knn, knnModel } from './knn.ts'
import type { KnnSpec } from './knn.ts'
import type { FittedModel, Matrix, Model } from './model.ts'
import { savedHead, savedList, savedModel, savedNumber, savedNumbers, savedObject } from './saved.ts'
import type { Saved, SavedHead } from './saved.ts'
import { tailScore, tailScoreModel } from './tail-score.ts'
import type { TailScoreSpec } from './tail-score.ts'

export interface EnsembleSpec {
  readonly kind: 'ensemble'
  readonly tail: TailScoreSpec
  readonly neighbours: KnnSpec
  readonly forest: IsolationForestSpec
  /** How much each member counts, not negative, one above 0. */
  readonly weights: {
    readonly tail: number
    readonly neighbours: number
    readonly forest: number
  }
  /** The share of each member's highest scores that may be an attack's; see `CalibrationOptions`. */
  readonly hostile: number
}

interface Member {
  readonly weight: number
  readonly calibration: Calibration
  readonly model: FittedModel
}

interface EnsembleState extends SavedHead {
  readonly kind: 'ensemble'
  /** TailScore first: its formula is the ensemble's. */
  readonly members: readonly Member[]
}

/** Settings of an ensemble, with the defaults filled in. */
export function ensemble(settings: Partial<Omit<EnsembleSpec, 'kind'>> = {}): EnsembleSpec {
  return {
    kind: 'ensemble',
    tail: settings.tail ?? tailScore({ hostile: 0.1 }),
    neighbours: settings.neighbours ?? knn(),
    forest: settings.forest ?? isolationForest(),
    weights: settings.weights ?? { tail: 1, neighbours: 6, forest: 1 },
    hostile: settings.hostile ?? 0.1,
  }
}

/**
 * Scores of different models are numbers of different kinds, so none is ever added to another: each is first turned into how
 * rarely the reference scores so high, and these probabilities are combined by Cauchy's distribution, which holds however
 * the members hang together. Of the distribution only the right half is taken: a member that finds a row utterly ordinary
 * does not outvote one that does not.
 */
export const ensembleModel: Model<EnsembleSpec> = {
  kind: 'ensemble',
  title: 'Ensemble: tails, neighbours and isolation, as combined probabilities',
  source:
    'Liu and Xie 2020 (Cauchy combination); Liu, Meng and Pillai 2025 (its right half); Aggarwal and Sathe 2017 (fixed members)',
  notes:
    'Costs what its members cost together, tens of thousands of rows a second. Sees rows that are odd in one feature and rows that are ' +
    'odd only in combination. Does not work better than TailScore alone where oddness is always one feature that is too high, and is ' +
    'slower there. As a formula it only screens, by its TailScore.',
  fit: (spec, reference, seed) => restore(fitState(spec, reference, seed)),
  load: (json) => restore(loadState(json)),
}

function fitState(spec: EnsembleSpec, reference: Matrix, seed: number): EnsembleState {
  const { tail, neighbours, forest } = spec.weights
  if (!(Math.min(tail, neighbours, forest) >= 0 && tail + neighbours + forest > 0)) {
    throw new TypeError(
      `Unexpected weights: ${tail}, ${neighbours}, ${forest}, expected numbers from 0, one above`,
    )
  }
  const member = (weight: number, model: FittedModel): Member => ({
    weight,
    calibration: fitCalibration(model.score(reference), { hostile: spec.hostile }),
    model,
  })
  return {
    kind: 'ensemble',
    names: reference.names,
    rows: reference.rows,
    typical: medians(reference),
    members: [
      member(tail, tailScoreModel.fit(spec.tail, reference, seed)),
      member(neighbours, knnModel.fit(spec.neighbours, reference, seed)),
      member(forest, isolationForestModel.fit(spec.forest, reference, seed)),
    ],
  }
}

function restore(state: EnsembleState): FittedModel {
  const { names, typical, members } = state
  const weights = members.map(({ weight }) => weight)
  /** One list a member: how much each row surprises it. */
  const surprisesOf = (rows: Matrix): Float64Array[] =>
    members.map(({ model, calibration }) => model.score(rows).map((score) => surprise(calibration, score)))
  const combine = (surprises: readonly number[]): number =>
    state.rows === 0 ? 0 : combineEvidence(surprises, weights)
  return {
    kind: 'ensemble',
    scale: 'free',
    screens: true,
    names,
    score(rows) {
      requireColumns(names, rows)
      const surprises = surprisesOf(rows)
      return Float64Array.from({ length: rows.rows }, (_, row) =>
        combine(surprises.map((of) => of[row] ?? 0)),
      )
    },
    explain(row) {
      const values = Float64Array.from(names, (_, column) => row[column] ?? Number.NaN)
      const surprises = surprisesOf({ names, rows: 1, values }).map(([of]) => of ?? 0)
      const parts = new Float64Array(names.length)
      const strongest = Math.max(...surprises)
      members.forEach(({ model, weight }, place) => {
        // In the Cauchy sum a member's term grows like 1/p.
        const evidence = weight * 10 ** ((surprises[place] ?? 0) - strongest)
        for (const { feature, share } of model.explain(row)) {
          const column = names.indexOf(feature)
          parts[column] = (parts[column] ?? 0) + evidence * share
        }
      })
      if (combine(surprises) === 0) parts.fill(0)
      // A row that no member finds odd in any feature.
      else if (parts.every((part) => part === 0)) parts.fill(1)
      return rankContributions(names, row, typical, parts)
    },
    formula: (columns) => screenOf(members).formula(columns),
    toJSON: () => ({
      ...state,
      members: members.map((member) => ({ ...member, model: member.model.toJSON() })),
    }),
  }
}

function screenOf(members: readonly Member[]): FittedModel {
  const [first] = members
  if (first === undefined) throw new TypeError('Unexpected model.members: none')
  return first.model
}

function loadState(json: unknown): EnsembleState {
  const saved = savedModel(json, 'ensemble')
  const head = savedHead(saved)
  const loaders = [tailScoreModel, knnModel, isolationForestModel]
  const members = savedList(
    saved,
    'members',
    (item) => ({
      weight: savedNumber(item, 'weight', 0),
      calibration: savedCalibration(savedObject(item.fields['calibration'], `${item.path}.calibration`)),
      model: item.fields['model'],
    }),
    loaders.length,
  ).map((member, place) => ({ ...member, model: (loaders[place] ?? tailScoreModel).load(member.model) }))
  return { kind: 'ensemble', ...head, members }
}

function savedCalibration(saved: Saved): Calibration {
  const scores = savedNumbers(saved, 'scores')
  return {
    count: savedNumber(saved, 'count', 0),
    scores,
    surprises: savedNumbers(saved, 'surprises', scores.length),
    tail:
      saved.fields['tail'] === null
        ? null
        : savedTail(savedObject(saved.fields['tail'], `${saved.path}.tail`)),
  }
}

function savedTail(saved: Saved): NonNullable<Calibration['tail']> {
  return {
    shape: savedNumber(saved, 'shape', 0),
    scale: savedNumber(saved, 'scale', Number.MIN_VALUE),
    threshold: savedNumber(saved, 'threshold'),
    from: savedNumber(saved, 'from'),
    surprise: savedNumber(saved, 'surprise', 0),
  }
}
