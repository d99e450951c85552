import { atLeast, count, countBefore, countTail, defineDetector, distinct, ratio, unproven } from 'winnow'

const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-success-after-failures',
  title: 'A login that succeeded after many failures',
  description:
    'The moment a guess was right: a source fails again and again, and then is in. Counts the failures that come before the last success of a source within an hour and a day, where most of them are of users who never got in from there, and more fail than get in.',
  attack: ['T1110', 'T1078'],
  lookalikes: ['A person at a new place who found the right password in the end'],
  from: { category: 'auth', event_action: 'login' },
  entity: 'source_ip',
  window: ['1 hour', '1 day'],
  features: {
    before: countBefore(failure, success),
    strangers: unproven(['user_name', 'source_ip'], success, failure),
    successes: count(success),
    users: distinct('user_name', success),
    // Behind a shared exit on its first day, hardly anybody fails.
    perSuccess: ratio('strangers', 'successes', { plus: 1 }),
  },
  scored: ['strangers'],
  requires: { before: atLeast(8), strangers: atLeast(8), successes: atLeast(1), perSuccess: atLeast(1) },
  model: countTail({ feature: 'strangers', prior: { mean: 0.3, dispersion: 2, weight: 1000 } }),
  severity: 'critical',
  evidence: success,
  related: ['user_name', 'host_name'],
  labels: {
    before: 'failures before the last success',
    strangers: 'failures of users who never got in from there',
    successes: 'successful logins',
    users: 'users it got in as',
    perSuccess: 'failures for each success',
  },
  sentence: (f) =>
    `${f.entity} got in after ${f.before} failed logins in ${f.window}, as ${f.users} ${f.users === 1 ? 'user' : 'different users'}`,
  phrase: (f) =>
    `got in as ${f.users === 1 ? (f.related('user_name')[0] ?? 'one user') : `${f.users} users`}`,
})
