import { constant, defineParser, lookup, regex, variant } from 'winnow'

export default defineParser({
  id: 'logind',
  title: 'systemd-logind sessions',
  category: 'auth',
  inside: { programs: ['systemd-logind'] },
  variants: [
    // New session 42 of user alice.
    variant(
      regex("^New session (?<session>\\S+) of user '?(?<user>.*?)'?(?: with class .*)?\\.?$"),
      (part) => ({
        event_action: constant('logind-session-opened'),
        event_outcome: constant('success'),
        user_name: part('user'),
      }),
    ),
    // Removed session 42.
    variant(
      regex('^(?<what>Removed session|Session) (?<session>\\S+?)(?: logged out\\. Waiting .*|\\.)$'),
      (part) => ({
        event_action: lookup(
          part('what'),
          { 'Removed session': 'logind-session-closed' },
          constant('logind-session-logged-out'),
        ),
        event_outcome: constant('success'),
      }),
    ),
  ],
})
