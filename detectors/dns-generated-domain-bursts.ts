import {
  absent,
  atLeast,
  count,
  countTail,
  defineDetector,
  distinct,
  firstSeen,
  matches,
  not,
  oneOf,
  surprisal,
  type Filter,
} from 'winnow'
import { noOutsideName } from './dns-generated-domains.ts'

const unanswered: Filter = {
  or: [
    { dns_response_code: oneOf('NXDOMAIN', 'SERVFAIL', 'REFUSED') },
    { dns_answers: absent },
    // A blocked name is answered with nowhere.
    { dns_answers: matches('^(127[.]|0[.]0[.]0[.]0$|::1?$)') },
  ],
}

export default defineDetector({
  id: 'dns-generated-domain-bursts',
  title: 'A client that asks for many generated names in a row',
  description:
    'Malware that looks for its controller goes through a list of names that it makes up, most of which nobody has registered. What is counted are the distinct names of a client in ten minutes that got no answer, look made up by a program (unlike ordinary names by their 4-grams, length weighed), and were never asked for by it before. Where answers are not logged, every new name counts.',
  attack: ['T1568.002'],
  lookalikes: [
    'Software that probes random names to see whether answers are forged',
    'Look-ups of hashes in block lists and antivirus services',
    'Names in a language the built-in table does not know',
  ],
  from: { category: 'dns', dns_question_registered_domain: not(matches(noOutsideName)) },
  entity: 'source_ip',
  window: '10 minutes',
  features: {
    generated: surprisal('dns_question_registered_domain', { atLeast: 6 }, unanswered),
    names: distinct('dns_question_registered_domain', unanswered),
    bits: surprisal('dns_question_registered_domain', 'mean', unanswered),
    isNew: firstSeen('dns_question_registered_domain', unanswered),
    queries: count(),
  },
  scored: ['generated'],
  requires: { generated: atLeast(4), names: atLeast(5), bits: atLeast(5), isNew: atLeast(4) },
  model: countTail({ feature: 'generated', prior: { mean: 0.2, dispersion: 2 } }),
  raises: [
    { when: { generated: atLeast(20) }, severity: 'high' },
    { when: { generated: atLeast(8) }, severity: 'medium' },
  ],
  evidence: unanswered,
  shows: 'queries',
  evidenceBy: 'dns_question_registered_domain',
  labels: {
    generated: 'names that look generated',
    names: 'different names without an answer',
    bits: 'how generated they look on average',
    isNew: 'names it had never asked for before',
    queries: 'queries',
  },
  sentence: (f) =>
    `${f.entity} asked for ${f.generated} names in ${f.window} that look generated, out of ${f.names} that got no answer`,
  phrase: (f) => `asked for ${f.generated} names that look generated`,
})
