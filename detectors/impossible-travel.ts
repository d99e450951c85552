import { atLeast, count, defineDetector, distinct, faded, newcomer, novelty, prior, travel } from 'winnow'

export default defineDetector({
  id: 'impossible-travel',
  title: 'A user who is in two places at once',
  description:
    'Two successful logins of one user, one after the other, from places more than 500 km apart, with less time between them than an airliner takes (900 km/h). Places are coordinates in the log, or in a GeoIP database that is given. Exits that many share (a VPN, a proxy) carry people off all the time: they are learned, and do not count; nor is a user surprising who changes places like that every other day.',
  attack: ['T1078'],
  lookalikes: [
    'A private VPN that somebody switches on for the first time',
    'An address that the database places wrongly',
    'A colleague who uses the account, in another office',
  ],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: 'user_name',
  window: '1 day',
  features: {
    journeys: travel('count'),
    distance: travel('distance'),
    speed: travel('speed'),
    country: newcomer('country', 'surprise'),
    logins: count(),
    sources: distinct('source_ip'),
    before: prior('logins', ['user_name']),
    own: prior('journeys', ['user_name']),
    everybodys: faded('journeys', [], { days: 365 }),
    all: faded('logins', [], { days: 365 }),
  },
  scored: ['own', 'before', 'everybodys', 'all'],
  requires: { journeys: atLeast(1), before: atLeast(3) },
  // How likely is a login that is such a journey, for this user, next to everybody?
  model: novelty({
    seen: 'own',
    events: 'before',
    targets: 'own',
    everyone: { seen: 'everybodys', events: 'all', targets: 'everybodys' },
  }),
  severity: 'medium',
  // Hardly anybody comes from that country, this user for the first time.
  raises: [{ when: { own: 0, country: atLeast(4) }, severity: 'high' }],
  evidenceBy: 'source_ip',
  related: ['source_ip', 'source_geo_country_iso_code', 'host_name'],
  labels: {
    journeys: 'impossible journeys',
    distance: 'km between the two places',
    speed: 'km/h it would have taken',
    country: 'how unlikely the country is, in powers of ten',
    logins: 'logins',
    sources: 'different sources',
    before: 'earlier logins of this user',
    own: 'earlier such journeys of this user',
    everybodys: 'earlier such journeys of everybody',
    all: 'earlier logins of everybody',
  },
  sentence: (f) =>
    `${f.entity} logged in from two places ${f.distance} km apart, too fast for any journey (${f.speed} km/h)`,
  phrase: (f) => `logged in from two places ${f.distance} km apart`,
})
