import { atLeast, count, countTail, defineDetector, ratio, unproven } from 'winnow'

const strangers = ['user_name', 'source_ip'] as const
const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-brute-force',
  title: 'A source that fails to log in again and again',
  description:
    'Counts failed logins of every source over ten minutes, an hour and a day, three a user or more, and asks how often people mistype that many times. Failures of a user from a source that this user has got in from before do not count: that is a forgotten password, or a program that goes on with an old one. What is ordinary is learned from the sources of these logs, with a cautious prior: a person who forgot a password fails a few times, a machine does not stop.',
  attack: ['T1110.001'],
  lookalikes: [
    'A service whose stored password was wrong from the start',
    'A person at a new place who does not remember a password',
  ],
  from: { category: 'auth', event_action: 'login' },
  entity: 'source_ip',
  window: ['10 minutes', '1 hour', '1 day'],
  features: {
    failures: unproven(strangers, success, failure),
    users: unproven(strangers, success, failure, { distinct: 'user_name' }),
    known: count(failure),
    successes: count(success),
    // Many who mistype once are people behind a shared exit; many who are tried once are sprayed.
    triesPerUser: ratio('failures', 'users'),
  },
  scored: ['failures'],
  requires: { failures: atLeast(6), triesPerUser: atLeast(3) },
  model: countTail({ feature: 'failures', prior: { mean: 0.3, dispersion: 2, weight: 1000 } }),
  severity: 'medium',
  evidence: failure,
  related: ['user_name', 'host_name'],
  labels: {
    failures: 'failed logins of users who never got in from there',
    users: 'different users tried',
    known: 'failed logins in all',
    successes: 'successful logins',
    triesPerUser: 'tries a user',
  },
  sentence: (f) =>
    `${f.entity} failed to log in ${f.failures} times in ${f.window}, as ${f.users} ${f.users === 1 ? 'user' : 'different users'}`,
  phrase: (f) =>
    `guessed passwords of ${f.users === 1 ? (f.related('user_name')[0] ?? 'one user') : `${f.users} users`} in ${f.failures} failed logins`,
})
