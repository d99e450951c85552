import {
  atLeast,
  atMost,
  count,
  defineDetector,
  oneOf,
  popularity,
  ratio,
  sofar,
  sum,
  tailScore,
} from 'winnow'

export default defineDetector({
  id: 'network-upload',
  title: 'A machine that sends out far more than usual',
  description:
    'Adds up what every machine sends to each destination outside over a day, and compares it with what machines of these logs send. It counts where much more goes out than comes in, where few others send to the same place, and where most of what ever went there goes now: a backup that runs every night has a past.',
  attack: ['T1048', 'T1567', 'T1041'],
  lookalikes: [
    'A new backup, a new synchronised folder, a video that somebody publishes',
    'A server that answers clients outside, where the log does not say who began',
  ],
  // What sends less than a kilobyte asks for something.
  from: { category: oneOf('flow', 'proxy'), network_direction: 'outbound' },
  entity: ['source_ip', 'destination_address'],
  window: '1 day',
  features: {
    sent: sum('source_bytes', { source_bytes: atLeast(1000) }),
    received: sum('destination_bytes'),
    connections: count({ source_bytes: atLeast(1000) }),
    ever: sofar('sent', ['source_ip', 'destination_address']),
    fresh: ratio('sent', 'ever'),
    returned: ratio('received', 'sent'),
    others: popularity('destination_address', { by: 'source_ip' }, { source_bytes: atLeast(1000) }),
  },
  scored: ['sent'],
  among: { sent: atLeast(1000), others: atMost(0.1), fresh: atLeast(0.6) },
  requires: { sent: atLeast(10_000_000), returned: atMost(0.5) },
  model: tailScore({ top: 1, hostile: 0.02 }),
  raises: [{ when: { sent: atLeast(1_000_000_000) }, severity: 'medium' }],
  related: ['destination_ip', 'destination_port', 'network_protocol'],
  labels: {
    sent: 'bytes sent',
    received: 'bytes received',
    connections: 'connections',
    ever: 'bytes ever sent there',
    fresh: 'share of it that was sent now',
    returned: 'bytes received for each byte sent',
    others: 'share of other machines that send there',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} sent ${(f.sent / 1e6).toFixed(f.sent < 1e8 ? 1 : 0)} MB to ${f.parts[1] ?? ''} in ${f.window}, and received ${(f.received / 1e6).toFixed(1)} MB`,
  phrase: (f) => `sent ${(f.sent / 1e6).toFixed(f.sent < 1e8 ? 1 : 0)} MB to ${f.parts[1] ?? ''}`,
})
