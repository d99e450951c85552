import { atLeast, count, defineDetector, newcomer, popularity, atMost, tailScore } from 'winnow'

export default defineDetector({
  id: 'login-new-source',
  title: 'A user who logs in from a new network',
  description:
    'A successful login from a network that the user never used before (the autonomous system where a GeoIP database tells it, else the 256 addresses around), judged by how often this user turns up in new networks, and by how many others came from there. A new address in the usual network is no surprise. A traveller is often somewhere new; someone who has logged in from one desk for a year is not.',
  attack: ['T1078'],
  lookalikes: [
    'A new office, a new provider: many users move to the same networks',
    'A first trip with a phone',
  ],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: ['user_name', 'source_ip'],
  window: '1 day',
  features: {
    logins: count(),
    isNew: newcomer('network', 'count'),
    surprise: newcomer('network', 'surprise'),
    before: newcomer('network', 'before'),
    networks: newcomer('network', 'values'),
    others: newcomer('network', 'others'),
    seenBy: popularity('source_ip', { by: 'user_name' }),
  },
  scored: ['surprise'],
  among: { isNew: atLeast(1), before: atLeast(10) },
  requires: { surprise: atLeast(2), seenBy: atMost(0.5) },
  model: tailScore({ top: 1 }),
  related: ['host_name', 'source_geo_country_iso_code'],
  labels: {
    logins: 'logins',
    isNew: 'first login from the network',
    surprise: 'how unlikely that is, in powers of ten',
    before: 'earlier logins of this user',
    networks: 'networks this user had before',
    others: 'other users who came from there',
    seenBy: 'share of other users who use the address',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} logged in from ${f.parts[1] ?? ''}, a new network after ${f.before} logins from ${f.networks === 1 ? 'one other' : `${f.networks} others`}`,
  phrase: (f) => `logged in from ${f.parts[1] ?? ''}, a new source`,
})
