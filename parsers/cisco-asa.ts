import {
  allOf,
  anyOf,
  capture,
  constant,
  defineParser,
  firstOf,
  groups,
  integer,
  ip,
  isAtLeast,
  isLike,
  isNot,
  isOneOf,
  isPresent,
  lookup,
  lower,
  object,
  once,
  regex,
  replace,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'
import { withOwnTime, writtenTime } from './pieces/own-time.ts'
import { transportOf } from './pieces/traffic.ts'

// <166>Mar 07 2026 04:05:06 asa-1 : %ASA-6-302013: Built outbound TCP connection 4567 for outside:198.51.100.9/443 (…) to inside:192.0.2.7/50212 (…)
const line = regex(
  '^(?:<\\d+>)?:?(?:(?<time>[A-Z][a-z]{2} +\\d{1,2} \\d{4} \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?: UTC| GMT)?|\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?)(?: [A-Z]{2,5})?:? ?)?(?:(?<host>[^\\s:%]+) ?)?:? ?%(?:ASA|FTD|PIX|FWSM)-(?:[A-Za-z_]+-)?(?<severity>\\d)-(?<code>\\d{5,6}): *(?<text>.*)$',
  { containing: '%' },
)
type Part = (name: 'time' | 'host' | 'severity' | 'code' | 'text') => Value

/** Connections built and torn down, and what was let in or refused. */
const flowCodes =
  '^(?:302(?:01[3-8]|02[01]|30[34])|106(?:00[167]|01[04567]|02[13]|100)|313(?:001|004)|710(?:002|003|005))$'

/** Who logged in, from where: AAA, the device's own shell and web page, VPN sessions. */
const actions = {
  '109005': 'login',
  '109006': 'login',
  '109007': 'authorization',
  '109008': 'authorization',
  '113004': 'authentication',
  '113005': 'authentication',
  '113006': 'lockout',
  '113012': 'authentication',
  '113013': 'authentication',
  '113014': 'authentication',
  '113015': 'authentication',
  '113019': 'logout',
  '113039': 'session-started',
  '605004': 'login',
  '605005': 'login',
  '611101': 'login',
  '611102': 'login',
  '611103': 'logout',
  '716001': 'session-started',
  '716002': 'logout',
  '716038': 'login',
  '716039': 'login',
  '722022': 'session-started',
  '722023': 'session-ended',
  '722051': 'session-started',
}

// An interface's name has a letter that no address has; `outside:2001:db8::9` has both.
const end = '(?:([^\\s:/()]*[g-zG-Z_-][^\\s:/()]*)[:/])?([0-9A-Fa-f.:]+)(?:[/(]([0-9]+)\\)?)?'
const endsPattern = `(?: for| from| src|^access-list \\S+ \\S+ \\S+)(?: [fl]addr)? \\(?${end}\\)?(?: ?\\([^)]*\\))*(?: gaddr \\S+| on interface \\S+)?(?: (?:to|dst|->|laddr) ${end})?`

const isTeardown = (code: Value) => isOneOf(code, '302014', '302016', '302018', '302304')

const common = (part: Part): ColumnValues => ({
  event_code: part('code'),
  event_severity: part('severity'),
  event_provider: constant('Cisco ASA'),
})

/**
 * The source is who began it. Messages name the less trusted interface first: of one `Built outbound`, the second end began
 * it, of every other the first did. A teardown does not say; there, an end with a port below 1024 is the server if the
 * other has one above, and the first end counts as the source where that does not tell them apart.
 */
const flowColumns = (part: Part): ColumnValues => {
  const text = part('text')
  const found = groups(text, endsPattern)
  const at = (index: number): Value => once(found(index))
  const isReversed = anyOf(
    isLike(text, '^Built outbound'),
    allOf(isTeardown(part('code')), isNot(isAtLeast(at(3), 1024)), isAtLeast(at(6), 1024)),
  )
  const reversed = once(when(isReversed, constant('1'), constant('')))
  const of = (source: boolean, index: number): Value =>
    when(isPresent(reversed), at(source ? index + 3 : index), at(source ? index : index + 3))
  const port = (source: boolean): Value => when(isLike(text, '(?i)icmp'), constant(''), of(source, 3))
  const isDenied = isLike(text, '(?i)den(?:y|ied)|discarded')
  return {
    ...common(part),
    event_action: when(
      isDenied,
      constant('deny'),
      firstOf(lower(capture(text, '^(Built|Teardown)')), constant('permit')),
    ),
    event_outcome: when(isDenied, constant('failure'), constant('success')),
    event_reason: capture(text, ' bytes [0-9]+ (.*)$'),
    event_repeats: firstOf(capture(text, ' hit-cnt ([0-9]+)'), constant('1')),
    source_ip: ip(of(true, 2)),
    source_port: port(true),
    destination_ip: ip(of(false, 2)),
    destination_port: port(false),
    network_transport: transportOf(
      replace(lower(capture(text, '(?i)\\b(tcp|udp|icmp6?|sctp|igmp|protocol [0-9]+)\\b')), 'protocol ', ''),
    ),
    network_bytes: integer(capture(text, ' bytes ([0-9]+)')),
    rule_name: firstOf(capture(text, 'access-group "?([^" ]+)'), capture(text, '^access-list (\\S+)')),
    user_name: capture(text, '\\([^()\\\\]*\\\\([^()\\\\]+)\\)'),
    other: object({
      source_interface: of(true, 1),
      destination_interface: of(false, 1),
      connection: capture(text, ' connection ([0-9]+)'),
      duration: capture(text, ' duration ([0-9:]+)'),
      flags: capture(text, ' flags ([A-Z ]*[A-Z])'),
      icmp_type: capture(text, 'type[ =]([0-9]+)'),
      icmp_code: capture(text, 'code[ =]([0-9]+)'),
    }),
  }
}

const messageColumns = (part: Part): ColumnValues => {
  const text = part('text')
  return {
    ...common(part),
    event_action: lookup(part('code'), actions, constant('')),
    event_outcome: when(
      isLike(text, '(?i)reject|denied|fail|error|invalid|unable|not accessible|locked out'),
      constant('failure'),
      when(
        isLike(text, '(?i)succe|permitted|started|established|assigned|completed'),
        constant('success'),
        constant('unknown'),
      ),
    ),
    event_reason: firstOf(capture(text, '(?i)reason(?: = |: )(.*?)(?: : |$)'), text),
    source_ip: ip(
      capture(
        text,
        '(?:IP = |IP <|IP address: |IP |from )(?:[^\\s:/]*[g-zG-Z][^\\s:/]*:)?([0-9A-Fa-f.:]*[0-9A-Fa-f])',
      ),
    ),
    source_bytes: integer(capture(text, 'Bytes rcv: ([0-9]+)')),
    destination_bytes: integer(capture(text, 'Bytes xmt: ([0-9]+)')),
    user_name: capture(
      text,
      `(?:User <|Group \\S+ User <?|[Uu]ser = |Username = |Uname: |[Uu]ser(?:name)? ['"]|Username:)([^>'",\\s]+)`,
    ),
    other: object({
      group: capture(text, 'Group (?:= |<)?([^,>\\s]+)'),
      duration: capture(text, '(?i) duration:? ([0-9hms:]+)'),
    }),
  }
}

const kindOf = (part: Part): Value =>
  once(
    when(
      isLike(part('code'), flowCodes),
      constant('flow'),
      when(isPresent(lookup(part('code'), actions, constant(''))), constant('auth'), constant('')),
    ),
  )

const own = {
  line,
  written: (part: Part) => writtenTime(part('time'), '^'),
  bare: (part: Part) => ({ host_name: part('host') }),
} as const

export default defineParser({
  id: 'cisco-asa',
  title: 'Cisco ASA and Firepower Threat Defense',
  category: 'other',
  inside: { programs: ['*'], standalone: true },
  variants: [
    ...withOwnTime({
      ...own,
      columns: flowColumns,
      where: (part) => isOneOf(kindOf(part), 'flow'),
      category: 'flow',
    }),
    ...withOwnTime({
      ...own,
      columns: messageColumns,
      where: (part) => isOneOf(kindOf(part), 'auth'),
      category: 'auth',
    }),
    ...withOwnTime({ ...own, columns: messageColumns }),
  ],
})
