import {
  capture,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isLike,
  isOneOf,
  lookup,
  lower,
  object,
  piece,
  regex,
  replace,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'
import { nameNotAddress } from './pieces/http.ts'
import { onceEach } from './pieces/own-time.ts'
import { outcomeOfAction, reportedUrl } from './pieces/traffic.ts'

/** A field as PAN-OS writes it: in quotes where it holds a comma. */
const field = '(?:"(?:[^"]|"")*"|[^,]*)'
const skip = (fields: number) => `(?:${field},){${fields}}` as const
const take = <const Name extends string>(name: Name) => `(?<${name}>${field})` as const

/** Fields 1 to 31, the same in traffic and threat logs of PAN-OS 7 to 11; later versions add at the end. */
const head = <const Type extends string>(type: Type) =>
  `^(?:.*?[ >])?[0-9A-Za-z-]*,(?<received>[\\d/-]+[ T][\\d:.Z+-]+),(?<serial>[0-9A-Za-z]+),${type},(?<subtype>[\\w-]+),[^,]*,(?<generated>[^,]*),(?<source>[^,]*),(?<destination>[^,]*),(?<natSource>[^,]*),(?<natDestination>[^,]*),${take('rule')},${take('user')},${take('destinationUser')},(?<app>[^,]*),[^,]*,${take('fromZone')},${take('toZone')},[^,]*,[^,]*,${skip(2)}(?<session>\\d+),(?<repeats>\\d+),(?<sourcePort>\\d+),(?<destinationPort>\\d+),(?<natSourcePort>\\d*),(?<natDestinationPort>\\d*),[^,]*,(?<protocol>[^,]*),(?<action>[^,]*),` as const

const unquoted = (value: Value): Value => replace(value, '"', '')

/** The words of PAN-OS, as numbers: the worst is 5. */
const severities = { informational: '1', low: '2', medium: '3', high: '4', critical: '5' }

type Common =
  | 'received'
  | 'serial'
  | 'subtype'
  | 'generated'
  | 'source'
  | 'destination'
  | 'natSource'
  | 'rule'
  | 'user'
  | 'app'
  | 'fromZone'
  | 'toZone'
  | 'repeats'
  | 'sourcePort'
  | 'destinationPort'
  | 'protocol'
  | 'action'

const common = (part: (name: Common) => Value): ColumnValues => ({
  event_action: part('action'),
  event_outcome: outcomeOfAction(part('action')),
  event_code: part('subtype'),
  event_provider: constant('Palo Alto Networks PAN-OS'),
  event_repeats: firstOf(text(part('repeats'), { absent: '0' }), constant('1')),
  source_ip: ip(part('source')),
  source_port: part('sourcePort'),
  destination_ip: ip(part('destination')),
  destination_port: part('destinationPort'),
  network_transport: lower(part('protocol')),
  network_protocol: text(part('app'), { absent: ['incomplete', 'not-applicable', 'insufficient-data'] }),
  user_name: piece(unquoted(part('user')), '\\', -1),
  user_domain: capture(unquoted(part('user')), '^([^\\\\]*)\\\\'),
})

const otherFields = (part: (name: Common) => Value): Readonly<Record<string, Value>> => ({
  from_zone: unquoted(part('fromZone')),
  to_zone: unquoted(part('toZone')),
  translated_ip: part('natSource'),
})

// 1,2026/03/07 04:05:06,001122334455,TRAFFIC,end,2561,2026/03/07 04:05:06,192.0.2.7,198.51.100.9,…,allow,5940,1340,4600,25,2026/03/07 04:04:30,31,…
const traffic = regex(
  `${head('TRAFFIC')}(?<bytes>\\d+),(?<sent>\\d+),(?<received2>\\d+),(?<packets>\\d+),(?<start>[^,]*),(?<elapsed>\\d*),${take('category')}(?:,${skip(6)}(?<packetsSent>\\d+),(?<packetsReceived>\\d+),(?<reason>[^,]*)(?:,(?:${field},){5}${take('device')})?)?(?:,.*)?$`,
  { containing: ',TRAFFIC,' },
)

const threat = regex(
  `${head('THREAT')}${take('target')},${take('threat')},${take('category')},(?<severity>[^,]*),(?<direction>[^,]*)(?:,${skip(5)}${take('contentType')},${skip(4)}${take('agent')},${skip(2)}${take('referrer')},${skip(9)}${take('device')}(?:,${skip(3)}(?<method>[^,]*))?)?(?:,.*)?$`,
  { containing: ',THREAT,' },
)

export default defineParser({
  id: 'palo-alto',
  title: 'Palo Alto Networks PAN-OS traffic and threat logs',
  category: 'flow',
  inside: { programs: ['*'], standalone: true },
  variants: [
    // The time is that of the session's first packet, as with other flows; the log is written at its end.
    variant(traffic, (part) =>
      onceEach({
        ...common(part),
        timestamp: time(firstOf(part('start'), part('generated'), part('received')), 'iso'),
        event_duration: integer(part('elapsed'), { times: 1_000_000_000 }),
        event_reason: part('reason'),
        host_name: firstOf(unquoted(part('device')), part('serial')),
        source_bytes: integer(part('sent')),
        source_packets: integer(part('packetsSent')),
        destination_bytes: integer(part('received2')),
        destination_packets: integer(part('packetsReceived')),
        network_bytes: integer(part('bytes')),
        rule_name: unquoted(part('rule')),
        other: object({ ...otherFields(part), category: unquoted(part('category')) }),
      }),
    ),
    // …,THREAT,url,…,alert,"www.example.com/a?b=c",(9999),search-engines,informational,client-to-server,…
    variant(
      threat,
      (part) => {
        const target = unquoted(part('target'))
        const url = reportedUrl(target)
        return onceEach({
          ...common(part),
          ...url,
          timestamp: time(firstOf(part('generated'), part('received')), 'iso'),
          host_name: firstOf(unquoted(part('device')), part('serial')),
          destination_domain: nameNotAddress(url.url_domain),
          http_request_method: text(lower(part('method')), { absent: 'unknown' }),
          http_request_referrer: unquoted(part('referrer')),
          http_response_mime_type: unquoted(part('contentType')),
          user_agent: unquoted(part('agent')),
          rule_name: unquoted(part('rule')),
          rule_category: unquoted(part('category')),
          other: object({ ...otherFields(part), direction: part('direction'), severity: part('severity') }),
        })
      },
      (part) => isOneOf(part('subtype'), 'url'),
      'proxy',
    ),
    // …,THREAT,vulnerability,…,reset-server,"login.php",HTTP SQL Injection Attempt(30514),any,high,client-to-server,…
    variant(
      threat,
      (part) => {
        const target = unquoted(part('target'))
        const threatName = unquoted(part('threat'))
        return onceEach({
          ...common(part),
          timestamp: time(firstOf(part('generated'), part('received')), 'iso'),
          event_severity: lookup(part('severity'), severities, constant('')),
          host_name: firstOf(unquoted(part('device')), part('serial')),
          file_path: when(
            isOneOf(part('subtype'), 'file', 'virus', 'wildfire', 'wildfire-virus', 'data'),
            target,
            constant(''),
          ),
          url_original: when(isLike(target, '/'), target, constant('')),
          rule_id: capture(threatName, '\\(([0-9]+)\\)$'),
          rule_name: capture(threatName, '^(.*?)(?:\\([0-9]+\\))?$'),
          rule_category: part('subtype'),
          other: object({
            ...otherFields(part),
            direction: part('direction'),
            severity: part('severity'),
            target,
          }),
        })
      },
      undefined,
      'alert',
    ),
  ],
})
