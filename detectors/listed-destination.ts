import { atLeast, count, countTail, defineDetector, distinct, listed, not, oneOf } from 'winnow'

export default defineDetector({
  id: 'listed-destination',
  title: 'A machine that turns to what is on your list',
  description:
    'Connections, requests and look-ups that go to an address or a name on a list of what is known to be bad, given with --reputation. A list says less than it seems to: addresses change hands, and many names share one. What the finding shows beside it tells more.',
  attack: ['T1071', 'T1568'],
  lookalikes: [
    'An address of a shared host on which somebody else misbehaved',
    'A list that names advertisers',
  ],
  from: {
    category: oneOf('flow', 'proxy', 'dns'),
    network_direction: not('inbound'),
    or: [
      { destination_address: listed },
      { destination_registered_domain: listed },
      { destination_ip: listed },
      { dns_question_name: listed },
      { dns_question_registered_domain: listed },
    ],
  },
  entity: 'source_ip',
  window: '1 day',
  features: {
    contacts: count(),
    reached: count({ category: oneOf('flow', 'proxy'), event_outcome: 'success' }),
    names: distinct('dns_question_name', { category: 'dns' }),
    destinations: distinct('destination_address', {
      category: oneOf('flow', 'proxy'),
      event_outcome: 'success',
    }),
  },
  scored: ['contacts'],
  requires: { contacts: atLeast(1) },
  model: countTail({ feature: 'contacts', prior: { mean: 0.01, dispersion: 10, weight: 1000 } }),
  severity: 'medium',
  certain: true,
  because: 'Your own list names this: it is shown however often it happens.',
  raises: [{ when: { reached: atLeast(1) }, severity: 'high' }],
  related: ['destination_address', 'dns_question_name'],
  labels: {
    contacts: 'events that go to what is listed',
    reached: 'connections and requests that came through',
    names: 'listed names it asked for',
    destinations: 'listed destinations it reached',
  },
  sentence: (f) =>
    f.reached > 0
      ? `${f.entity} reached ${f.destinations === 1 ? 'a destination' : `${f.destinations} destinations`} on your list ${f.reached === 1 ? 'once' : `${f.reached} times`} in ${f.window}`
      : `${f.entity} looked for what is on your list ${f.contacts === 1 ? 'once' : `${f.contacts} times`} in ${f.window}`,
  phrase: (f) =>
    `turned to ${f.destinations === 1 ? 'a destination' : `${f.destinations} destinations`} on your list`,
})
