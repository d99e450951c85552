import { atLeast, count, countBefore, countTail, defineDetector, distinct } from 'winnow'

export default defineDetector({
  id: 'login-success-after-failures',
  title: 'A login that succeeded after many failures',
  description:
    'The moment a guess was right: a source fails again and again, and then is in. Counts the failures that come before the last success of a source within an hour and a day.',
  attack: ['T1110', 'T1078'],
  lookalikes: [
    'A person who found the right password in the end',
    'A shared exit with many people behind it',
  ],
  from: { category: 'auth', event_action: 'login' },
  entity: 'source_ip',
  window: ['1 hour', '1 day'],
  features: {
    before: countBefore({ event_outcome: 'failure' }, { event_outcome: 'success' }),
    successes: count({ event_outcome: 'success' }),
    users: distinct('user_name', { event_outcome: 'success' }),
  },
  scored: ['before'],
  requires: { before: atLeast(10), successes: atLeast(1) },
  model: countTail({ feature: 'before', prior: { mean: 0.3, dispersion: 2, weight: 1000 } }),
  severity: 'critical',
  evidence: { event_outcome: 'success' },
  related: ['user_name', 'host_name'],
  labels: {
    before: 'failures before the last success',
    successes: 'successful logins',
    users: 'users it got in as',
  },
  sentence: (f) =>
    `${f.entity} got in after ${f.before} failed logins in ${f.window}, as ${f.users} ${f.users === 1 ? 'user' : 'different users'}`,
})
