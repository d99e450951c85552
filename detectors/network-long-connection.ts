import { atLeast, atMost, defineDetector, max, popularity, seconds, sum, tailScore } from 'winnow'

export default defineDetector({
  id: 'network-long-connection',
  title: 'A connection to the outside that lasts for hours',
  description:
    'The longest connection of every machine to each destination outside, where few others keep one open to the same place. Control channels, tunnels and remote desktops stay up; most other connections end within minutes.',
  attack: ['T1071', 'T1572', 'T1219'],
  lookalikes: ['Chat, mail and push services (many machines share them)', 'A tunnel to another office'],
  // What is over within a minute is no company for what lasts for hours.
  from: { category: 'flow', network_direction: 'outbound', event_duration: atLeast(60_000_000_000) },
  entity: ['source_ip', 'destination_address'],
  window: '1 day',
  features: {
    longest: max(seconds),
    sent: sum('source_bytes'),
    received: sum('destination_bytes'),
    others: popularity('destination_address', { by: 'source_ip' }),
  },
  scored: ['longest'],
  among: { others: atMost(0.05) },
  requires: { longest: atLeast(1800) },
  model: tailScore({ top: 1, hostile: 0.02 }),
  // Longer than anybody works.
  raises: [{ when: { longest: atLeast(12 * 3600) }, severity: 'medium' }],
  related: ['destination_port', 'network_protocol'],
  labels: {
    longest: 'longest connection',
    sent: 'bytes sent',
    received: 'bytes received',
    others: 'share of other machines that connect there',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} kept a connection to ${f.parts[1] ?? ''} open for ${(f.longest / 3600).toFixed(1)} hours`,
  phrase: (f) => `kept a connection to ${f.parts[1] ?? ''} open for ${(f.longest / 3600).toFixed(1)} hours`,
})
