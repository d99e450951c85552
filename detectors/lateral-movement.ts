import {
  atLeast,
  count,
  defineDetector,
  distinct,
  endsWith,
  not,
  path,
  present,
  statedSurprise,
} from 'winnow'

export default defineDetector({
  id: 'lateral-movement',
  title: 'A path from machine to machine that nobody goes',
  description:
    'Follows logins from machine to machine: hops that are new to the machine they start from, or to the user, and that follow each other within hours. Each hop weighs by how often a day brings something new to that machine and that user, and their surprises add up along the path; it may go on as another user who did not come to that machine by itself. Names and addresses of a machine are linked where events have both. Needs a week of history.',
  attack: ['T1021', 'T1550', 'T1078'],
  lookalikes: [
    'An administrator who sets up a new server and goes on from there',
    'A new program that logs in from server to server',
  ],
  from: {
    category: 'auth',
    event_action: 'login',
    event_outcome: 'success',
    host_name: present,
    user_name: not(endsWith('$')),
  },
  entity: 'user_name',
  window: '1 day',
  features: {
    logins: count(),
    hosts: distinct('host_name'),
    surprise: path('surprise'),
    hops: path('hops'),
    switches: path('switches'),
  },
  scored: ['surprise', 'hops', 'switches'],
  requires: { hops: atLeast(2) },
  model: statedSurprise('surprise'),
  raises: [{ when: { hops: atLeast(3), surprise: atLeast(6) }, severity: 'high' }],
  related: ['host_name', 'source_ip'],
  shows: 'path',
  evidenceBy: 'host_name',
  labels: {
    logins: 'logins',
    hosts: 'machines',
    surprise: 'surprise of the hops together',
    hops: 'hops',
    switches: 'changes of user',
  },
  sentence: (f) =>
    `${f.entity} began a path of ${f.hops} logins from machine to machine that are new to them${f.switches > 0 ? ', going on as another user' : ''}`,
  phrase: (f) => `went on from machine to machine, ${f.hops} times`,
})
