import { atLeast, count, countTail, defineDetector, distinct } from 'winnow'

export default defineDetector({
  id: 'login-brute-force',
  title: 'A source that fails to log in again and again',
  description:
    'Counts failed logins of every source over ten minutes, an hour and a day, and asks how often people mistype that many times. What is ordinary is learned from the sources of these logs, with a cautious prior: a person who forgot a password fails a few times, a machine does not stop.',
  attack: ['T1110.001'],
  lookalikes: [
    'A service whose stored password has expired',
    'A shared exit with many people behind it, on the morning after a password change',
  ],
  from: { category: 'auth', event_action: 'login' },
  entity: 'source_ip',
  window: ['10 minutes', '1 hour', '1 day'],
  features: {
    failures: count({ event_outcome: 'failure' }),
    successes: count({ event_outcome: 'success' }),
    users: distinct('user_name', { event_outcome: 'failure' }),
  },
  scored: ['failures'],
  requires: { failures: atLeast(5) },
  model: countTail({ feature: 'failures', prior: { mean: 0.3, dispersion: 2, weight: 1000 } }),
  severity: 'medium',
  evidence: { event_outcome: 'failure' },
  related: ['user_name', 'host_name'],
  labels: { failures: 'failed logins', successes: 'successful logins', users: 'different users tried' },
  sentence: (f) =>
    `${f.entity} failed to log in ${f.failures} times in ${f.window}, as ${f.users} ${f.users === 1 ? 'user' : 'different users'}`,
})
