import { atLeast, atMost, countTail, defineDetector, distinct, ratio, unproven } from 'winnow'

const strangers = ['user_name', 'source_ip'] as const
const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-brute-force-user',
  title: 'A user whose password is guessed from many sources',
  description:
    'A botnet guesses one password from as many addresses as it has, so that none of them stands out. Counts the failed logins of each user, over an hour and a day, from sources that this user never got in from before, and from how many.',
  attack: ['T1110.001'],
  lookalikes: ['A user of a mobile network with a program that goes on with an old password'],
  from: { category: 'auth', event_action: 'login' },
  entity: 'user_name',
  window: ['1 hour', '1 day'],
  features: {
    failures: unproven(strangers, success, failure),
    sources: unproven(strangers, success, failure, { distinct: 'source_ip' }),
    used: distinct('source_ip', success),
    triesPerSource: ratio('failures', 'sources'),
  },
  scored: ['sources'],
  // Fewer sources, and those that try often, are found one by one.
  requires: { sources: atLeast(6), triesPerSource: atMost(5) },
  model: countTail({ feature: 'sources', prior: { mean: 0.2, dispersion: 1, weight: 1000 } }),
  severity: 'medium',
  evidence: failure,
  evidenceBy: 'source_ip',
  related: ['source_ip', 'host_name'],
  labels: {
    failures: 'failed logins from sources the user never got in from',
    sources: 'different sources',
    used: 'sources the user got in from',
    triesPerSource: 'tries of each source',
  },
  sentence: (f) =>
    `Somebody failed to log in as ${f.entity} ${f.failures} times in ${f.window}, from ${f.sources} sources that this user never got in from`,
  phrase: (f) => `had ${f.failures} failed logins from ${f.sources} strange sources`,
})
