import { atLeast, atMost, countTail, defineDetector, distinct, ratio, unproven } from 'winnow'

const strangers = ['user_name', 'source_ip'] as const
const success = { event_outcome: 'success' } as const
const failure = { event_outcome: 'failure' } as const

export default defineDetector({
  id: 'login-spraying-distributed',
  title: 'More users than ever fail to log in, from places that are not theirs',
  description:
    'Spraying from a thousand addresses shows at none of them. What shows is how many users of a machine fail in one hour: counted are those who fail from sources they never got in from, next to what is usual there. The morning after all passwords expire does not count, because people fail from where they always are.',
  attack: ['T1110.003'],
  lookalikes: [
    'The first day of a new exit or a new office, where people mistype as everywhere',
    'A new group of people who get their first passwords',
  ],
  from: { category: 'auth', event_action: 'login' },
  entity: 'host_name',
  window: '1 hour',
  features: {
    users: unproven(strangers, success, failure, { distinct: 'user_name' }),
    sources: unproven(strangers, success, failure, { distinct: 'source_ip' }),
    failures: unproven(strangers, success, failure),
    all: distinct('user_name'),
    inside: distinct('user_name', success),
    newInside: unproven(strangers, success, success, { distinct: 'user_name' }),
    triesPerUser: ratio('failures', 'users'),
    share: ratio('users', 'all'),
    newShare: ratio('newInside', 'inside'),
  },
  scored: ['users'],
  // One source is found by itself; fewer users are the mistakes of a few people who travel. On the first day of a log nobody
  // is known to be where they always are.
  requires: {
    users: atLeast(10),
    sources: atLeast(5),
    triesPerUser: atMost(3),
    share: atLeast(0.02),
    newShare: atMost(0.2),
  },
  model: countTail({ feature: 'users', prior: { mean: 2, dispersion: 0.5, weight: 24 } }),
  severity: 'high',
  evidence: failure,
  evidenceBy: 'user_name',
  related: ['user_name', 'source_ip'],
  labels: {
    users: 'users who failed from sources they never got in from',
    sources: 'different sources',
    failures: 'failed logins from there',
    all: 'users who tried to log in',
    triesPerUser: 'tries a user',
    share: 'share of all users',
    inside: 'users who got in',
    newInside: 'users who got in from a source that is new to them',
    newShare: 'share of those who got in from a new source',
  },
  sentence: (f) =>
    `${f.users} users of ${f.entity} failed to log in within ${f.window}, about ${f.triesPerUser.toFixed(1)} times each, from ${f.sources} sources that are not theirs`,
  phrase: (f) => `had ${f.users} users tried from ${f.sources} sources`,
})
