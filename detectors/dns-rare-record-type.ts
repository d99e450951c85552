import {
  atLeast,
  atMost,
  count,
  defineDetector,
  distinct,
  oneOf,
  popularity,
  present,
  rarity,
  tailScore,
} from 'winnow'

export default defineDetector({
  id: 'dns-rare-record-type',
  title: 'A client that asks for kinds of record hardly anybody asks for',
  description:
    'Record types that few clients of these logs ever ask for, and how many names each asks for with them. Tunnels use types that carry much (NULL, TXT, PRIVATE); reconnaissance asks for whole zones (AXFR, ANY).',
  attack: ['T1071.004', 'T1590.002', 'T1572'],
  lookalikes: [
    'A mail server, which asks for MX and TXT where nobody else does',
    'An administrator who looks into DNS',
  ],
  from: { category: 'dns', dns_question_type: present },
  entity: ['source_ip', 'dns_question_type'],
  window: '1 day',
  features: {
    queries: count(),
    names: distinct('dns_question_name'),
    ordinary: count({ dns_question_type: oneOf('A', 'AAAA', 'PTR') }),
    carriers: count({ dns_question_type: oneOf('NULL', 'PRIVATE', 'TYPE65399') }),
    transfers: count({ dns_question_type: oneOf('AXFR', 'IXFR') }),
    rare: rarity('dns_question_type', 'max'),
    others: popularity('dns_question_type', { by: 'source_ip' }),
  },
  scored: ['queries', 'names', 'rare'],
  requires: { queries: atLeast(3), others: atMost(0.03), ordinary: 0 },
  model: tailScore({ top: 3, hostile: 0.02 }),
  raises: [
    { when: { transfers: atLeast(1) }, severity: 'medium' },
    { when: { carriers: atLeast(10) }, severity: 'medium' },
  ],
  evidenceBy: 'dns_question_name',
  related: ['dns_question_registered_domain'],
  labels: {
    queries: 'queries of this type',
    names: 'different names',
    ordinary: 'queries of everyday types',
    carriers: 'queries of types that only carry data',
    transfers: 'requests for whole zones',
    rare: 'rarity of the type',
    others: 'share of other clients that ask for it',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} asked for ${f.parts[1] ?? ''} records ${f.queries} times in ${f.window}, of ${f.names === 1 ? 'one name' : `${f.names} names`}`,
  phrase: (f) => `asked for ${f.parts[1] ?? ''} records ${f.queries} times`,
})
