import { atLeast, count, defineDetector, newcomer, tailScore, unusualHour } from 'winnow'

export default defineDetector({
  id: 'login-takeover',
  title: 'A login that is unlike its user in several ways',
  description:
    'Who has stolen a password comes from another network, another country, with another program, all at once. Each of these alone is a trip, a new phone, a café; together they are rare. Adds up how unlikely the network, the country and the program of a login are for this user, for those that are new in two ways at least.',
  attack: ['T1078'],
  lookalikes: ['A trip abroad with a new phone', 'A holiday and an internet café'],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: ['user_name', 'source_ip'],
  window: '1 day',
  features: {
    logins: count(),
    network: newcomer('network', 'surprise'),
    country: newcomer('country', 'surprise'),
    program: newcomer('device', 'surprise'),
    hour: unusualHour('surprise'),
    before: newcomer('network', 'before'),
  },
  scored: ['network', 'country', 'program', 'hour'],
  among: { before: atLeast(10) },
  requires: { network: atLeast(1) },
  model: tailScore({ top: 3 }),
  // Nothing of it is anybody's.
  raises: [
    {
      when: { network: atLeast(4.5), country: atLeast(4.5), program: atLeast(2) },
      severity: 'high',
    },
  ],
  related: ['user_agent', 'source_geo_country_iso_code', 'host_name'],
  labels: {
    logins: 'logins',
    network: 'how unlikely the network is, in powers of ten',
    country: 'how unlikely the country is, in powers of ten',
    program: 'how unlikely the program is, in powers of ten',
    hour: 'how unlikely the hour is, in powers of ten',
    before: 'earlier logins of this user',
  },
  sentence: (f) => {
    const fresh = [
      'a network',
      ...(f.country > 0 ? ['a country'] : []),
      ...(f.program > 0 ? ['a program'] : []),
    ]
    const last = fresh.pop() ?? ''
    const all = fresh.length === 0 ? last : `${fresh.join(', ')} and ${last}`
    return `${f.parts[0] ?? ''} logged in from ${f.parts[1] ?? ''}: ${all} new to this user, after ${f.before} logins`
  },
  phrase: (f) => `logged in from ${f.parts[1] ?? ''}, in every way unlike before`,
})
