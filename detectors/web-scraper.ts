import {
  absent,
  atLeast,
  between,
  contains,
  count,
  defineDetector,
  distinct,
  matches,
  not,
  oneOf,
  ratio,
  tailScore,
} from 'winnow'

// What a page is made of: a browser asks for it, a program that only wants the text does not.
const assets = '\\.(?:css|js|mjs|map|png|jpe?g|gif|svg|webp|avif|ico|woff2?|ttf|eot)$'

export default defineDetector({
  id: 'web-scraper',
  title: 'A client that reads the site page after page',
  description:
    'Finds programs that copy a site, however polite they are: they read page after page without coming from another page, ask for each once, and want neither pictures nor styles. It compares every client with all others over ten minutes and an hour. What a client calls itself is never a reason; it is only told.',
  attack: ['T1594'],
  lookalikes: [
    'Search engines and archives that were invited: they do the same, and only their network tells who they are',
    'A link checker, or a first download of everything by a mirror of your own',
    'An app that asks for many different addresses, where it is new',
  ],
  from: {
    category: 'web',
    http_request_method: oneOf('GET', 'HEAD'),
    http_request_referrer: absent,
    http_response_status_code: between(200, 399),
  },
  entity: 'source_ip',
  window: ['10 minutes', '1 hour'],
  features: {
    requests: count(),
    pages: distinct('url_path', { url_path: not(matches(assets)) }),
    // Who reads asks for a thing once; who polls asks again, and who looks at pages asks for their parts.
    breadth: ratio('pages', 'requests', { plus: 10 }),
    agents: distinct('user_agent'),
    // Behind a shared exit are many browsers.
    perAgent: ratio('pages', 'agents'),
    declared: count({ user_agent: contains('+http') }),
  },
  scored: ['pages', 'breadth', 'perAgent'],
  requires: { pages: atLeast(20), breadth: atLeast(0.4) },
  model: tailScore({ top: 3, hostile: 0.02 }),
  raises: [
    // Nobody reads forty pages in a row without a picture: where logs are too short to know how rare that is, it is told.
    { when: { pages: atLeast(40), breadth: atLeast(0.7), perAgent: atLeast(20) }, severity: 'low' },
    { when: { pages: atLeast(2000), breadth: atLeast(0.8) }, severity: 'medium' },
  ],
  evidenceBy: 'url_path',
  related: ['user_agent'],
  labels: {
    requests: 'requests without a referrer',
    pages: 'different pages',
    breadth: 'pages for each request',
    agents: 'different user agents',
    perAgent: 'pages for each user agent',
    declared: 'requests that declare a program',
  },
  sentence: (f) =>
    `${f.entity} read ${f.pages} different pages in ${f.window}, one after the other and nothing with them${f.declared * 2 > f.requests ? '; it says that it is a program' : ''}`,
  phrase: (f) => `copied ${f.pages} pages`,
})
