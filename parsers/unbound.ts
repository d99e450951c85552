import {
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isLike,
  isNot,
  isPresent,
  lookup,
  object,
  regex,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Value,
  type Variant,
} from 'winnow'
import { dnsCode, dnsName, dnsProtocol, dnsType, outcomeOfCode } from './pieces/dns.ts'

/** Its own files have `[seconds] unbound[pid:thread] `, syslog has `[pid:thread] `. */
const written = String.raw`^(?:\[(?<epoch>\d+(?:\.\d+)?)\]|(?<iso>\d{4}-\d\d-\d\dT\S+)) \S*\[(?<pid>\d+):[0-9a-f]+\] `
const inside = String.raw`^(?:\[\d+:[0-9a-f]+\] )?`

type Part = (name: string) => Value

const message = (
  pattern: string,
  containing: string,
  columns: (part: Part) => ColumnValues,
): readonly Variant[] => [
  variant<string>(regex<string>(`${written}${pattern}$`, { containing }), (part) => ({
    ...dnsProtocol,
    ...columns(part),
    timestamp: time(firstOf(part('epoch'), part('iso')), 'any'),
    process_pid: part('pid'),
  })),
  variant<string>(regex<string>(`${inside}${pattern}$`, { containing }), (part) => ({
    ...dnsProtocol,
    ...columns(part),
  })),
]

export default defineParser({
  id: 'unbound',
  title: 'Unbound query and reply logs',
  category: 'dns',
  inside: { programs: ['unbound'], standalone: true },
  variants: [
    // [1517336221] unbound[1234:0] info: 192.0.2.7 www.example.com. A IN
    // [1517336221] unbound[1234:0] reply: 192.0.2.7 www.example.com. A IN NOERROR 0.045331 0 72
    // [1517336221] unbound[1234:0] info: 192.0.2.7 - - - FORMERR - - -
    ...message(
      String.raw`(?:info|query|reply): (?<client>[0-9A-Fa-f.:]+) (?<name>\S+) (?<type>[A-Z][A-Z0-9-]*|-) (?:IN|CH|HS|ANY|NONE|CLASS\d+|-)(?: (?<code>[A-Z0-9]+) (?<seconds>[\d.]+|-) (?<cached>[01-]) (?<bytes>\d+|-))?(?: on \S+ \S+ \d+)? ?`,
      ': ',
      (part) => ({
        event_action: when(isPresent(part('code')), constant('reply'), constant('query')),
        event_outcome: outcomeOfCode(dnsCode(part('code'))),
        event_duration: integer(part('seconds'), { times: 1_000_000_000 }),
        source_ip: ip(part('client')),
        destination_bytes: integer(part('bytes')),
        dns_question_name: dnsName(text(part('name'), { absent: '-' })),
        dns_question_type: dnsType(text(part('type'), { absent: '-' })),
        dns_response_code: dnsCode(part('code')),
        other: object({ cached: lookup(part('cached'), { 1: 'true', 0: 'false' }, constant('')) }),
      }),
    ),
    // [1517336221] unbound[1234:0] info: ads.example.net. always_nxdomain 192.0.2.7@50212 www.ads.example.net. A IN
    // [1517336221] unbound[1234:0] info: rpz: applied [blocked] ads.example.net. rpz-nxdomain 192.0.2.7@50212 ads.example.net. A IN
    // [1517336221] unbound[1234:0] error: SERVFAIL <www.example.com. A IN>: exceeded the maximum number of sends
    ...message(
      String.raw`(?:info: (?:rpz: applied (?:\[(?<list>[^\]]*)\] )?)?(?<zone>\S+) (?<action>[a-z_-]+) (?<client>[0-9A-Fa-f.:]+)@(?<port>\d+) |error: SERVFAIL <)(?<name>\S+) (?<type>[A-Z][A-Z0-9-]*) [A-Z]+\d*(?:>:? ?(?<reason>.*))?`,
      ': ',
      (part) => {
        const action = part('action')
        const isFailure = isNot(isPresent(action))
        const code = when(
          isLike(action, 'nxdomain'),
          constant('NXDOMAIN'),
          when(isLike(action, 'refuse'), constant('REFUSED'), constant('')),
        )
        return {
          event_action: when(
            isLike(action, 'deny|refuse|nxdomain|nodata|null|drop|redirect'),
            constant('blocked'),
            constant('reply'),
          ),
          event_outcome: when(isFailure, constant('failure'), constant('')),
          event_code: action,
          event_reason: part('reason'),
          source_ip: ip(part('client')),
          source_port: part('port'),
          dns_question_name: dnsName(part('name')),
          dns_question_type: dnsType(part('type')),
          dns_response_code: when(isFailure, constant('SERVFAIL'), code),
          rule_name: firstOf(part('list'), dnsName(part('zone'))),
        }
      },
    ),
  ],
})
