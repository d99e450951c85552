import {
  atLeast,
  atMost,
  count,
  defineDetector,
  matches,
  neverSeen,
  not,
  oneOf,
  popularity,
  surprisal,
  tailScore,
} from 'winnow'

/** Registered domains that nobody on the Internet registered: none at all, reverse zones, names of the own network. */
export const noOutsideName =
  '^$|(?i)(^|[.])(arpa|local|lan|localdomain|internal|intranet|localhost|home|corp|private|test|invalid|onion|alt)$'

/** Services under whose public suffix every customer gets a code for a name. */
const codedNames =
  '[.](cloudfront[.]net|amazonaws[.]com|on[.]aws|awsglobalaccelerator[.]com|azurefd[.]net|azureedge[.]net)$'

export default defineDetector({
  id: 'dns-generated-domains',
  title: 'A client that uses a domain whose name looks generated',
  description:
    'A name that hardly anybody here asks for, that is new, and that looks made up by a program: unlike ordinary names by its 4-grams, its length weighed. Names that do not exist belong to bursts, another detector; this one looks for the name that works. Names that content networks give to their customers are left out.',
  attack: ['T1568.002'],
  lookalikes: [
    'Content networks and trackers, which use codes as names',
    'Names in a language the built-in table does not know',
  ],
  from: {
    category: 'dns',
    dns_question_registered_domain: not(matches(`${noOutsideName}|${codedNames}`)),
    dns_response_code: not(oneOf('NXDOMAIN', 'SERVFAIL', 'REFUSED')),
  },
  entity: ['source_ip', 'dns_question_registered_domain'],
  window: '1 day',
  features: {
    bits: surprisal('dns_question_registered_domain', 'max'),
    isNew: neverSeen('dns_question_registered_domain'),
    clients: popularity('dns_question_registered_domain', { by: 'source_ip', statistic: 'count' }),
    queries: count(),
  },
  scored: ['bits'],
  requires: { bits: atLeast(18), isNew: atLeast(1), clients: atMost(1) },
  model: tailScore({ hostile: 0.02 }),
  shows: 'queries',
  evidenceBy: 'dns_question_name',
  related: ['dns_question_name', 'destination_ip'],
  labels: {
    bits: 'how generated the name looks',
    isNew: 'first time anybody asks for it',
    clients: 'other clients that ask for it',
    queries: 'queries',
  },
  sentence: (f) =>
    `${f.parts[0] ?? ''} asked for ${f.parts[1] ?? ''}, a new name that looks generated and that ${f.clients === 0 ? 'no other client' : 'one other client'} asks for`,
  phrase: (f) => `asked for ${f.parts[1] ?? ''}, which looks generated`,
})
