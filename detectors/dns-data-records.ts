import { atLeast, count, defineDetector, distinct, heavyHitter, oneOf, popularity } from 'winnow'

export default defineDetector({
  id: 'dns-data-records',
  title: 'A client that asks for record types that only carry data',
  description:
    'Records of type NULL (an experiment of 1987, RFC 1035) and of the types for private use hold any bytes, and no resolver, browser or mail server asks for them. Tunnels such as iodine try them first, for they carry most. Three names of one domain are enough.',
  attack: ['T1071.004', 'T1572'],
  lookalikes: ['A survey of name servers', 'A test of a resolver by its administrator'],
  from: {
    category: 'dns',
    // As BIND, Unbound, Zeek, dnsmasq and Suricata write types they have no name for.
    dns_question_type: oneOf('NULL', 'PRIVATE', 'TYPE65399', 'query-65399', 'type=65399', '65399'),
  },
  entity: ['source_ip', 'dns_question_registered_domain'],
  window: '1 hour',
  features: {
    queries: count(),
    names: distinct('dns_question_name'),
    clients: popularity('dns_question_registered_domain', { by: 'source_ip', statistic: 'count' }),
  },
  scored: ['names', 'clients'],
  requires: { names: atLeast(3) },
  model: heavyHitter({ amount: 'names', sharers: 'clients' }),
  severity: 'medium',
  certain: true,
  raises: [{ when: { names: atLeast(20) }, severity: 'high' }],
  evidenceBy: 'dns_question_name',
  shows: 'queries',
  related: ['dns_question_type', 'destination_ip'],
  labels: {
    queries: 'queries of such types',
    names: 'different names',
    clients: 'other clients that ask below this domain in this way',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} asked for ${f.names} names below ${f.parts[1] ?? ''} in ${f.window}, by record types that only carry data`,
  phrase: (f) => `asked for ${f.names} names below ${f.parts[1] ?? ''}, by types that only carry data`,
})
