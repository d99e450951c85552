import { atLeast, atMost, count, defineDetector, firstSeen, novelty, popularity, prior } from 'winnow'

export default defineDetector({
  id: 'login-new-source',
  title: 'A user who logs in from a new source',
  description:
    'A successful login from an address the user never used before, judged by how often this user turns up at new addresses. Addresses that most others log in from as well do not count. A traveller is often somewhere new; someone who has logged in from one desk for a year is not.',
  attack: ['T1078'],
  lookalikes: [
    'A new office, a new provider: many users move to the same addresses',
    'Mobile networks with changing addresses',
  ],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: ['user_name', 'source_ip'],
  window: '1 day',
  features: {
    logins: count(),
    isNew: firstSeen(['user_name', 'source_ip']),
    seen: prior('logins', ['user_name', 'source_ip']),
    before: prior('logins', ['user_name']),
    sources: prior('isNew', ['user_name']),
    others: popularity('source_ip', { by: 'user_name' }),
  },
  scored: ['seen', 'before', 'sources'],
  requires: {
    isNew: atLeast(1),
    before: atLeast(20),
    others: atMost(0.5),
  },
  model: novelty({ seen: 'seen', events: 'before', targets: 'sources' }),
  related: ['host_name'],
  labels: {
    logins: 'logins',
    isNew: 'first login from there',
    seen: 'earlier logins from there',
    before: 'earlier logins of this user',
    sources: 'sources this user had before',
    others: 'share of other users seen there',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} logged in from ${f.parts[1] ?? ''}, a new source after ${f.before} logins from ${f.sources} others`,
})
