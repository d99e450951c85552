import {
  allOf,
  anyOf,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isLike,
  isOneOf,
  isPresent,
  json,
  lookup,
  lower,
  object,
  time,
  when,
  type Value,
} from 'winnow'
import { nameNotAddress } from './pieces/http.ts'
import {
  dnsCode,
  dnsName,
  dnsProtocol,
  dnsType,
  isDnsType,
  isDnsTypeName,
  listedAnswers,
  outcomeOfCode,
  recordAnswers,
} from './pieces/dns.ts'

/** What resolvers, captures and services call the same thing; the first that is there counts. */
const keys = {
  time: [
    'ts',
    'timestamp',
    '@timestamp',
    'time',
    'query_timestamp',
    'Datetime',
    'datetime',
    'T',
    'dnstap.timestamp-rfc3339ns',
  ],
  name: [
    'query',
    'qname',
    'query_name',
    'queryName',
    'QueryName',
    'question.name',
    'dns.question.name',
    'dns.qname',
    'rrname',
    'QH',
    'domain',
  ],
  type: [
    'qtype_name',
    'qtype',
    'query_type',
    'queryType',
    'QueryTypeName',
    'question.type',
    'dns.question.type',
    'dns.qtype',
    'rrtype',
    'QT',
  ],
  client: [
    'src',
    'src_ip',
    'client_ip',
    'clientIp',
    'client',
    'source_ip',
    'source.ip',
    'client.ip',
    'srcaddr',
    'SrcIP',
    'id.orig_h',
    'network.query-ip',
    'IP',
  ],
  clientPort: [
    'sport',
    'src_port',
    'client_port',
    'source.port',
    'srcport',
    'id.orig_p',
    'network.query-port',
  ],
  server: [
    'dst',
    'dst_ip',
    'dest_ip',
    'server',
    'server_ip',
    'destination.ip',
    'id.resp_h',
    'network.response-ip',
  ],
  serverPort: ['dport', 'dst_port', 'dest_port', 'server_port', 'destination.port', 'id.resp_p'],
  code: [
    'rcode_name',
    'rcode',
    'response_code',
    'responseCode',
    'dns.response_code',
    'dns.rcode',
    'RCode',
    'status',
  ],
  answers: ['answers', 'answer', 'dns.answers.data', 'rdata'],
  transport: ['transport', 'proto', 'protocol', 'network.transport', 'network.protocol'],
} as const

type Part = (name: string) => Value

const found = (part: Part, what: keyof typeof keys): Value => firstOf(...keys[what].map(part))

// {"ts": 1521911720.98, "src": "192.0.2.133", "dst": "192.0.2.25", "query": "forums.example.net", "qtype": "A", "rcode": null}
export default defineParser({
  id: 'dns-json',
  title: 'DNS queries as JSON',
  category: 'dns',
  line: json(),
  where: (part) =>
    allOf(
      isPresent(found(part, 'client')),
      isPresent(found(part, 'name')),
      anyOf(
        isDnsType(found(part, 'type')),
        isOneOf(found(part, 'type'), '-'),
        // A `type` can be of anything.
        allOf(isDnsTypeName(part('type')), isLike(found(part, 'name'), '^[^ ]+$')),
      ),
    ),
  columns: (part) => {
    const code = dnsCode(found(part, 'code'))
    const answers = found(part, 'answers')
    const client = found(part, 'client')
    return {
      ...dnsProtocol,
      timestamp: time(found(part, 'time'), 'any'),
      event_action: constant('query'),
      event_outcome: outcomeOfCode(code),
      event_duration: integer(part('rtt'), { times: 1_000_000_000 }),
      source_ip: ip(client),
      source_domain: nameNotAddress(client),
      source_port: found(part, 'clientPort'),
      destination_ip: ip(found(part, 'server')),
      destination_port: found(part, 'serverPort'),
      network_transport: lookup(lower(found(part, 'transport')), { udp: 'udp', tcp: 'tcp' }, constant('')),
      dns_question_name: dnsName(found(part, 'name')),
      dns_question_type: dnsType(firstOf(found(part, 'type'), part('type'))),
      dns_response_code: code,
      dns_answers: when(
        isLike(answers, '^\\[ ?\\{'),
        recordAnswers(answers),
        when(isLike(answers, '^\\['), listedAnswers(answers), answers),
      ),
      other: object({ id: part('id'), uid: part('uid') }),
    }
  },
})
