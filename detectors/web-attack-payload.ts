import { atLeast, between, countTail, defineDetector, matches, payload, type Filter } from 'winnow'

/** From here on a text with words of an attack is hardly ever an ordinary one; without them it must be odder. */
const odd = { atLeast: 12 } as const

const answered: Filter = { http_response_status_code: between(200, 299) }

/** Signs that payloads are made of, as they are or coded. */
const signs = '[<>\'"{}|`;$()\\\\]|%(2[24789]|3[cCeEbB]|5[cC]|60|7[bBcCdD]|0[0aAdD]|25)|[.][.](/|%2[fF])'

const purposes = [
  ['sql', 'SQL injection'],
  ['script', 'script injection'],
  ['traversal', 'path traversal'],
  ['shell', 'shell commands'],
  ['jndi', 'JNDI look-ups'],
  ['template', 'template injection'],
  ['inclusion', 'file inclusion'],
  ['xml', 'XML entities'],
  ['code', 'code injection'],
  ['nosql', 'NoSQL operators'],
  ['header', 'header injection'],
] as const

export default defineDetector({
  id: 'web-attack-payload',
  title: 'A client that sends attack payloads',
  description:
    'Judges values of parameters, paths, user agents and referrers by their 3-grams: which signs follow which, with words and numbers of any length as one. What is usual in these logs, for a parameter and for a page, is learned from what several clients send that are no attackers; before that, a built-in table of ordinary values says what is odd. The words in an odd value then say what it is meant for.',
  attack: ['T1190', 'T1059', 'T1595.002'],
  lookalikes: [
    'Programs of your own that send queries, formulas or pages as a parameter, from one or two machines',
    'Testers and scanners that were invited: a verdict on their network hides them',
    'People who search for code',
  ],
  from: { category: 'web' },
  entity: 'source_ip',
  window: ['1 hour', '1 day'],
  features: {
    payloads: payload(odd),
    bits: payload('max'),
    explained: payload(odd, 'any'),
    answered: payload(odd, 'any', answered),
    sql: payload(odd, 'sql'),
    script: payload(odd, 'script'),
    traversal: payload(odd, 'traversal'),
    shell: payload(odd, 'shell'),
    jndi: payload(odd, 'jndi'),
    template: payload(odd, 'template'),
    inclusion: payload(odd, 'inclusion'),
    xml: payload(odd, 'xml'),
    code: payload(odd, 'code'),
    nosql: payload(odd, 'nosql'),
    header: payload(odd, 'header'),
  },
  scored: ['payloads'],
  requires: { payloads: atLeast(1) },
  model: countTail({ feature: 'payloads', prior: { mean: 1, dispersion: 2, weight: 1000 } }),
  certain: true,
  raises: [
    { when: { explained: atLeast(1) }, severity: 'medium' },
    { when: { explained: atLeast(3), answered: atLeast(1) }, severity: 'high' },
    { when: { jndi: atLeast(1), answered: atLeast(1) }, severity: 'high' },
  ],
  evidence: {
    or: [
      { url_query: matches(signs) },
      { url_path: matches(signs) },
      { user_agent: matches('[<>\'"{}|`$]') },
      { http_request_referrer: matches('[<>\'"{}|`$]') },
    ],
  },
  shows: 'payloads',
  evidenceBy: 'url_query',
  related: ['url_path', 'user_agent'],
  labels: {
    payloads: 'different payloads',
    bits: 'how odd the oddest of them is',
    explained: 'payloads whose words say what they are for',
    answered: 'of these, sent in requests that succeeded',
    ...Object.fromEntries(purposes),
  },
  sentence: (f) => {
    const kinds = purposes
      .filter(([name]) => f[name] > 0)
      .toSorted(([one], [other]) => f[other] - f[one])
      .slice(0, 3)
      .map(([, title]) => title)
    const what =
      kinds.length === 0
        ? `${f.payloads === 1 ? 'a text' : `${f.payloads} different texts`} unlike any ordinary one`
        : `${f.payloads === 1 ? 'an attack payload' : `${f.payloads} different attack payloads`} (${kinds.join(', ')})`
    const success =
      f.answered === 0 ? '' : `; ${f.answered} ${f.answered === 1 ? 'was' : 'were'} answered with success`
    return `${f.entity} sent ${what} in ${f.window}${success}`
  },
  phrase: (f) => `sent ${f.payloads === 1 ? 'an attack payload' : `${f.payloads} attack payloads`}`,
})
