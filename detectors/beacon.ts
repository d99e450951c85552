import { age, atLeast, atMost, defineDetector, not, oneOf, periodicity, popularity, rhythm } from 'winnow'

/** "4 minutes", "2.5 hours". */
const spanText = (seconds: number): string => {
  const [amount, unit] =
    seconds < 90
      ? [seconds, 'second']
      : seconds < 5400
        ? [seconds / 60, 'minute']
        : seconds < 129_600
          ? [seconds / 3600, 'hour']
          : [seconds / 86_400, 'day']
  const rounded = amount < 10 ? Math.round(amount * 2) / 2 : Math.round(amount)
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`
}

const sizeText = (bytes: number): string =>
  bytes < 1000
    ? `${bytes} bytes`
    : bytes < 1e6
      ? `${(bytes / 1000).toFixed(1)} kB`
      : `${(bytes / 1e6).toFixed(1)} MB`

const othersText = (others: number, without: number): string => {
  if (others > 0) return `${others} other client${others === 1 ? ' does' : 's do'}`
  return without > 0 ? 'no other client does' : 'there is no other client in these logs'
}

export default defineDetector({
  id: 'beacon',
  title: 'A machine that calls somebody at regular intervals',
  description:
    'Looks for programs that report to a server outside and ask for orders: check-ins at regular intervals, with jitter or without, of the same size, for hours on end. Updates, tickers and clocks do the same, so what decides is who else calls the same destination, and how long it has been known: every machine of a kind asks for the same updates, and a beacon’s server is called by one or few.',
  attack: ['T1071', 'T1573'],
  lookalikes: [
    'A program that only one person has: its updates, its licence, its mail',
    'A device of its own kind that reports to its maker',
    'A page left open that refreshes itself',
  ],
  from: {
    category: oneOf('proxy', 'flow'),
    or: [
      { category: 'proxy', network_direction: not('inbound') },
      {
        category: 'flow',
        network_direction: 'outbound',
        // Look-ups and clocks are regular by nature.
        network_protocol: not(oneOf('dns', 'ntp')),
        or: [{ network_transport: not('udp') }, { destination_port: not(oneOf(53, 123)) }],
      },
    ],
  },
  entity: ['source_ip', 'destination_address'],
  window: [
    { length: '1 day', minEvents: 6 },
    { length: '28 days', minEvents: 6 },
  ],
  features: {
    checkIns: rhythm('checkIns'),
    span: rhythm('span'),
    gap: rhythm('gap'),
    size: rhythm('size'),
    regular: rhythm('regular'),
    evidence: rhythm('evidence'),
    alike: rhythm('alike'),
    hours: rhythm('hours'),
    presence: rhythm('presence'),
    others: popularity('destination_address', { by: 'source_ip' }),
    otherClients: popularity('destination_address', { by: 'source_ip', statistic: 'count' }),
    without: popularity('destination_address', { by: 'source_ip', statistic: 'without' }),
    known: age('destination_address', { by: 'source_ip' }),
    unknown: age('destination_address', { by: 'source_ip', statistic: 'unknown' }),
  },
  scored: [
    'evidence',
    'otherClients',
    'without',
    'checkIns',
    'alike',
    'hours',
    'presence',
    'known',
    'unknown',
  ],
  requires: {
    checkIns: atLeast(6),
    regular: atLeast(0.6),
    evidence: atLeast(1),
    others: atMost(0.2),
  },
  model: periodicity({
    evidence: 'evidence',
    others: 'otherClients',
    without: 'without',
    checkIns: 'checkIns',
    alike: 'alike',
    hours: 'hours',
    presence: 'presence',
    known: 'known',
    unknown: 'unknown',
  }),
  raises: [
    {
      when: { otherClients: 0, without: atLeast(5), hours: atLeast(4), evidence: atLeast(3) },
      severity: 'high',
    },
    {
      when: { otherClients: atMost(1), without: atLeast(15), hours: atLeast(4), evidence: atLeast(3) },
      severity: 'medium',
    },
  ],
  shows: 'rhythm',
  related: ['destination_ip', 'destination_port', 'user_agent', 'user_name'],
  labels: {
    checkIns: 'check-ins',
    span: 'time from the first to the last',
    gap: 'usual time between two',
    size: 'usual size',
    regular: 'share of gaps near the usual one',
    evidence: 'evidence for a rhythm, in powers of ten',
    alike: 'share of check-ins of the same size',
    hours: 'hours with a check-in',
    presence: 'share of the time with check-ins',
    others: 'share of other clients that call it',
    otherClients: 'other clients that call it',
    without: 'clients that do not call it',
    known: 'days the destination is known',
    unknown: 'days it was unknown before',
  },
  sentence: (f) => {
    const sized = f.alike >= 0.9 ? 'always' : f.alike >= 0.6 ? 'mostly' : null
    const size = sized === null || f.size === 0 ? '' : `, ${sized} about ${sizeText(f.size)}`
    return `${f.parts[0] ?? ''} calls ${f.parts[1] ?? ''} about every ${spanText(f.gap)}, ${f.checkIns} times in ${spanText(f.span)}${size}; ${othersText(f.otherClients, f.without)}`
  },
  phrase: (f) => `called ${f.parts[1] ?? ''} about every ${spanText(f.gap)}`,
})
