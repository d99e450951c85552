import { constant, defineParser, isOneOf, firstOf, ip, regex, variant, when } from 'winnow'
import { nameNotAddress } from './pieces/http.ts'

export default defineParser({
  id: 'pam',
  title: 'PAM modules, in any program',
  category: 'auth',
  inside: { programs: ['*'] },
  variants: [
    // pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=root
    // PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.9  user=root
    variant(
      regex(
        '^(?:pam_\\w+\\((?<service>[^:)]*):auth\\): authentication failure;|PAM (?<repeats>\\d+) more authentication failures?;).*? ruser=(?<by>.*?) rhost=(?<host>\\S*)(?:\\s+user=(?<user>.*))?$',
      ),
      (part) => {
        const isSu = isOneOf(part('service'), 'su', 'su-l')
        return {
          // These log their attempts themselves: what PAM says of them would count twice as a login.
          event_action: when(
            isOneOf(part('service'), '', 'sshd', 'sshd-session', 'sudo', 'sudo-i', 'su', 'su-l'),
            constant('pam-authentication'),
            constant('login'),
          ),
          event_outcome: constant('failure'),
          event_repeats: firstOf(part('repeats'), constant('1')),
          service_name: part('service'),
          source_ip: ip(part('host')),
          source_domain: nameNotAddress(part('host')),
          user_name: when(isSu, part('by'), firstOf(part('user'), part('by'))),
          user_target_name: when(isSu, part('user'), constant('')),
        }
      },
    ),
    // pam_unix(sudo:session): session opened for user root(uid=0) by alice(uid=1000)
    variant(
      regex(
        '^pam_\\w+\\((?<service>[^:)]*):session\\): session (?<what>opened|closed) for user (?<user>.*?)(?:\\(uid=\\d+\\))?(?: by (?<by>.*?)\\(uid=\\d+\\))?$',
      ),
      (part) => {
        const isOther = isOneOf(
          part('service'),
          'sudo',
          'sudo-i',
          'su',
          'su-l',
          'runuser',
          'runuser-l',
          'doas',
        )
        return {
          event_action: when(
            isOneOf(part('what'), 'opened'),
            constant('session-opened'),
            constant('session-closed'),
          ),
          event_outcome: constant('success'),
          service_name: part('service'),
          user_name: when(isOther, part('by'), part('user')),
          user_target_name: when(isOther, part('user'), constant('')),
        }
      },
    ),
    // pam_unix(chpasswd:chauthtok): password changed for alice
    variant(
      regex('^pam_\\w+\\((?<service>[^:)]*):chauthtok\\): password changed for (?<user>.*)$'),
      (part) => ({
        event_action: constant('password-changed'),
        event_outcome: constant('success'),
        service_name: part('service'),
        user_target_name: part('user'),
      }),
    ),
    // pam_unix(sshd:auth): check pass; user unknown
    variant(regex('^pam_\\w+\\((?<service>[^:)]*):(?<phase>[a-z]+)\\): (?<said>.*)$'), (part) => ({
      event_action: constant('pam-notice'),
      event_code: part('phase'),
      service_name: part('service'),
      event_reason: part('said'),
    })),
  ],
})
