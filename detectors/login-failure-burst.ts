import { atLeast, count, countBefore, countTail, defineDetector, unproven } from 'winnow'

const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-failure-burst',
  title: 'A user who fails to log in faster than anybody types',
  description:
    'Counts the failed logins of a user within ten minutes from a source that this user got in from before, which other detectors leave out: a password that was forgotten is tried a few times, and a program with an old one waits between two tries. Whoever guesses from the victim’s own desk, or behind the same exit, fails many times a minute.',
  attack: ['T1110.001'],
  lookalikes: ['A program that tries again at once, and again, with a password that has expired'],
  from: { category: 'auth', event_action: 'login' },
  entity: ['user_name', 'source_ip'],
  window: '10 minutes',
  features: {
    failures: count(failure),
    before: countBefore(failure, success),
    successes: count(success),
    strange: unproven(['user_name', 'source_ip'], success, failure),
  },
  scored: ['failures'],
  // Two a minute; those who never got in from there are found by their source.
  requires: { failures: atLeast(20), strange: 0 },
  model: countTail({ feature: 'failures', prior: { mean: 0.2, dispersion: 2, weight: 1000 } }),
  severity: 'medium',
  raises: [{ when: { before: atLeast(20), successes: atLeast(1) }, severity: 'critical' }],
  evidence: failure,
  related: ['host_name'],
  labels: {
    failures: 'failed logins',
    before: 'failures before the last success',
    successes: 'successful logins',
    strange: 'failed logins before the first success from there',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} failed to log in from ${f.parts[1] ?? ''} ${f.failures} times in ${f.window}${f.before >= 20 && f.successes > 0 ? ', and then got in' : ''}`,
  phrase: (f) =>
    `failed to log in from ${f.parts[1] ?? ''} ${f.failures} times${f.before >= 20 && f.successes > 0 ? ' and then got in' : ''}`,
})
