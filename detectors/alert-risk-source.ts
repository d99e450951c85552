import { defineDetector, oneOf } from 'winnow'
import { riskOfAlerts, ofNetwork, toldNames } from './alert-risk.ts'

export default defineDetector({
  ...riskOfAlerts,
  id: 'alert-risk-source',
  title: 'A machine inside that sets off alerts unusual for it',
  description:
    'What a firewall or an intrusion detection system says of traffic from inside: a machine whose connections set off kinds of alerts ' +
    'that they hardly ever did, rare anywhere, several in an hour, may be infected or in the hands of an intruder.',
  attack: ['T1071', 'T1046'],
  from: { ...ofNetwork, network_direction: oneOf('outbound', 'internal') },
  entity: 'source_ip',
  related: ['rule_name', 'destination_ip', 'destination_domain'],
  sentence: (f) =>
    `Connections of ${f.entity} set off ${f.kinds} ${f.kinds === 1 ? 'kind' : 'kinds'} of alerts unusual for it in ${f.window}: ${toldNames(f)}`,
  phrase: (f) => `set off unusual alerts (${toldNames(f)})`,
})
