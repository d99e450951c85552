import {
  atLeast,
  before,
  count,
  defineDetector,
  distinct,
  heavyHitter,
  max,
  not,
  oneOf,
  popularity,
  matches,
  sumOfNew,
} from 'winnow'

const text = before('dns_question_name', 'dns_question_registered_domain')
// Host names have up to a dozen letters or so: their text carries nothing.
const carried = before('dns_question_name', 'dns_question_registered_domain', { usual: 16 })

// An address backwards, as block lists are asked (RFC 5782): four bytes a query carry nothing away.
const blockList = '^([0-9]{1,3}[.]){4}|^([0-9a-f][.]){32}'

export default defineDetector({
  id: 'dns-tunnel',
  title: 'A client that carries data out in the names it asks for',
  description:
    'Adds up the text of names nobody has asked for before, below one registered domain, for every client over an hour and a day. A name that is asked for again carries nothing new. What many clients do is a service (antivirus, content networks): the more clients ask below a domain, the more text is ordinary. Tunnels such as iodine and slow exfiltration stand out alike; reverse zones and look-ups of addresses in block lists are left out.',
  attack: ['T1071.004', 'T1048.003', 'T1572'],
  lookalikes: [
    'A look-up service of one vendor that only one machine uses: a mail gateway that asks block lists, an antivirus server',
    'The first day of logs that hold many machines of one content network',
  ],
  from: {
    category: 'dns',
    dns_question_registered_domain: not(matches('(^|[.])(in-addr|ip6)[.]arpa$')),
  },
  entity: ['source_ip', 'dns_question_registered_domain'],
  window: ['1 hour', '1 day'],
  features: {
    newBytes: sumOfNew('dns_question_name', carried, { dns_question_name: not(matches(blockList)) }),
    queries: count(),
    names: distinct('dns_question_name'),
    longest: max(text),
    oddTypes: count({
      dns_question_type: oneOf('TXT', 'NULL', 'PRIVATE', 'CNAME', 'MX', 'SRV', 'KEY', 'TYPE65399'),
    }),
    clients: popularity('dns_question_registered_domain', { by: 'source_ip', statistic: 'count' }),
  },
  scored: ['newBytes', 'clients'],
  requires: { newBytes: atLeast(200), names: atLeast(5) },
  model: heavyHitter({ amount: 'newBytes', sharers: 'clients', unit: 50 }),
  raises: [
    { when: { newBytes: atLeast(4000), clients: 0 }, severity: 'high' },
    { when: { newBytes: atLeast(1000), clients: 0 }, severity: 'medium' },
    // Names are that long only where as much as possible is to be carried.
    { when: { newBytes: atLeast(300), longest: atLeast(100), clients: 0 }, severity: 'medium' },
  ],
  evidenceBy: 'dns_question_name',
  shows: 'queries',
  related: ['dns_question_type', 'destination_ip'],
  labels: {
    newBytes: 'text carried in names nobody had asked for before',
    queries: 'queries',
    names: 'different names',
    longest: 'longest name below the domain, in bytes',
    oddTypes: 'queries of types that carry data',
    clients: 'other clients that ask below this domain',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} asked for ${f.names} different names below ${f.parts[1] ?? ''} in ${f.window}, up to ${f.longest} bytes long, that nobody had asked for before`,
  phrase: (f) => `carried data out in ${f.names} names below ${f.parts[1] ?? ''}`,
})
