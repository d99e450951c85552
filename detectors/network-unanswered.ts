import { atLeast, atMost, count, countTail, defineDetector, elsewhere, popularity } from 'winnow'

export default defineDetector({
  id: 'network-unanswered',
  title: 'A machine that keeps calling somebody who never answers',
  description:
    'Counts how often a machine tries to reach one destination outside that never answered it, where hardly any other machine tries. A program whose master has been taken down calls on and on; people and most programs give up.',
  attack: ['T1071', 'T1008', 'T1571'],
  lookalikes: [
    'A program that was set up with a server that is gone',
    'A firewall that drops what it should let out',
  ],
  from: { category: 'flow', network_direction: 'outbound', event_outcome: 'failure' },
  entity: ['source_ip', 'destination_address'],
  window: '1 day',
  features: {
    failures: count(),
    answered: elsewhere({ category: 'flow', event_outcome: 'success' }),
    others: popularity('destination_address', { by: 'source_ip' }),
  },
  scored: ['failures'],
  requires: { failures: atLeast(20), answered: 0, others: atMost(0.05) },
  model: countTail({ feature: 'failures', prior: { mean: 0.5, dispersion: 3, weight: 200 } }),
  severity: 'medium',
  shows: 'rhythm',
  related: ['destination_port'],
  labels: {
    failures: 'calls without an answer',
    answered: 'calls that were answered',
    others: 'share of other machines that call there',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} called ${f.parts[1] ?? ''} ${f.failures} times in ${f.window} and was never answered`,
  phrase: (f) => `called ${f.parts[1] ?? ''} ${f.failures} times in vain`,
})
