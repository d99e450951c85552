import { defineDetector, not, oneOf } from 'winnow'
import { riskOfAlerts, ofNetwork, toldNames } from './alert-risk.ts'

export default defineDetector({
  ...riskOfAlerts,
  id: 'alert-risk-destination',
  title: 'A machine under attacks unusual for it',
  description:
    'What a firewall or an intrusion detection system says of traffic from outside. Everybody is scanned all day; a machine that is ' +
    'the target of kinds of alerts it hardly ever was, rare anywhere, several in an hour, is being tried in earnest.',
  attack: ['T1190', 'T1595'],
  from: { ...ofNetwork, network_direction: not(oneOf('outbound', 'internal')) },
  entity: 'destination_ip',
  related: ['rule_name', 'source_ip'],
  sentence: (f) =>
    `${f.entity} was the target of ${f.kinds} ${f.kinds === 1 ? 'kind' : 'kinds'} of alerts unusual for it in ${f.window}: ${toldNames(f)}`,
  phrase: (f) => `was the target of unusual alerts (${toldNames(f)})`,
})
