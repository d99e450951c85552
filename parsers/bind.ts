import {
  capture,
  constant,
  defineParser,
  firstOf,
  ip,
  isLike,
  isOneOf,
  isPresent,
  lookup,
  object,
  regex,
  time,
  variant,
  when,
  type ColumnValues,
  type Value,
  type Variant,
} from 'winnow'
import { dnsCode, dnsName, dnsProtocol, dnsType, outcomeOfCode } from './pieces/dns.ts'

/** Of print-time, print-category and print-severity, each may be off; inside syslog the time is the envelope's. */
const written = String.raw`(?<time>\d{1,2}-[A-Z][a-z]{2}-\d{4} [\d:.]+|\d{4}-\d\d-\d\d[T ]\S+) `
const labels = String.raw`(?:[a-z][a-z-]*: )?(?:[a-z]+(?: (?:level )?\d+)?: )?`
const client = String.raw`client (?:@0x[0-9A-Fa-f]+ )?(?<client>[0-9A-Fa-f.:]+)(?:%[^#]*)?#(?<port>\d+)(?:/key \S+)?(?: \([^)]*\))?(?:: view (?<view>[^:]+))?: `
const none = constant('')

type Part = (name: string) => Value

/** What is said of a client, with the time in front and without. */
const message = (pattern: string, columns: (part: Part) => ColumnValues): readonly Variant[] => {
  const all = (part: Part): ColumnValues => ({
    ...dnsProtocol,
    source_ip: ip(part('client')),
    source_port: part('port'),
    ...columns(part),
  })
  const containing = 'client '
  return [
    variant<string>(regex<string>(`^${written}${labels}${client}${pattern}$`, { containing }), (part) => ({
      ...all(part),
      timestamp: time(part('time'), 'any'),
    })),
    variant<string>(regex<string>(`^${labels}${client}${pattern}$`, { containing }), all),
  ]
}

export default defineParser({
  id: 'bind',
  title: 'BIND 9 query, response and denial logs',
  category: 'dns',
  inside: { programs: ['named'], standalone: true },
  variants: [
    // 07-Mar-2026 04:05:06.123 queries: info: client @0x7f65100ee4d8 192.0.2.7#50212 (www.example.com): view office: query: www.example.com IN A +E(0)K (192.0.2.53)
    // client @0x7f65100ee4d8 192.0.2.7#50212 (www.example.com): response: www.example.com IN A NXDOMAIN 0 1 1 +E(0)K
    ...message(String.raw`(?<what>query|response): (?<name>\S+) \S+ (?<type>\S+)(?<rest>.*)`, (part) => {
      const flags = capture(part('rest'), ' ([+-][^ ]*)')
      const isResponse = isOneOf(part('what'), 'response')
      const code = when(isResponse, dnsCode(capture(part('rest'), '^ ([A-Za-z0-9]+)')), none)
      const transport = when(isLike(flags, '^.[SE()0-9]*T'), constant('tcp'), constant('udp'))
      return {
        event_action: when(isResponse, constant('reply'), constant('query')),
        event_outcome: outcomeOfCode(code),
        destination_ip: ip(capture(part('rest'), ' [(]([0-9A-Fa-f.:]+)[)]')),
        network_transport: when(isPresent(flags), transport, none),
        dns_question_name: dnsName(part('name')),
        dns_question_type: dnsType(part('type')),
        dns_response_code: code,
        other: object({ flags, view: part('view') }),
      }
    }),
    // security: client @0x7f65100ee4d8 192.0.2.7#3076 (example.com): query (cache) 'example.com/ANY/IN' denied (allow-query-cache did not match)
    // client @0x7f65100ee4d8 192.0.2.7#3076 (example.com): bad zone transfer request: 'example.com/IN': non-authoritative zone (NOTAUTH)
    // query-errors: info: client @0x7f65100ee4d8 192.0.2.7#3076 (www.example.com): query failed (SERVFAIL) for www.example.com/IN/A at query.c:7824
    // rpz: info: client @0x7f65100ee4d8 192.0.2.7#3076 (bad.example.com): rpz QNAME NXDOMAIN rewrite bad.example.com/A/IN via bad.example.com.rpz.example.net
    ...message(
      String.raw`(?:(?:disabled )?rpz \S+ (?<policy>\S+) rewrite|query failed \((?<failure>[^)]*)\) for|(?<what>query \(cache\)|query|bad zone transfer request:|zone transfer|update forwarding|update|notify)) '?(?<record>[^' ]+)'?(?: via (?<via>\S+)| at \S+| denied|:)(?: (?<reason>.*))?`,
      (part) => {
        const { record, policy, failure, reason } = {
          record: part('record'),
          policy: part('policy'),
          failure: part('failure'),
          reason: part('reason'),
        }
        const action = lookup(
          part('what'),
          {
            'zone transfer': 'zone-transfer',
            'bad zone transfer request:': 'zone-transfer',
            'update forwarding': 'update',
            update: 'update',
            notify: 'notify',
          },
          constant('query'),
        )
        const isTransfer = isOneOf(action, 'zone-transfer')
        const isRewrite = isPresent(policy)
        const isFailure = isPresent(failure)
        const rewritten = when(isLike(policy, '(?i)passthru'), constant('reply'), constant('blocked'))
        // `name/IN/A` where a query failed, `name/A/IN` or `name/IN` elsewhere.
        const type = when(
          isFailure,
          capture(record, '/([A-Z][A-Z0-9-]*)$'),
          capture(record, '/([A-Z][A-Z0-9-]*)/[A-Z0-9]+$'),
        )
        const policyCode = lookup(policy, { NXDOMAIN: 'NXDOMAIN', NODATA: 'NOERROR' }, none)
        const failureCode = lookup(failure, { 'timed out': 'SERVFAIL' }, capture(failure, '^([A-Z]+)$'))
        const deniedCode = firstOf(capture(reason, '[(]([A-Z]+)[)]$'), constant('REFUSED'))
        return {
          event_action: when(isRewrite, rewritten, when(isFailure, constant('reply'), action)),
          event_outcome: when(isRewrite, none, constant('failure')),
          event_code: when(isFailure, constant('failed'), firstOf(policy, constant('denied'))),
          event_reason: firstOf(failure, capture(reason, '^[(]?(.*?)(?: [(][A-Z]+)?[)]?$')),
          dns_question_name: dnsName(capture(record, '^(.*?)(?:/[A-Z][A-Z0-9-]*){1,2}$')),
          dns_question_type: firstOf(dnsType(type), when(isTransfer, constant('AXFR'), none)),
          dns_response_code: when(isRewrite, policyCode, when(isFailure, failureCode, deniedCode)),
          rule_name: part('via'),
          rule_category: when(isRewrite, constant('response policy zone'), none),
          other: object({ view: part('view') }),
        }
      },
    ),
  ],
})
