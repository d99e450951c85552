import {
  constant,
  defineParser,
  firstOf,
  groups,
  integer,
  ip,
  isLike,
  joined,
  lookup,
  lower,
  object,
  regex,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'

const alert =
  '(?:\\[\\*\\*\\] )?\\[(?<gid>\\d+):(?<sid>\\d+):(?<rev>\\d+)\\] "?(?<name>.*?)"? (?:\\[\\*\\*\\] )?\\[Classification: (?<class>[^\\]]*)\\] \\[Priority: (?<priority>\\d+)\\]:? \\{(?<proto>[^}]+)\\} (?:(?<source>[0-9A-Fa-f.:]+):(?<sourcePort>\\d+)|(?<from>[0-9.]+)) -> (?:(?<target>[0-9A-Fa-f.:]+):(?<targetPort>\\d+)|(?<to>[0-9.]+))$'

const actions = '(?:\\[(?<action>[A-Za-z]+)\\] )?'
const containing = '[Classification: '

/** For ICMP, type and code stand where the ports do. */
const portOf = (part: (name: string) => Value, name: string): Value =>
  when(isLike(part('proto'), '^I'), constant(''), part(name))

const columns = (part: (name: string) => Value): ColumnValues => ({
  event_action: lookup(lower(part('action')), { drop: 'blocked' }, constant('allowed')),
  event_severity: integer(part('priority')),
  source_ip: ip(firstOf(part('source'), part('from'))),
  source_port: portOf(part, 'sourcePort'),
  destination_ip: ip(firstOf(part('target'), part('to'))),
  destination_port: portOf(part, 'targetPort'),
  network_transport: lower(part('proto')),
  rule_id: part('sid'),
  rule_name: part('name'),
  rule_category: text(part('class'), { absent: '(null)' }),
  other: object({ gid: part('gid'), rev: part('rev') }),
})

export default defineParser({
  id: 'suricata-fast',
  title: 'Suricata fast.log, and alerts of Suricata and Snort in syslog',
  category: 'alert',
  inside: { programs: ['suricata', 'snort'], standalone: true },
  variants: [
    // 03/07/2026-04:05:06.860293  [**] [1:2200074:2] SURICATA TCPv4 invalid checksum [**] [Classification: Generic Protocol Command Decode] [Priority: 3] {TCP} 198.51.100.209:28487 -> 192.0.2.55:80
    variant<string>(
      regex<string>(`^(?<time>\\d\\d/\\d\\d/\\d{4}-\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?) +${actions}${alert}`, {
        containing,
      }),
      (part) => {
        const date = groups(part('time'), '^([0-9]+)/([0-9]+)/([0-9]+)-(.*)$')
        return {
          ...columns(part),
          event_provider: constant('Suricata'),
          timestamp: time(joined([joined([date(3), date(1), date(2)], '-'), date(4)], 'T'), 'iso'),
        }
      },
    ),
    // Inside syslog: [Drop] [1:2008578:4] ET SCAN Sipvicious Scan [Classification: Attempted Information Leak] [Priority: 2] {UDP} 198.51.100.216:5116 -> 192.0.2.55:5060
    variant<string>(regex<string>(`^${actions}${alert}`, { containing }), columns),
  ],
})
