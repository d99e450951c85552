import { atLeast, atMost, countTail, defineDetector, distinct, ratio, unproven } from 'winnow'

const strangers = ['user_name', 'source_ip'] as const
const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-spraying',
  title: 'A source that tries many users, a few times each',
  description:
    'Password spraying stays under the lockout: one or two guesses a user, over many users. Counts the different users each source fails as in an hour and a day, of those who never got in from there, where it tried each of them three times at most, and where more fail than get in.',
  attack: ['T1110.003'],
  lookalikes: ['A terminal server on its first day, if most fail there', 'A test of a login page'],
  from: { category: 'auth', event_action: 'login' },
  entity: 'source_ip',
  window: ['1 hour', '1 day'],
  features: {
    users: unproven(strangers, success, failure, { distinct: 'user_name' }),
    failures: unproven(strangers, success, failure),
    inside: distinct('user_name', success),
    triesPerUser: ratio('failures', 'users'),
    // The people behind a shared exit nearly all get in in the end.
    perInside: ratio('users', 'inside', { plus: 1 }),
  },
  scored: ['users'],
  requires: { users: atLeast(4), triesPerUser: atMost(3), perInside: atLeast(1) },
  model: countTail({ feature: 'users', prior: { mean: 0.3, dispersion: 1, weight: 1000 } }),
  severity: 'medium',
  evidence: failure,
  evidenceBy: 'user_name',
  related: ['user_name', 'host_name'],
  labels: {
    users: 'different users it failed as',
    failures: 'failed logins',
    inside: 'users who got in from there',
    triesPerUser: 'tries a user',
    perInside: 'users who failed, for each who got in',
  },
  sentence: (f) =>
    `${f.entity} tried ${f.users} different users in ${f.window}, about ${f.triesPerUser.toFixed(1)} times each`,
  phrase: (f) => `tried passwords on ${f.users} users`,
})
