import { absent, atLeast, count, defineDetector, distinct, between, ratio, sofar, countTail } from 'winnow'

export default defineDetector({
  id: 'web-path-flood',
  title: 'Many clients that hammer one path',
  description:
    'A distributed flood: each client asks little, all of them for the same thing, again and again and without coming from a page. Counts what is asked of every path in ten minutes that way, by how many clients and how often each, and sets it against the path’s own past.',
  attack: ['T1499.002'],
  lookalikes: [
    'An app that polls a new address',
    'A link in a mail to everybody: many clients, who come once each',
  ],
  from: { category: 'web', http_request_referrer: absent },
  entity: 'url_path',
  window: [{ length: '10 minutes', minEvents: 120 }],
  features: {
    requests: count(),
    clients: distinct('source_ip'),
    each: ratio('requests', 'clients'),
    failed: count({ http_response_status_code: between(500, 599) }),
    ever: sofar('requests', ['url_path']),
    fresh: ratio('requests', 'ever', { plus: 120 }),
  },
  scored: ['requests'],
  requires: { requests: atLeast(1200), clients: atLeast(20), each: atLeast(3), fresh: atLeast(0.2) },
  model: countTail({ feature: 'requests', prior: { mean: 150, dispersion: 3, weight: 100 } }),
  severity: 'medium',
  raises: [{ when: { failed: atLeast(600) }, severity: 'high' }],
  evidenceBy: 'source_ip',
  related: ['source_ip', 'user_agent'],
  labels: {
    requests: 'requests without a referrer',
    clients: 'different clients',
    each: 'requests of each client',
    failed: 'requests the site failed to answer (5xx)',
    ever: 'requests for it in all busy times',
    fresh: 'share of them that came now',
  },
  sentence: (f) =>
    `${f.clients} clients asked for ${f.entity} ${f.requests} times in ${f.window}, ${f.each.toFixed(0)} times each`,
  phrase: (f) => `was asked for ${f.requests} times by ${f.clients} clients`,
})
