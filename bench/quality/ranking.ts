/**
 * How well scores rank what is anomalous above what is not.
 *
 * @module
 */

export interface Ranking {
  /** The share of pairs of an anomaly and an ordinary row in which the anomaly scores higher, ties counting half. */
  readonly auc: number
  /** Average precision: the precision at each threshold, weighted by how much recall it adds. */
  readonly ap: number
}

/** NaN without anomalies, or without anything else. Equal scores are one threshold. */
export const rankingOf = (scores: Float64Array, anomalies: Uint8Array): Ranking => {
  const order = Uint32Array.from(scores, (_, row) => row).toSorted(
    (one, other) => (scores[other] ?? 0) - (scores[one] ?? 0),
  )
  const total = anomalies.reduce((sum, anomaly) => sum + anomaly, 0)
  const others = anomalies.length - total
  let [seen, hits, above, ap] = [0, 0, 0, 0]
  while (seen < order.length) {
    const score = scores[order[seen] ?? 0]
    const [seenBefore, hitsBefore] = [seen, hits]
    for (; seen < order.length && scores[order[seen] ?? 0] === score; seen++) {
      hits += anomalies[order[seen] ?? 0] ?? 0
    }
    const newHits = hits - hitsBefore
    const newOthers = seen - seenBefore - newHits
    above += newOthers * (hitsBefore + newHits / 2)
    ap += (newHits / total) * (hits / seen)
  }
  return { auc: above / (total * others), ap }
}
