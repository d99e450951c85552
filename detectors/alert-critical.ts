import { atLeast, count, countTail, defineDetector, distinct, not, oneOf, present } from 'winnow'

export default defineDetector({
  id: 'alert-critical',
  title: 'An alert that its own tool calls critical',
  description:
    'What a tool puts at the top of its own scale is shown, however often it happens: once for each kind, with the machines it is about. Of tools ' +
    'that watch the network that is traffic from inside, and what they let pass: on the internet, everybody is attacked all day.',
  attack: ['T1190', 'T1203'],
  lookalikes: [
    'A rule whose author called everything critical: take it out of the tool, or lower it there.',
    'A test of the tool itself.',
  ],
  from: {
    category: 'alert',
    rule_name: present,
    event_outcome: not('failure'),
    event_action: not('blocked'),
    or: [
      // Wazuh's levels go to 16: 12 and more are "high importance", 15 is a severe attack.
      { format: 'wazuh', event_severity: atLeast(12) },
      // Suricata's 1 is high; most of what reaches a server from outside is.
      {
        format: oneOf('suricata', 'suricata-fast'),
        event_severity: 1,
        network_direction: oneOf('outbound', 'internal'),
      },
      // CEF and LEEF end at 10; 9 and 10 are very high.
      { format: oneOf('cef', 'leef'), event_severity: atLeast(9) },
      { format: 'palo-alto', event_severity: 5 },
      // FortiGate's level "alert", which its attacks of critical severity have.
      { format: 'fortigate', event_severity: 1 },
    ],
  },
  entity: 'rule_name',
  window: '1 day',
  features: { alerts: count(), hosts: distinct(['host_name', 'source_ip', 'destination_ip']) },
  scored: ['alerts'],
  model: countTail({ feature: 'alerts', prior: { mean: 0.01, dispersion: 10, weight: 1000 } }),
  severity: 'medium',
  certain: true,
  because: 'Another tool named this: it is shown however often it happens.',
  related: ['host_name', 'source_ip', 'destination_ip', 'user_name'],
  labels: { alerts: 'alerts', hosts: 'machines it is about, as they are paired' },
  sentence: (f) =>
    `“${f.entity}” was raised ${f.alerts === 1 ? 'once' : `${f.alerts} times`} in ${f.window}; its own tool calls that critical`,
  phrase: (f) => `was raised ${f.alerts === 1 ? 'once' : `${f.alerts} times`}, which its tool calls critical`,
})
