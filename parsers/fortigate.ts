import {
  allOf,
  anyOf,
  capture,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isLike,
  isOneOf,
  joined,
  keyValue,
  lookup,
  lower,
  object,
  text,
  time,
  variant,
  when,
  type Category,
  type ColumnValues,
  type Test,
  type Value,
  type Variant,
} from 'winnow'
import { nameNotAddress } from './pieces/http.ts'
import { onceEach } from './pieces/own-time.ts'
import { outcomeOfAction, reportedUrl, transportOf } from './pieces/traffic.ts'

// date=2026-03-07 time=04:05:06 devname="fw-1" logid="0000000013" type="traffic" subtype="forward" … srcip=192.0.2.7 …
const pairs = keyValue({
  require: ['logid', 'type'],
  containing: 'logid=',
  // The priority of a line without a syslog header stands right before the first key: <189>date=…
  separators: ' >',
})

type Part = (name: string) => Value

const absent = { absent: ['N/A', 'n/a', 'none'] }
const levels = {
  emergency: '0',
  alert: '1',
  critical: '2',
  error: '3',
  warning: '4',
  notice: '5',
  information: '6',
  debug: '7',
}

const stoppedActions = { deny: 'failure', 'ip-conn': 'failure', timeout: 'success' }

/** The local time with its zone; `eventtime` adds the milliseconds where it is in nanoseconds (FortiOS 6.2 and later). */
const common = (part: Part): ColumnValues => ({
  timestamp: time(
    joined(
      [
        part('date'),
        joined([part('time'), capture(part('eventtime'), '^[0-9]{10}([0-9]{3})')], '.'),
        part('tz'),
      ],
      ' ',
    ),
    'iso',
  ),
  event_action: lower(part('action')),
  event_code: part('logid'),
  event_severity: lookup(part('level'), levels, constant('')),
  event_reason: text(firstOf(part('reason'), part('msg')), absent),
  event_provider: constant('Fortinet FortiGate'),
  host_name: firstOf(part('devname'), part('devid')),
  source_ip: ip(firstOf(part('srcip'), part('remip'), capture(part('ui'), '\\(([0-9A-Fa-f.:]+)\\)'))),
  source_port: part('srcport'),
  source_domain: nameNotAddress(part('srcname')),
  destination_ip: ip(firstOf(part('dstip'), part('locip'))),
  destination_port: part('dstport'),
  user_name: text(firstOf(part('user'), part('unauthuser')), absent),
})

const session = (part: Part): ColumnValues => ({
  ...common(part),
  source_bytes: integer(part('sentbyte')),
  destination_bytes: integer(part('rcvdbyte')),
  network_transport: transportOf(part('proto')),
  network_protocol: lower(part('service')),
})

const kind = (
  columns: (part: Part) => ColumnValues,
  where?: (part: Part) => Test,
  category?: Category,
): Variant => variant(pairs, (part) => onceEach(columns(part)), where, category)

const isOf =
  (type: string, ...subtypes: readonly string[]) =>
  (part: Part) =>
    allOf(isOneOf(part('type'), type), isOneOf(part('subtype'), ...subtypes))

export default defineParser({
  id: 'fortigate',
  title: 'Fortinet FortiGate',
  category: 'other',
  inside: { programs: ['*'], standalone: true },
  variants: [
    kind(
      (part) => ({
        ...session(part),
        event_duration: integer(part('duration'), { times: 1_000_000_000 }),
        // A session that was let through and then ended (close, timeout, client-rst, server-rst) was a success.
        event_outcome: when(
          isLike(part('action'), '^(?:close|timeout|start|dns|client-rst|server-rst)$'),
          constant('success'),
          lookup(part('action'), stoppedActions, outcomeOfAction(part('action'))),
        ),
        source_packets: integer(part('sentpkt')),
        destination_packets: integer(part('rcvdpkt')),
        destination_domain: nameNotAddress(firstOf(part('hostname'), part('dstname'))),
        rule_id: part('policyid'),
        rule_name: part('policyname'),
        other: object({
          app: part('app'),
          source_interface: part('srcintf'),
          destination_interface: part('dstintf'),
          translated_ip: part('transip'),
        }),
      }),
      (part) => isOneOf(part('type'), 'traffic'),
      'flow',
    ),
    kind(
      (part) => {
        const url = reportedUrl(part('url'))
        const domain = firstOf(part('hostname'), url.url_domain)
        return {
          ...session(part),
          ...url,
          url_domain: domain,
          event_outcome: outcomeOfAction(part('action')),
          destination_domain: nameNotAddress(domain),
          http_request_method: part('httpmethod'),
          http_request_referrer: part('referralurl'),
          user_agent: part('agent'),
          rule_category: part('catdesc'),
          rule_name: part('profile'),
        }
      },
      isOf('utm', 'webfilter'),
      'proxy',
    ),
    kind(
      (part) => ({
        ...session(part),
        network_protocol: constant('dns'),
        event_outcome: outcomeOfAction(part('action')),
        dns_question_name: part('qname'),
        dns_question_type: part('qtype'),
        dns_response_code: part('rcode'),
        dns_answers: part('ipaddr'),
        rule_category: part('catdesc'),
        rule_name: part('profile'),
      }),
      isOf('utm', 'dns'),
      'dns',
    ),
    kind(
      (part) => ({
        ...session(part),
        event_outcome: outcomeOfAction(part('action')),
        destination_domain: nameNotAddress(part('hostname')),
        file_path: part('filename'),
        rule_id: firstOf(part('attackid'), part('virusid')),
        rule_name: firstOf(part('attack'), part('virus'), part('eventtype')),
        rule_category: part('subtype'),
        user_agent: part('agent'),
        url_original: part('url'),
        other: object({
          severity: part('severity'),
          direction: part('direction'),
          reference: part('ref'),
        }),
      }),
      (part) =>
        anyOf(
          isOneOf(part('type'), 'anomaly'),
          isOf(
            'utm',
            'ips',
            'virus',
            'anomaly',
            'waf',
            'dlp',
            'emailfilter',
            'spamfilter',
            'file-filter',
          )(part),
        ),
      'alert',
    ),
    kind(
      (part) => ({
        ...common(part),
        event_outcome: when(
          isLike(joined([part('status'), part('action')], ' '), '(?i)fail|error|denied|lockout'),
          constant('failure'),
          when(
            isLike(joined([part('status'), part('action')], ' '), '(?i)succe|logon|logged|tunnel-up'),
            constant('success'),
            constant('unknown'),
          ),
        ),
        rule_name: part('logdesc'),
        other: object({ group: text(part('group'), absent), method: part('method'), ui: part('ui') }),
      }),
      (part) =>
        allOf(
          isOneOf(part('type'), 'event'),
          isLike(part('action'), '(?i)log(?:in|on|out|off)|auth|tunnel-(?:up|down)'),
        ),
      'auth',
    ),
    kind((part) => ({
      ...session(part),
      event_outcome: outcomeOfAction(part('action')),
      destination_domain: nameNotAddress(part('hostname')),
      rule_name: firstOf(part('logdesc'), part('app')),
      rule_category: part('subtype'),
    })),
  ],
})
