import { atLeast, count, defineDetector, distinct, matches, oneOf, prior, ratio, tailScore } from 'winnow'

const logins =
  '(?i)log-?[io]n|sign-?[iu][np]|auth|session|token|passw|forgot|xmlrpc|register|/account|/users?$'

export default defineDetector({
  id: 'web-login-campaign',
  title: 'A web login that many clients try and fail at',
  description:
    'Credential stuffing from a botnet: no client tries often, but the login as a whole is refused far more than it ever was. Looks at every login path of a site over ten minutes and an hour, at how many clients try, how many are refused, and what of all that was ever refused is refused now.',
  attack: ['T1110.004', 'T1110.003'],
  lookalikes: [
    'A login that is broken: everybody is refused, in the usual number',
    'A day on which everybody has to choose a new password',
  ],
  from: { category: 'web', http_request_method: oneOf('POST', 'PUT'), url_path: matches(logins) },
  entity: 'url_path',
  window: ['10 minutes', '1 hour'],
  features: {
    attempts: count(),
    clients: distinct('source_ip'),
    refused: count({ http_response_status_code: oneOf(400, 401, 403, 404, 409, 422, 423, 429) }),
    refusedShare: ratio('refused', 'attempts', { plus: 10 }),
    before: prior('refused', ['url_path']),
    // Against a past of its own: what a quiet hour has is next to nothing of what there ever was.
    sudden: ratio('refused', 'before', { plus: 20 }),
  },
  scored: ['refused', 'refusedShare', 'sudden'],
  requires: { clients: atLeast(10), refused: atLeast(20), refusedShare: atLeast(0.4) },
  model: tailScore({ top: 3, hostile: 0.02 }),
  severity: 'medium',
  raises: [
    { when: { refused: atLeast(50), refusedShare: atLeast(0.75), sudden: atLeast(0.5) }, severity: 'medium' },
    { when: { refused: atLeast(2000), refusedShare: atLeast(0.75) }, severity: 'high' },
  ],
  evidence: { http_response_status_code: oneOf(400, 401, 403, 404, 409, 422, 423, 429) },
  evidenceBy: 'source_ip',
  related: ['source_ip', 'user_agent'],
  labels: {
    attempts: 'attempts',
    clients: 'different clients',
    refused: 'refused attempts',
    refusedShare: 'refused of all attempts',
    before: 'refused before',
    sudden: 'refused for each one before',
  },
  sentence: (f) =>
    `${f.clients} clients tried to log in at ${f.entity} ${f.attempts} times in ${f.window}, and ${f.refused} attempts were refused`,
  phrase: (f) => `was tried with logins ${f.attempts} times by ${f.clients} clients`,
})
