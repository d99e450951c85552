import {
  atLeast,
  count,
  defineDetector,
  distinct,
  firstSeen,
  novelty,
  oneOf,
  popularity,
  prior,
} from 'winnow'

export default defineDetector({
  id: 'network-new-service',
  title: 'A machine that serves on a port it never served on',
  description:
    'A port that answers for the first time on a machine that has long answered on others: a back door, a forgotten test, a tool for remote control. Judged by how often this machine opens new ports, and by how many others answer on this one; it needs the flows of several days.',
  attack: ['T1571', 'T1543', 'T1021'],
  lookalikes: [
    'A service that was installed on purpose',
    'Programs that choose their ports anew, such as remote procedure calls',
  ],
  from: {
    category: 'flow',
    event_outcome: 'success',
    network_direction: oneOf('internal', 'inbound'),
  },
  entity: ['destination_ip', 'destination_port'],
  window: '1 day',
  features: {
    connections: count(),
    clients: distinct('source_ip'),
    isNew: firstSeen(['destination_ip', 'destination_port']),
    seen: prior('connections', ['destination_ip', 'destination_port']),
    before: prior('connections', ['destination_ip']),
    ports: prior('isNew', ['destination_ip']),
    others: popularity('destination_port', { by: 'destination_ip', floor: 0.02 }),
  },
  scored: ['seen', 'before', 'ports', 'others'],
  requires: { isNew: atLeast(1), before: atLeast(50), connections: atLeast(2) },
  model: novelty({ seen: 'seen', events: 'before', targets: 'ports', peers: 'others' }),
  related: ['source_ip', 'network_protocol'],
  labels: {
    connections: 'connections to the new port',
    clients: 'different clients',
    isNew: 'first answer on this port',
    seen: 'earlier connections to this port',
    before: 'earlier connections to this machine',
    ports: 'ports it answered on before',
    others: 'share of other machines that answer on the port',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} began to answer on port ${f.parts[1] ?? ''}, for ${f.clients === 1 ? 'one client' : `${f.clients} clients`}, after ${f.before} connections to ${f.ports === 1 ? 'one other port' : `${f.ports} other ports`}`,
  phrase: (f) => `began to answer on port ${f.parts[1] ?? ''}`,
})
