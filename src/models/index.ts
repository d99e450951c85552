/**
 * All models. To add one, write its file and name it here.
 *
 * @module
 */
import { countTailModel } from './count-tail.ts'
import type { CountTailSpec } from './count-tail.ts'
import { heavyHitterModel } from './heavy-hitter.ts'
import type { HeavyHitterSpec } from './heavy-hitter.ts'
import { kmeansModel } from './kmeans.ts'
import type { KMeansSpec } from './kmeans.ts'
import type { FittedModel, Matrix } from './model.ts'
import { ngramModel } from './ngram.ts'
import { noveltyModel } from './novelty.ts'
import type { NoveltySpec } from './novelty.ts'
import { periodicityModel } from './periodicity.ts'
import type { PeriodicitySpec } from './periodicity.ts'
import { ritaModel } from './rita.ts'
import type { RitaSpec } from './rita.ts'
import { savedChoice, savedObject } from './saved.ts'
import { tailScoreModel } from './tail-score.ts'
import type { TailScoreSpec } from './tail-score.ts'

export { countTail } from './count-tail.ts'
export { heavyHitter } from './heavy-hitter.ts'
export { kmeans } from './kmeans.ts'
export { novelty } from './novelty.ts'
export { periodicity } from './periodicity.ts'
export { rita } from './rita.ts'
export { tailScore } from './tail-score.ts'

/** The settings of any model. */
export type AnyModelSpec =
  | KMeansSpec
  | TailScoreSpec
  | CountTailSpec
  | NoveltySpec
  | HeavyHitterSpec
  | RitaSpec
  | PeriodicitySpec

/** Every kind of model. */
export const models = [
  kmeansModel,
  tailScoreModel,
  countTailModel,
  noveltyModel,
  heavyHitterModel,
  ritaModel,
  periodicityModel,
] as const

/** Every kind of model of texts. */
export const textModels = [ngramModel] as const

/**
 * Fits the model that `spec` names. The same arguments give the same model, in whatever order the rows come.
 *
 * @throws TypeError for settings out of range, or a feature that the reference does not have.
 */
export function fitModel(spec: AnyModelSpec, reference: Matrix, seed: number): FittedModel {
  switch (spec.kind) {
    case 'kmeans':
      return kmeansModel.fit(spec, reference, seed)
    case 'tail-score':
      return tailScoreModel.fit(spec, reference, seed)
    case 'count-tail':
      return countTailModel.fit(spec, reference, seed)
    case 'novelty':
      return noveltyModel.fit(spec, reference, seed)
    case 'heavy-hitter':
      return heavyHitterModel.fit(spec, reference, seed)
    case 'rita':
      return ritaModel.fit(spec, reference, seed)
    case 'periodicity':
      return periodicityModel.fit(spec, reference, seed)
  }
  // The compiler knows that nothing is left; a plug-in written in plain JavaScript may not.
  const unknown: never = spec
  throw new TypeError(`Unknown model: ${JSON.stringify(unknown)}`)
}

/**
 * Restores a model from what its `toJSON` gave.
 *
 * @throws TypeError naming the field that is missing or damaged.
 */
export function loadModel(json: unknown): FittedModel {
  const kinds = models.map((model) => model.kind)
  const kind = savedChoice(savedObject(json, 'model'), 'kind', kinds)
  const model = models.find((known) => known.kind === kind) ?? kmeansModel
  return model.load(json)
}
