import {
  allOf,
  anyOf,
  capture,
  constant,
  defineParser,
  firstOf,
  ip,
  isLike,
  isOneOf,
  lookup,
  regex,
  when,
} from 'winnow'
import { dnsName, dnsProtocol, dnsType, outcomeOfCode } from './pieces/dns.ts'

const none = constant('')

// Mar  7 04:05:06 dnsmasq[812]: query[A] www.example.com from 192.0.2.7
// Mar  7 04:05:06 dnsmasq[812]: gravity blocked ads.example.net is 0.0.0.0
// With log-queries=extra: Mar  7 04:05:06 gw dnsmasq[812]: 5 192.0.2.7/50212 cached www.example.com is NXDOMAIN
export default defineParser({
  id: 'dnsmasq',
  title: 'dnsmasq and Pi-hole',
  category: 'dns',
  inside: { programs: ['dnsmasq', 'pihole-FTL'] },
  line: regex(
    '^(?:(?:\\d+|\\*) (?:(?<client>[0-9A-Fa-f.:]+)/(?<port>\\d+) )?)?(?<what>query|reply|cached-stale|cached|forwarded|config|auth|DHCP|hosts|locally-known|blacklisted|dnssec-query|dnssec-retry|/\\S+|(?:[A-Za-z-]+ ){1,2}(?:blocked|denied|blacklisted|domain|hostname)(?: \\([A-Z]+\\))?)(?:\\[(?<type>[^\\]]*)\\])? (?<name>\\S+) (?<verb>from|to|is) (?<result>.*)$',
  ),
  columns: (part) => {
    const isQuery = isOneOf(part('verb'), 'from')
    const isForward = isOneOf(part('verb'), 'to')
    const answer = when(isOneOf(part('verb'), 'is'), part('result'), none)
    const word = capture(answer, '^([A-Z]+)(?:$|-IPv[46]$| \\()')
    const code = lookup(
      word,
      {
        NODATA: 'NOERROR',
        NXDOMAIN: 'NXDOMAIN',
        SERVFAIL: 'SERVFAIL',
        REFUSED: 'REFUSED',
        FORMERR: 'FORMERR',
        NOTIMP: 'NOTIMP',
      },
      none,
    )
    const isCode = isLike(code, '.')
    const isBlocked = anyOf(
      isLike(part('what'), 'blocked|denied|blacklisted'),
      allOf(isOneOf(part('what'), 'config'), isOneOf(answer, '0.0.0.0', '::')),
    )
    const replied = when(isBlocked, constant('blocked'), constant('reply'))
    const responseCode = when(isLike(answer, '.'), firstOf(code, constant('NOERROR')), none)
    // `reply error is SERVFAIL` names no question.
    const name = when(allOf(isCode, isOneOf(part('name'), 'error')), none, part('name'))
    const answeredType = firstOf(
      capture(answer, '^<([A-Z0-9]+)>$'),
      when(isLike(name, '^(?:[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$'), constant('PTR'), none),
      when(isLike(answer, '^[0-9.]+$|-IPv4$'), constant('A'), none),
      when(isLike(answer, '^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$|-IPv6$'), constant('AAAA'), none),
    )
    const server = when(isForward, part('result'), none)
    return {
      ...dnsProtocol,
      event_action: when(isQuery, constant('query'), when(isForward, constant('forwarded'), replied)),
      event_outcome: outcomeOfCode(responseCode),
      event_code: part('what'),
      source_ip: ip(firstOf(part('client'), when(isQuery, capture(part('result'), '^([^#%]+)'), none))),
      source_port: part('port'),
      destination_ip: ip(capture(server, '^([^#%]+)')),
      destination_port: when(isForward, firstOf(capture(server, '#([0-9]+)$'), constant('53')), none),
      dns_question_name: dnsName(name),
      dns_question_type: firstOf(dnsType(part('type')), answeredType),
      dns_response_code: responseCode,
      dns_answers: when(anyOf(isCode, isLike(answer, '^<[A-Z0-9]+>$')), none, answer),
    }
  },
})
