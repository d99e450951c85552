import {
  absent,
  atLeast,
  atMost,
  count,
  defineDetector,
  distinct,
  not,
  oneOf,
  present,
  risk,
  tailScore,
  type Filter,
} from 'winnow'

/** Tools that watch a network name their own machine as the host: the alerts are about those who talk. */
const watchers = [
  'suricata',
  'suricata-fast',
  'fortigate',
  'palo-alto',
  'cisco-asa',
  'zeek-tsv',
  'zeek-json',
] as const
/** What tools of both kinds write: where it names a destination, it is about a connection. */
const either = oneOf('cef', 'leef')

const named: Filter = { category: 'alert', rule_name: present }

const ruleName = 'rule_name'
const rule = { family: 'rule_id' } as const

const mostNamed = 3
const longestName = 90

const shortened = (name: string): string =>
  name.length > longestName ? `${name.slice(0, longestName - 1)}…` : name

/** "A; B; C and 2 more" */
const namesOf = (names: readonly string[], kinds: number): string => {
  const told = names.slice(0, mostNamed).map(shortened)
  const more = Math.max(0, kinds - told.length)
  return `${told.join('; ')}${more > 0 ? ` and ${more} more` : ''}`
}

interface Told {
  readonly kinds: number
  readonly company: number
  readonly related: (column: typeof ruleName) => readonly string[]
}

export const toldNames = ({ related, kinds }: Told): string => namesOf(related(ruleName), kinds)

/** What all detectors of alert risk have in common; each has its own entity. */
export const riskOfAlerts = {
  attack: ['T1059', 'T1190'],
  lookalikes: [
    'A new version of the rules: one new name at all machines at once says little of each of them, and after the first hours nothing.',
    'A machine that is installed, updated or moved raises kinds of alerts that it never did.',
    'A scan by your own team.',
  ],
  window: '1 hour',
  features: {
    bits: risk(ruleName, { ...rule, statistic: 'bits' }),
    kinds: risk(ruleName, { ...rule, statistic: 'kinds' }),
    company: risk(ruleName, { ...rule, statistic: 'company' }),
    often: risk(ruleName, { ...rule, statistic: 'often' }),
    alerts: count(),
    names: distinct(ruleName),
  },
  scored: ['bits'],
  // What adds up to less, every machine has several times a day. In a large network there is always somebody: the rarest hours
  // count, no more of them than one in an hour.
  requires: { bits: atLeast(4), often: atMost(24) },
  model: tailScore({ top: 1 }),
  certain: true,
  because: 'Other tools raised these alerts: they are shown wherever they are this unusual.',
  // What is unusual again after a quiet afternoon is another story: in a month, every machine has something new.
  apart: '3 hours',
  raises: [
    { when: { bits: atLeast(40), kinds: atLeast(3) }, severity: 'high' },
    { when: { bits: atLeast(20) }, severity: 'medium' },
  ],
  related: [ruleName, 'source_ip', 'user_name'],
  evidenceBy: ruleName,
  labels: {
    bits: 'unexpected alerts (bits)',
    kinds: 'kinds of alerts that are unusual for it',
    company: 'others with unusual alerts within the hour',
    often: 'hours as unusual a day, over all machines',
    alerts: 'alerts',
    names: 'different names of alerts',
  },
} as const

export default defineDetector({
  ...riskOfAlerts,
  id: 'alert-risk',
  title: 'A machine with alerts that are unusual for it',
  description:
    'Other tools raise thousands of alerts a day, most of them the same ones at the same machines. What matters is the hour in which ' +
    'a machine raises kinds of alerts that it hardly ever raised, that are rare anywhere, and that do not always come together: ' +
    'the more such kinds, the more telling. All that came before in time is what is usual; a machine that is always a little ' +
    'unusual has to be more so.',
  from: {
    ...named,
    host_name: present,
    or: [{ format: not(oneOf(...watchers, 'cef', 'leef')) }, { format: either, destination_ip: absent }],
  },
  entity: 'host_name',
  sentence: (f) =>
    `${f.entity} raised ${f.kinds} ${f.kinds === 1 ? 'kind' : 'kinds'} of alerts that ${f.kinds === 1 ? 'is' : 'are'} unusual for it in ${f.window}: ${toldNames(f)}`,
  phrase: (f) => `raised unusual alerts (${toldNames(f)})`,
})

/** The alerts of tools that watch a network, and of those that name no machine. */
export const ofNetwork: Filter = {
  ...named,
  or: [{ format: oneOf(...watchers) }, { format: either, destination_ip: present }, { host_name: absent }],
}
