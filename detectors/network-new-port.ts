import {
  atLeast,
  atMost,
  count,
  defineDetector,
  distinct,
  firstSeen,
  novelty,
  popularity,
  prior,
} from 'winnow'

export default defineDetector({
  id: 'network-new-port',
  title: 'A machine that turns to a port outside it never used',
  description:
    'A first connection to a port out in the internet by a machine with a history, where few others use that port: control channels like to live where nobody looks. Judged by how often this machine turns to new ports, and by how many others use this one; it needs the flows of several days.',
  attack: ['T1571', 'T1095'],
  lookalikes: ['A new program that somebody installed', 'Games and calls, which use many ports'],
  from: { category: 'flow', event_outcome: 'success', network_direction: 'outbound' },
  entity: ['source_ip', 'destination_port'],
  window: '1 day',
  features: {
    connections: count(),
    servers: distinct('destination_ip'),
    isNew: firstSeen(['source_ip', 'destination_port']),
    seen: prior('connections', ['source_ip', 'destination_port']),
    before: prior('connections', ['source_ip']),
    ports: prior('isNew', ['source_ip']),
    others: popularity('destination_port', { by: 'source_ip', floor: 0.02 }),
  },
  scored: ['seen', 'before', 'ports', 'others'],
  requires: { isNew: atLeast(1), before: atLeast(50), others: atMost(0.05) },
  model: novelty({ seen: 'seen', events: 'before', targets: 'ports', peers: 'others' }),
  related: ['destination_address', 'network_protocol'],
  labels: {
    connections: 'connections to the new port',
    servers: 'different servers',
    isNew: 'first connection to this port',
    seen: 'earlier connections to this port',
    before: 'earlier connections to the outside',
    ports: 'ports it used before',
    others: 'share of other machines that use the port',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} turned to port ${f.parts[1] ?? ''} outside for the first time, after ${f.before} connections to ${f.ports === 1 ? 'one other port' : `${f.ports} other ports`}`,
  phrase: (f) => `turned to port ${f.parts[1] ?? ''} outside for the first time`,
})
