import { capture, constant, defineParser, firstOf, ip, lookup, isPresent, regex, variant, when } from 'winnow'
import { nameNotAddress } from './pieces/http.ts'

const ssh = { network_protocol: constant('ssh') }
const address = '[0-9A-Fa-f.:]*[0-9A-Fa-f]'

export default defineParser({
  id: 'sshd',
  title: 'OpenSSH server',
  category: 'auth',
  inside: { programs: ['sshd', 'sshd-session', 'sshd-auth'] },
  variants: [
    // Accepted publickey for alice from 192.0.2.7 port 50212 ssh2: ED25519 SHA256:…
    // message repeated 2 times: [ Failed password for invalid user admin from 192.0.2.9 port 4022 ssh2]
    // The user is taken up to the last ` from `: a user name may itself say where it is from.
    variant(
      regex(
        '^(?:message repeated (?<repeats>\\d+) times: \\[ )?(?<result>Accepted|Failed) (?<method>\\S+) for (?<invalid>(?:invalid|illegal) user )?(?<user>.*) from (?<address>\\S+) port (?<port>\\d+)(?: ssh\\d)?(?:: .*?)?(?: \\[preauth\\])?\\]?$',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('login'),
        event_outcome: lookup(part('result'), { Accepted: 'success', Failed: 'failure' }),
        event_code: part('method'),
        event_reason: when(isPresent(part('invalid')), constant('invalid user'), constant('')),
        event_repeats: firstOf(part('repeats'), constant('1')),
        source_ip: ip(part('address')),
        source_domain: nameNotAddress(part('address')),
        source_port: part('port'),
        user_name: part('user'),
      }),
    ),
    // Invalid user oracle from 192.0.2.9 port 4022
    variant(
      regex(
        '^(?:message repeated (?<repeats>\\d+) times: \\[ )?(?:Invalid|Illegal) user (?<user>.*) from (?<address>[^\\s\\]]+)(?: port (?<port>\\d+))?\\]?$',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('invalid-user'),
        event_outcome: constant('failure'),
        event_repeats: firstOf(part('repeats'), constant('1')),
        source_ip: ip(part('address')),
        source_domain: nameNotAddress(part('address')),
        source_port: part('port'),
        user_name: part('user'),
      }),
    ),
    // Disconnected from authenticating user root 192.0.2.9 port 4022 [preauth]
    // Received disconnect from 192.0.2.9 port 4022:11: Bye Bye [preauth]
    variant(
      regex(
        '^(?:error: )?(?:Connection closed by|Connection reset by|Disconnected from|Disconnecting|Received disconnect from|Close session:)(?: (?:(?:authenticating|invalid) )?user (?<user>.*?)(?: from)?)?(?: (?<address>[0-9A-Fa-f.:]*[0-9A-Fa-f]|UNKNOWN))?(?: port (?<port>\\d+))?(?: id \\d+)?(?::? ?(?<code>\\d+)?: (?<reason>.*?))?(?: \\[preauth\\])?$',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('disconnect'),
        event_code: part('code'),
        event_reason: part('reason'),
        source_ip: ip(part('address')),
        source_port: part('port'),
        user_name: part('user'),
      }),
    ),
    // error: maximum authentication attempts exceeded for root from 192.0.2.9 port 4022 ssh2 [preauth]
    variant(
      regex(
        '^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?(?<user>.*) from (?<address>\\S+) port (?<port>\\d+)(?: ssh\\d)?(?: \\[preauth\\])?$',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('too-many-attempts'),
        event_outcome: constant('failure'),
        source_ip: ip(part('address')),
        source_port: part('port'),
        user_name: part('user'),
      }),
    ),
    // Did not receive identification string from 192.0.2.9 port 4022
    // fatal: Unable to negotiate with 192.0.2.9 port 4022: no matching cipher found. Their offer: 3des-cbc [preauth]
    variant(
      regex(
        '^(?<what>(?:(?:error|fatal): )?(?:Did not receive identification|Bad protocol version|Unable to negotiate|Protocol major versions differ|kex_exchange_identification:|kex_protocol_error:|banner exchange:|ssh_dispatch_run_fatal:|no matching ).*)$',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('probe'),
        event_outcome: constant('failure'),
        source_ip: ip(
          firstOf(
            capture(part('what'), `^(?:fatal: )?Unable to negotiate with (${address})(?: |:|$)`),
            capture(part('what'), `^.* (?:from|for|with|by)(?: [a-z]+ user \\S*)? (${address})(?: port|:|$)`),
          ),
        ),
        source_port: firstOf(
          capture(part('what'), `^(?:fatal: )?Unable to negotiate with ${address} port ([0-9]+)`),
          capture(part('what'), '^.* port ([0-9]+)'),
        ),
      }),
    ),
    // Connection from 192.0.2.7 port 50212 on 192.0.2.80 port 22 rdomain ""
    variant(
      regex('^Connection from (?<address>\\S+) port (?<port>\\d+) on (?<local>\\S+) port (?<localPort>\\d+)'),
      (part) => ({
        ...ssh,
        event_action: constant('connection'),
        source_ip: ip(part('address')),
        source_port: part('port'),
        destination_ip: ip(part('local')),
        destination_port: part('localPort'),
      }),
    ),
    // Starting session: shell on pts/0 for alice from 192.0.2.7 port 50212 id 0
    variant(
      regex(
        '^Starting session: (?<what>.*?)(?: on \\S+)? for (?<user>.*) from (?<address>\\S+) port (?<port>\\d+)(?: id \\d+)?$',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('session-started'),
        event_outcome: constant('success'),
        event_code: part('what'),
        source_ip: ip(part('address')),
        source_port: part('port'),
        user_name: part('user'),
      }),
    ),
    // User bob from 192.0.2.9 not allowed because not listed in AllowUsers
    variant(
      regex('^User (?<user>.*?)(?: from (?<address>\\S+))? not allowed because (?<reason>.*)$'),
      (part) => ({
        ...ssh,
        event_action: constant('not-allowed'),
        event_outcome: constant('failure'),
        event_reason: part('reason'),
        source_ip: ip(part('address')),
        source_domain: nameNotAddress(part('address')),
        user_name: part('user'),
      }),
    ),
    // reverse mapping checking getaddrinfo for a.example.com [192.0.2.9] failed - POSSIBLE BREAK-IN ATTEMPT!
    variant(
      regex(
        '^(?:reverse mapping checking getaddrinfo for (?<name>\\S+) \\[(?<address>[^\\]]+)\\] failed|Address (?<other>\\S+) maps to (?<claimed>[^,\\s]+), but this does not map back)',
      ),
      (part) => ({
        ...ssh,
        event_action: constant('name-mismatch'),
        source_ip: ip(firstOf(part('address'), part('other'))),
        source_domain: firstOf(part('name'), part('claimed')),
      }),
    ),
  ],
})
