import { between, count, defineDetector, kmeans, not } from 'winnow'

export default defineDetector({
  id: 'web-client-kmeans',
  title: 'A web client far from the nearest cluster (plain K-means)',
  description:
    'The classic method, kept for comparison: K-means with two clusters over raw counts of 200 and other answers per address and minute, scored by the distance to the nearest centroid. It sees volume only: a scanner of five requests a minute passes, and the busiest honest client does not. Not part of a hunt unless it is named.',
  attack: ['T1595'],
  from: { category: 'web' },
  entity: 'source_ip',
  window: '1 minute',
  features: {
    ok: count({ http_response_status_code: 200 }),
    other: count({ http_response_status_code: not(200) }),
  },
  model: kmeans({ clusters: 2, scale: 'raw' }),
  evidence: { http_response_status_code: not(between(200, 299)) },
  evidenceBy: 'url_path',
  labels: { ok: 'requests answered with 200', other: 'requests answered otherwise' },
  byDefault: false,
  sentence: (f) =>
    `${f.entity} had ${f.ok} requests answered with 200 and ${f.other} otherwise in ${f.window}`,
  phrase: (f) => `had ${f.other} requests answered otherwise than with 200`,
})
