import { atLeast, atMost, count, defineDetector, newcomer, present, tailScore } from 'winnow'

export default defineDetector({
  id: 'login-new-device',
  title: 'A user who logs in with a program new to them',
  description:
    'A successful login with a browser or program that the user never logged in with, its version left aside: an update is no new program. Judged by how many programs this user had, and by how many others have it.',
  attack: ['T1078'],
  lookalikes: ['A new phone or a new laptop', 'A program that comes with an update for everybody'],
  from: { category: 'auth', event_action: 'login', event_outcome: 'success', user_agent: present },
  entity: ['user_name', 'user_agent'],
  window: '1 day',
  features: {
    logins: count(),
    isNew: newcomer('device', 'count'),
    surprise: newcomer('device', 'surprise'),
    before: newcomer('device', 'before'),
    programs: newcomer('device', 'values'),
    others: newcomer('device', 'others'),
  },
  scored: ['surprise'],
  among: { isNew: atLeast(1), before: atLeast(10) },
  // What dozens of colleagues have is no sign of anything.
  requires: { surprise: atLeast(3), others: atMost(10) },
  model: tailScore({ top: 1, hostile: 0.01 }),
  related: ['source_ip', 'host_name'],
  labels: {
    logins: 'logins',
    isNew: 'first login with the program',
    surprise: 'how unlikely that is, in powers of ten',
    before: 'earlier logins of this user',
    programs: 'programs this user had before',
    others: 'other users who have it',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} logged in with ${f.parts[1] ?? ''}, new to this user after ${f.before} logins; ${f.others === 0 ? 'nobody else has it' : `${f.others} other ${f.others === 1 ? 'user has' : 'users have'} it`}`,
  phrase: () => 'logged in with a new device',
})
