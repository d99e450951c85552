import { atLeast, atMost, count, countTail, defineDetector, distinct, ratio } from 'winnow'

export default defineDetector({
  id: 'login-spraying',
  title: 'A source that tries many users, a few times each',
  description:
    'Password spraying stays under the lockout: one or two guesses a user, over many users. Counts the different users each source fails as in an hour and a day, where it tried each of them three times at most.',
  attack: ['T1110.003'],
  lookalikes: ['A shared exit with many people behind it', 'A terminal server'],
  from: { category: 'auth', event_action: 'login' },
  entity: 'source_ip',
  window: ['1 hour', '1 day'],
  features: {
    users: distinct('user_name', { event_outcome: 'failure' }),
    failures: count({ event_outcome: 'failure' }),
    triesPerUser: ratio('failures', 'users'),
  },
  scored: ['users'],
  requires: { users: atLeast(4), triesPerUser: atMost(3) },
  model: countTail({ feature: 'users', prior: { mean: 0.3, dispersion: 1, weight: 1000 } }),
  severity: 'medium',
  evidence: { event_outcome: 'failure' },
  evidenceBy: 'user_name',
  related: ['user_name', 'host_name'],
  labels: { users: 'different users it failed as', failures: 'failed logins', triesPerUser: 'tries a user' },
  sentence: (f) =>
    `${f.entity} tried ${f.users} different users in ${f.window}, about ${f.triesPerUser.toFixed(1)} times each`,
})
