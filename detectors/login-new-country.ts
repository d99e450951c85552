import { atLeast, count, defineDetector, newcomer, tailScore } from 'winnow'

export default defineDetector({
  id: 'login-new-country',
  title: 'A user who logs in from a new country',
  description:
    'A successful login from a country that the user never logged in from, judged by how many countries this user had, and by how many others log in from there. Countries come from the log, from a GeoIP database that is given, else from the table of countries that comes with Winnow.',
  attack: ['T1078'],
  lookalikes: ['A trip abroad', 'A mobile phone near a border', 'A VPN with an exit abroad'],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: ['user_name', 'source_ip'],
  window: '1 day',
  features: {
    logins: count(),
    isNew: newcomer('country', 'count'),
    surprise: newcomer('country', 'surprise'),
    before: newcomer('country', 'before'),
    countries: newcomer('country', 'values'),
    others: newcomer('country', 'others'),
  },
  scored: ['surprise'],
  among: { isNew: atLeast(1), before: atLeast(10) },
  requires: { surprise: atLeast(2.5) },
  model: tailScore({ top: 1 }),
  related: ['source_geo_country_iso_code', 'host_name'],
  labels: {
    logins: 'logins',
    isNew: 'first login from the country',
    surprise: 'how unlikely that is, in powers of ten',
    before: 'earlier logins of this user',
    countries: 'countries this user had before',
    others: 'other users who came from there',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} logged in from ${f.parts[1] ?? ''}, in a country new to this user after ${f.before} logins; ${f.others === 0 ? 'nobody else ever did' : `${f.others} other ${f.others === 1 ? 'user' : 'users'} did before`}`,
  phrase: (f) => `logged in from ${f.parts[1] ?? ''}, in a new country`,
})
