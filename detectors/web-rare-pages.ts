import { atLeast, between, count, defineDetector, elapsed, prior, ratio, seldom, tailScore } from 'winnow'

export default defineDetector({
  id: 'web-rare-pages',
  title: 'A client that suddenly reads what few read',
  description:
    'Exports, backups, the pages of administrators: what is read by hardly anybody is what is worth stealing. Counts the different paths a client got in an hour that two clients at most ever got, and asks whether it did so before: the first day of the logs is only learned from. What is refused does not count: this is somebody who got in.',
  attack: ['T1213', 'T1594'],
  lookalikes: [
    'A new administrator, or one at a new address',
    'A search engine that has found an old corner of the site',
    'Addresses made for one reader each: orders, tickets, links in mails. Where all have them, they are ordinary',
  ],
  from: { category: 'web', http_response_status_code: between(200, 299) },
  entity: 'source_ip',
  window: [{ length: '1 hour', minEvents: 3 }],
  features: {
    answered: count(),
    rare: seldom('url_path', { most: 2 }),
    rareShare: ratio('rare', 'answered', { plus: 10 }),
    before: prior('rare', ['source_ip']),
    sudden: ratio('rare', 'before', { plus: 5 }),
    day: elapsed(),
  },
  scored: ['rare', 'rareShare', 'sudden'],
  // On the first day of the logs nobody has read anything before.
  requires: { day: atLeast(1), rare: atLeast(8), rareShare: atLeast(0.2), sudden: atLeast(0.5) },
  model: tailScore({ top: 3, hostile: 0.02 }),
  raises: [
    { when: { rare: atLeast(25), rareShare: atLeast(0.6), sudden: atLeast(5) }, severity: 'low' },
    { when: { rare: atLeast(200), rareShare: atLeast(0.6), sudden: atLeast(20) }, severity: 'medium' },
  ],
  evidenceBy: 'url_path',
  related: ['user_agent', 'user_name'],
  labels: {
    answered: 'answered requests',
    rare: 'different paths that two clients at most ever read',
    rareShare: 'rare paths for each request',
    before: 'rare paths it read before',
    sudden: 'rare paths for each one before',
    day: 'days of these logs before',
  },
  sentence: (f) =>
    `${f.entity} read ${f.rare} paths in ${f.window} that hardly anybody reads${f.before === 0 ? ', and none before' : `; ${f.before} before`}`,
  phrase: (f) => `read ${f.rare} paths that hardly anybody reads`,
})
