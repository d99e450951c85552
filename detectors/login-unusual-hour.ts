import { atLeast, count, defineDetector, tailScore, unusualHour } from 'winnow'

export default defineDetector({
  id: 'login-unusual-hour',
  title: 'A user who logs in at an hour that is not theirs',
  description:
    'A successful login at an hour of the week at which this user is hardly ever there, by a histogram of the user’s own earlier hours, smoothed over neighbouring hours and backed off to those of everybody. It needs no time zone: who works at night has always done so. Not by itself a reason to act: it adds to what else is found about the user.',
  attack: ['T1078'],
  lookalikes: ['Somebody who was called at night', 'A traveller in another time zone', 'A deadline'],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success' },
  entity: 'user_name',
  window: '1 day',
  features: {
    logins: count(),
    surprise: unusualHour('surprise'),
    before: unusualHour('before'),
  },
  scored: ['surprise'],
  among: { before: atLeast(15) },
  // Fifty times less likely than an hour drawn blindly.
  requires: { surprise: atLeast(1.7) },
  model: tailScore({ top: 1 }),
  related: ['source_ip', 'host_name'],
  labels: {
    logins: 'logins',
    surprise: 'how unlikely the hour is, in powers of ten',
    before: 'hours in which the user was seen before',
  },
  sentence: (f) =>
    `${f.entity} logged in at an hour at which this user is not seen, ${Math.round(10 ** f.surprise)} times less likely than any`,
  phrase: () => 'logged in at an unusual hour',
})
