import { atLeast, between, count, defineDetector, ratio, sofar, sum, countTail } from 'winnow'

export default defineDetector({
  id: 'web-request-flood',
  title: 'A client that floods the site with requests',
  description:
    'Counts the requests of every client in ten minutes and sets them against what busy clients of these logs ask for, and against its own past: a shared exit or a monitor that is always busy is not found, one that is suddenly so is.',
  attack: ['T1499.002'],
  lookalikes: [
    'A load test of your own',
    'A page of your own that asks again and again when something fails',
    'A large office on the morning something is launched',
  ],
  from: { category: 'web' },
  entity: 'source_ip',
  // Fewer than one every five seconds is no flood.
  window: [{ length: '10 minutes', minEvents: 120 }],
  features: {
    requests: count(),
    failed: count({ http_response_status_code: between(500, 599) }),
    sent: sum('http_response_bytes'),
    ever: sofar('requests', ['source_ip']),
    fresh: ratio('requests', 'ever', { plus: 120 }),
  },
  scored: ['requests'],
  requires: { requests: atLeast(1800), fresh: atLeast(0.2) },
  // Until these logs have shown busy clients: one request every four seconds, and now and then many times as much.
  model: countTail({ feature: 'requests', prior: { mean: 150, dispersion: 3, weight: 100 } }),
  raises: [
    { when: { requests: atLeast(6000) }, severity: 'medium' },
    { when: { requests: atLeast(6000), failed: atLeast(600) }, severity: 'high' },
  ],
  related: ['url_path', 'user_agent'],
  labels: {
    requests: 'requests',
    failed: 'requests the site failed to answer (5xx)',
    sent: 'bytes sent to it',
    ever: 'requests it ever made in busy times',
    fresh: 'share of them that it made now',
  },
  sentence: (f) =>
    `${f.entity} made ${f.requests} requests in ${f.window}, about ${(f.requests / 600).toFixed(f.requests < 6000 ? 1 : 0)} a second${f.failed > 0 ? `; ${f.failed} of them failed` : ''}`,
  phrase: (f) => `made ${f.requests} requests in ${f.window}`,
})
