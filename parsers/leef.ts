import {
  capture,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isOneOf,
  joined,
  lower,
  object,
  once,
  regex,
  replace,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'
import { nameNotAddress } from './pieces/http.ts'
import { withOwnTime, writtenTime } from './pieces/own-time.ts'
import { outcomeOfAction, reportedUrl, transportOf } from './pieces/traffic.ts'

const field = <const Name extends string>(name: Name) => `(?<${name}>[^|]*)\\|` as const

// LEEF:2.0|Vendor|Product|1.0|event-id|^|src=192.0.2.7^dst=198.51.100.9 (1.0 has no `^|`, and tabs between its pairs)
// Where syslog has no program before it, `LEEF` is taken for one: then the message begins with the version.
const line = regex(
  `^(?:(?:(?:<\\d+>)?(?:1 )?(?<stamp>\\d{4}-\\d\\d-\\d\\dT\\S+) )?(?:.*? ?)??LEEF: ?)?[12](?:\\.\\d)?\\|${field('vendor')}${field('product')}${field('version')}(?<event>[^|]*)(?:\\|(?<delimiter>(?:0?x[0-9A-Fa-f]{2,4}|[^\\w\\s|])?))?(?<pairs>\\|.*=.*)$`,
  { containing: '|' },
)

type Part = (name: 'stamp' | 'vendor' | 'product' | 'event' | 'delimiter' | 'pairs') => Value

/** The pairs with tabs between them; `#011` is a tab as rsyslog writes one. */
const tabbed = (part: Part): Value =>
  [
    { delimiter: '^', code: '5E' },
    { delimiter: ';', code: '3B' },
    { delimiter: '|', code: '7C' },
  ].reduce(
    (pairs, { delimiter, code }) =>
      when(
        isOneOf(
          part('delimiter'),
          delimiter,
          ...[code, code.toLowerCase()].flatMap((hex) => [`x${hex}`, `0x${hex}`]),
        ),
        replace(part('pairs'), delimiter, '\t'),
        pairs,
      ),
    replace(part('pairs'), '#011', '\t'),
  )

const valueOf = (part: Part) => {
  const pairs = once(tabbed(part))
  return (key: string): Value => capture(pairs, `[\\t|]${key}=([^\\t]*)`)
}

const columns = (part: Part): ColumnValues => {
  const value = valueOf(part)
  const action = once(firstOf(value('action'), value('act')))
  const url = reportedUrl(once(value('url')))
  return {
    ...url,
    event_action: lower(
      firstOf(
        action,
        when(isOneOf(lower(value('isLoginEvent')), 'true'), constant('login'), constant('')),
        when(isOneOf(lower(value('isLogoutEvent')), 'true'), constant('logout'), constant('')),
      ),
    ),
    event_outcome: outcomeOfAction(once(firstOf(value('outcome'), action))),
    event_code: part('event'),
    event_severity: value('sev'),
    event_reason: value('reason'),
    event_provider: joined([part('vendor'), part('product')], ' '),
    source_ip: ip(value('src')),
    source_port: value('srcPort'),
    source_domain: nameNotAddress(firstOf(value('identHostName'), value('shost'))),
    source_bytes: integer(value('srcBytes')),
    source_packets: integer(value('srcPackets')),
    destination_ip: ip(value('dst')),
    destination_port: value('dstPort'),
    destination_domain: nameNotAddress(firstOf(value('dhost'), url.url_domain)),
    destination_bytes: integer(value('dstBytes')),
    destination_packets: integer(value('dstPackets')),
    network_transport: transportOf(value('proto')),
    user_name: firstOf(value('usrName'), value('accountName')),
    user_domain: value('domain'),
    rule_id: part('event'),
    rule_name: firstOf(value('policy'), value('name'), part('event')),
    rule_category: value('cat'),
    file_path: firstOf(value('filePath'), value('fname')),
    other: object({
      message: value('msg'),
      role: value('role'),
      resource: value('resource'),
    }),
  }
}

export default defineParser({
  id: 'leef',
  title: 'Log Event Extended Format (LEEF)',
  category: 'alert',
  inside: { programs: ['*'], standalone: true },
  variants: withOwnTime({
    line,
    milliseconds: (part) => capture(part('pairs'), 'devTime=([0-9]{13})'),
    written: (part) => firstOf(part('stamp'), writtenTime(part('pairs'), 'devTime=')),
    columns,
  }),
})
