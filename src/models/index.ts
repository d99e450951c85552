/**
 * All models. To add one, write its file and name it here.
 *
 * @module
 */
import { countTailModel } from './count-tail.ts'
import type { CountTailSpec } from './count-tail.ts'
import { ensembleModel } from './ensemble.ts'
import type { EnsembleSpec } from './ensemble.ts'
import { heavyHitterModel } from './heavy-hitter.ts'
import type { HeavyHitterSpec } from './heavy-hitter.ts'
import { isolationForestModel } from './isolation-forest.ts'
import type { IsolationForestSpec } from './isolation-forest.ts'
import { kmeansModel } from './kmeans.ts'
import type { KMeansSpec } from './kmeans.ts'
import { knnModel } from './knn.ts'
import type { KnnSpec } from './knn.ts'
import type { FittedModel, Matrix } from './model.ts'
import { ngramModel } from './ngram.ts'
import { noveltyModel } from './novelty.ts'
import type { NoveltySpec } from './novelty.ts'
import { payloadPage } from './payload-model.ts'
import { periodicityModel } from './periodicity.ts'
import { pooledCountModel } from './pooled-count.ts'
import type { PooledCountSpec } from './pooled-count.ts'
import { statedSurpriseModel } from './stated-surprise.ts'
import type { StatedSurpriseSpec } from './stated-surprise.ts'
import type { PeriodicitySpec } from './periodicity.ts'
import { ritaModel } from './rita.ts'
import type { RitaSpec } from './rita.ts'
import { savedChoice, savedObject } from './saved.ts'
import { tailScoreModel } from './tail-score.ts'
import type { TailScoreSpec } from './tail-score.ts'

export { countTail } from './count-tail.ts'
export { ensemble } from './ensemble.ts'
export { heavyHitter } from './heavy-hitter.ts'
export { isolationForest } from './isolation-forest.ts'
export { kmeans } from './kmeans.ts'
export { knn } from './knn.ts'
export { novelty } from './novelty.ts'
export { periodicity } from './periodicity.ts'
export { pooledCount } from './pooled-count.ts'
export { statedSurprise } from './stated-surprise.ts'
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
  | KnnSpec
  | IsolationForestSpec
  | EnsembleSpec
  | PooledCountSpec
  | StatedSurpriseSpec

/** Every kind of model. */
export const models = [
  kmeansModel,
  tailScoreModel,
  countTailModel,
  noveltyModel,
  heavyHitterModel,
  ritaModel,
  periodicityModel,
  knnModel,
  isolationForestModel,
  ensembleModel,
  pooledCountModel,
  statedSurpriseModel,
] as const

/** Every kind of model of texts. */
export const textModels = [ngramModel] as const

/** What is made of them: pages of the reference. */
export const textPages = [payloadPage] as const

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
    case 'knn':
      return knnModel.fit(spec, reference, seed)
    case 'isolation-forest':
      return isolationForestModel.fit(spec, reference, seed)
    case 'ensemble':
      return ensembleModel.fit(spec, reference, seed)
    case 'pooled-count':
      return pooledCountModel.fit(spec, reference, seed)
    case 'stated-surprise':
      return statedSurpriseModel.fit(spec, reference, seed)
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
