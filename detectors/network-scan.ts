import { atLeast, count, countTail, defineDetector, distinct, not, ratio } from 'winnow'

export default defineDetector({
  id: 'network-scan',
  title: 'A machine that knocks at many doors',
  description:
    'Counts the different doors (an address and a port) at which a machine got no answer or was refused, over ten minutes, an hour and a day, next to what the other machines of these logs run into. Who looks for something to attack meets closed doors, whether it tries one port of many machines or many ports of one; who knows its neighbours hardly does. Scans that come in from outside are the weather of the internet and are left out.',
  attack: ['T1046', 'T1018', 'T1595.001'],
  lookalikes: [
    'A vulnerability scanner or an inventory that was ordered: a verdict on it hides it',
    'A monitoring server whose targets have moved',
    'Peer-to-peer programs',
  ],
  from: { category: 'flow', event_outcome: 'failure', network_direction: not('inbound') },
  entity: 'source_ip',
  window: ['10 minutes', '1 hour', '1 day'],
  features: {
    doors: distinct(['destination_ip', 'destination_port']),
    addresses: distinct('destination_ip'),
    ports: distinct('destination_port'),
    attempts: count(),
    portsEach: ratio('doors', 'addresses'),
  },
  scored: ['doors'],
  requires: { doors: atLeast(15) },
  model: countTail({ feature: 'doors', prior: { mean: 2, dispersion: 2, weight: 200 } }),
  severity: 'medium',
  raises: [{ when: { doors: atLeast(300) }, severity: 'high' }],
  evidenceBy: 'destination_ip',
  shows: 'targets',
  labels: {
    doors: 'doors that did not open',
    addresses: 'different addresses',
    ports: 'different ports',
    attempts: 'attempts in vain',
    portsEach: 'ports tried of each address',
  },
  sentence: (f) => {
    const ports = f.ports === 1 ? 'one port' : `${f.ports} ports`
    if (f.addresses === 1) return `${f.entity} tried ${ports} of one address in vain in ${f.window}`
    return `${f.entity} tried ${ports} of ${f.addresses} addresses in vain in ${f.window}`
  },
  phrase: (f) => {
    const ports = f.ports === 1 ? 'one port' : `${f.ports} ports`
    return f.addresses === 1
      ? `scanned ${ports} of one address`
      : `scanned ${ports} of ${f.addresses} addresses`
  },
})
