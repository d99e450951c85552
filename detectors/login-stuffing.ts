import { atLeast, atMost, countTail, defineDetector, distinct, ratio, unproven } from 'winnow'

const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-stuffing',
  title: 'Many names that nobody here has are tried',
  description:
    'Credential stuffing tries names and passwords that leaked elsewhere, each once, from many addresses: most of the names are of nobody here, and one or two in a hundred get in. Counts, over ten minutes and an hour, the names that fail on a machine and never got in before, next to how many people there usually mistype their names, and tells how many got in from a place that was new to them.',
  attack: ['T1110.004'],
  lookalikes: [
    'The first day of many new people',
    'The noise of the internet at a machine that has just been opened to it',
  ],
  from: { category: 'auth', event_action: 'login' },
  entity: 'host_name',
  window: ['10 minutes', '1 hour'],
  features: {
    unknown: unproven(['user_name'], success, failure, { distinct: 'user_name' }),
    users: unproven(['user_name', 'source_ip'], success, failure, { distinct: 'user_name' }),
    failures: unproven(['user_name'], success, failure),
    sources: unproven(['user_name'], success, failure, { distinct: 'source_ip' }),
    hits: unproven(['user_name', 'source_ip'], success, success, { distinct: 'user_name' }),
    inside: distinct('user_name', success),
    triesPerUser: ratio('failures', 'unknown'),
    newShare: ratio('hits', 'inside'),
    unknownShare: ratio('unknown', 'users'),
  },
  scored: ['unknown'],
  // On the first day of a log nobody is known.
  requires: {
    unknown: atLeast(15),
    triesPerUser: atMost(3),
    unknownShare: atLeast(0.5),
    newShare: atMost(0.2),
  },
  model: countTail({ feature: 'unknown', prior: { mean: 1, dispersion: 1, weight: 24 } }),
  severity: 'medium',
  evidence: failure,
  evidenceBy: 'user_name',
  related: ['user_name', 'source_ip'],
  labels: {
    unknown: 'names that never got in',
    users: 'names that failed from a new source',
    failures: 'failed logins of names that never got in',
    sources: 'different sources',
    hits: 'users who got in from a source that is new to them',
    inside: 'users who got in',
    triesPerUser: 'tries a name',
    newShare: 'share of those who got in from a new source',
    unknownShare: 'share of names that never got in',
  },
  sentence: (f) =>
    `${f.unknown} names that nobody here has were tried on ${f.entity} within ${f.window}, from ${f.sources} ${f.sources === 1 ? 'source' : 'sources'}${f.hits > 0 ? `; ${f.hits} ${f.hits === 1 ? 'user' : 'users'} got in from a new source meanwhile` : ''}`,
  phrase: (f) => `had ${f.unknown} unknown names tried on it`,
})
