import { atLeast, count, defineDetector, distinct, matches, oneOf, ratio, tailScore } from 'winnow'

// Where forms and programs send who they are: logins, sessions, tokens, new passwords, new accounts.
const logins =
  '(?i)log-?[io]n|sign-?[iu][np]|auth|session|token|passw|forgot|xmlrpc|register|/account|/users?$'

export default defineDetector({
  id: 'web-login-abuse',
  title: 'A web client that tries logins again and again',
  description:
    'Finds password guessing, credential stuffing and the enumeration of accounts on web logins, from access logs alone: requests that send something to a login, a session, a token or a new password, and are refused, or are shown the same page over and over. It compares clients with each other over ten minutes and an hour, and by program: behind a shared exit many people log in once each.',
  attack: ['T1110.001', 'T1110.003', 'T1110.004', 'T1589'],
  lookalikes: [
    'A program with an old password, or an expired token it goes on with',
    'A shared exit where many people log in at nine',
    'A load test or a scan of your own',
  ],
  from: { category: 'web', http_request_method: oneOf('POST', 'PUT'), url_path: matches(logins) },
  entity: 'source_ip',
  window: ['10 minutes', '1 hour'],
  features: {
    attempts: count(),
    refused: count({ http_response_status_code: oneOf(400, 401, 403, 404, 409, 422, 423, 429) }),
    refusedShare: ratio('refused', 'attempts', { plus: 5 }),
    // Many forms answer a wrong password with the form again, each time of the same size.
    shown: count({ http_response_status_code: 200 }),
    sizes: distinct('http_response_bytes', { http_response_status_code: 200 }),
    same: ratio('shown', 'sizes'),
    agents: distinct('user_agent'),
    perAgent: ratio('attempts', 'agents'),
    paths: distinct('url_path'),
  },
  scored: ['refused', 'refusedShare', 'same', 'perAgent'],
  requires: { attempts: atLeast(10) },
  model: tailScore({ top: 3, hostile: 0.02 }),
  raises: [
    { when: { refused: atLeast(50), refusedShare: atLeast(0.8) }, severity: 'medium' },
    { when: { same: atLeast(50), perAgent: atLeast(50) }, severity: 'medium' },
    { when: { same: atLeast(20), perAgent: atLeast(20) }, severity: 'low' },
    { when: { refused: atLeast(1000), refusedShare: atLeast(0.8) }, severity: 'high' },
  ],
  related: ['url_path', 'user_agent', 'user_name'],
  labels: {
    attempts: 'requests that send something to a login',
    refused: 'refused attempts',
    refusedShare: 'refused of all attempts',
    shown: 'attempts answered with a page',
    sizes: 'different sizes of these pages',
    same: 'pages of each size',
    agents: 'different user agents',
    perAgent: 'attempts for each user agent',
    paths: 'different login paths',
  },
  sentence: (f) =>
    f.refused * 2 >= f.attempts
      ? `${f.entity} tried to log in ${f.attempts} times in ${f.window} and was refused ${f.refused} times`
      : `${f.entity} sent ${f.attempts} requests to logins in ${f.window}, ${f.shown} of them answered with a page of ${f.sizes === 1 ? 'the same size' : `${f.sizes} sizes`}`,
  phrase: (f) => `tried to log in ${f.attempts} times`,
})
