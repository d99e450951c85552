export { defineDetector } from './detect/detector.ts'
export type { Detector } from './detect/detector.ts'
export * from './features/filter.ts'
export {
  count,
  countBefore,
  distinct,
  entropy,
  firstSeen,
  gaps,
  length,
  max,
  mean,
  min,
  neverSeen,
  pieces,
  popularity,
  prior,
  quantile,
  rarity,
  rate,
  ratio,
  share,
  sum,
} from './features/feature.ts'
export { countTail, kmeans, novelty, tailScore } from './models/index.ts'
