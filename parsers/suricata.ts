import {
  allOf,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  isOneOf,
  isPresent,
  joined,
  json,
  lookup,
  lower,
  object,
  text,
  time,
  variant,
  when,
  type Category,
  type ColumnValues,
  type Value,
  type Variant,
} from 'winnow'
import { dnsCode, dnsName, dnsType, listedAnswers, outcomeOfCode, recordAnswers } from './pieces/dns.ts'
import { nameNotAddress, outcomeOfStatus, targetColumns } from './pieces/http.ts'
import { inFirst } from './pieces/json.ts'

type Part = (name: string) => Value

const none = constant('')

/** What events of every type have. */
const common = (part: Part): ColumnValues => ({
  timestamp: time(part('timestamp'), 'iso'),
  event_action: part('event_type'),
  source_ip: ip(part('src_ip')),
  source_port: part('src_port'),
  destination_ip: ip(part('dest_ip')),
  destination_port: part('dest_port'),
  network_transport: lower(part('proto')),
  network_protocol: text(lower(part('app_proto')), { absent: ['failed', 'unknown'] }),
  host_name: part('host'),
  event_provider: constant('Suricata'),
})

const ids = (part: Part): Readonly<Record<string, Value>> => ({
  flow_id: part('flow_id'),
  community_id: part('community_id'),
  in_iface: part('in_iface'),
})

const http = (part: Part): ColumnValues => {
  const target = targetColumns(part('http.url'))
  const host = nameNotAddress(part('http.hostname'))
  return {
    ...target,
    url_domain: firstOf(target.url_domain, part('http.hostname')),
    url_port: firstOf(target.url_port, part('http.http_port')),
    destination_domain: host,
    http_request_method: part('http.http_method'),
    http_request_referrer: part('http.http_refer'),
    http_response_status_code: integer(part('http.status')),
    http_response_bytes: integer(part('http.length')),
    http_response_mime_type: part('http.http_content_type'),
    user_agent: part('http.http_user_agent'),
  }
}

/** Bytes and packets both ways, as flows, alerts and drops give them. */
const volume = (part: Part): ColumnValues => ({
  source_bytes: integer(part('flow.bytes_toserver')),
  destination_bytes: integer(part('flow.bytes_toclient')),
  source_packets: integer(part('flow.pkts_toserver')),
  destination_packets: integer(part('flow.pkts_toclient')),
})

const tlsFields = (part: Part): Readonly<Record<string, Value>> => ({
  tls_version: part('tls.version'),
  tls_subject: part('tls.subject'),
  tls_issuer: part('tls.issuerdn'),
  tls_fingerprint: part('tls.fingerprint'),
  ja3: part('tls.ja3.hash'),
  ja3s: part('tls.ja3s.hash'),
  ja4: part('tls.ja4'),
})

/** Of the question: version 1 has it beside the answer, 2 also of replies, 3 in a list; alerts of 2 list queries. */
const question = (part: Part, key: 'rrname' | 'rrtype'): Value =>
  firstOf(part(`dns.${key}`), inFirst(part('dns.queries'), key), inFirst(part('dns.query'), key))

const ofTypes = (
  category: Category,
  types: readonly string[],
  columns: (part: Part) => ColumnValues,
): Variant =>
  variant(
    json({ require: ['timestamp', 'event_type'] }),
    (part) => ({ ...common(part), ...columns(part) }),
    (part) => isOneOf(part('event_type'), ...types),
    category,
  )

// {"timestamp":"2026-03-07T04:05:06.123456+0000","flow_id":1398609176796675,"event_type":"alert","src_ip":"198.51.100.66","src_port":33270,"dest_ip":"192.0.2.80","dest_port":80,"proto":"TCP","alert":{"action":"allowed","gid":1,"signature_id":2034125,"signature":"ET EXPLOIT …","category":"Attempted Administrator Privilege Gain","severity":1}}
export default defineParser({
  id: 'suricata',
  title: 'Suricata EVE JSON',
  category: 'other',
  variants: [
    ofTypes('alert', ['alert'], (part) => ({
      ...http(part),
      ...volume(part),
      event_action: part('alert.action'),
      event_severity: integer(part('alert.severity')),
      destination_domain: firstOf(nameNotAddress(part('http.hostname')), part('tls.sni')),
      dns_question_name: dnsName(question(part, 'rrname')),
      dns_question_type: dnsType(question(part, 'rrtype')),
      rule_id: part('alert.signature_id'),
      rule_name: part('alert.signature'),
      rule_category: part('alert.category'),
      other: object({ ...ids(part), gid: part('alert.gid'), rev: part('alert.rev'), ...tlsFields(part) }),
    })),
    ofTypes('flow', ['flow'], (part) => ({
      ...volume(part),
      // It is written when it is over; it happened when it began.
      timestamp: time(firstOf(part('flow.start'), part('timestamp')), 'iso'),
      event_duration: integer(part('flow.age'), { times: 1_000_000_000 }),
      event_reason: part('flow.reason'),
      network_state: part('flow.state'),
      other: object({ ...ids(part), alerted: part('flow.alerted'), tcp_state: part('tcp.state') }),
    })),
    // One direction only: what the source sent.
    ofTypes('flow', ['netflow'], (part) => ({
      timestamp: time(firstOf(part('netflow.start'), part('timestamp')), 'iso'),
      event_duration: integer(part('netflow.age'), { times: 1_000_000_000 }),
      source_bytes: integer(part('netflow.bytes')),
      source_packets: integer(part('netflow.pkts')),
      other: object(ids(part)),
    })),
    ofTypes('dns', ['dns'], (part) => {
      const isReply = isOneOf(part('dns.type'), 'answer', 'response')
      const isReturned = allOf(isReply, isOneOf(part('src_port'), '53', '5353'))
      const code = when(isReply, dnsCode(part('dns.rcode')), none)
      const types = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'TXT', 'NULL']
      const grouped = listedAnswers(
        joined(
          types.map((type) => part(`dns.grouped.${type}`)),
          ',',
        ),
      )
      return {
        // An answer may be logged as it went: from the server to the client.
        source_ip: ip(when(isReturned, part('dest_ip'), part('src_ip'))),
        source_port: when(isReturned, part('dest_port'), part('src_port')),
        destination_ip: ip(when(isReturned, part('src_ip'), part('dest_ip'))),
        destination_port: when(isReturned, part('src_port'), part('dest_port')),
        network_protocol: constant('dns'),
        event_action: when(isReply, constant('reply'), constant('query')),
        event_outcome: outcomeOfCode(code),
        dns_question_name: dnsName(question(part, 'rrname')),
        dns_question_type: dnsType(question(part, 'rrtype')),
        dns_response_code: code,
        dns_answers: firstOf(part('dns.rdata'), recordAnswers(part('dns.answers')), grouped),
        other: object({ ...ids(part), tx_id: part('dns.tx_id') }),
      }
    }),
    ofTypes('proxy', ['http', 'http2'], (part) => ({
      ...http(part),
      network_protocol: constant('http'),
      event_action: constant('request'),
      event_outcome: outcomeOfStatus(part('http.status')),
      other: object({ ...ids(part), forwarded_for: part('http.xff'), redirect: part('http.redirect') }),
    })),
    ofTypes('proxy', ['tls', 'quic'], (part) => ({
      network_protocol: part('event_type'),
      event_action: constant('connection'),
      destination_domain: firstOf(part('tls.sni'), part('quic.sni')),
      other: object({ ...ids(part), ...tlsFields(part) }),
    })),
    ofTypes(
      'app',
      ['ssh', 'rdp', 'rfb', 'smb', 'krb5', 'dcerpc', 'nfs', 'ftp', 'ftp_data', 'tftp'],
      (part) => ({
        network_protocol: part('event_type'),
        event_action: firstOf(
          part('smb.command'),
          part('ftp.command'),
          part('nfs.procedure'),
          constant('connection'),
        ),
        event_outcome: lookup(part('smb.status'), { STATUS_SUCCESS: 'success', '': '' }, constant('failure')),
        event_code: part('smb.status'),
        user_name: firstOf(part('smb.ntlmssp.user'), part('krb5.cname')),
        user_domain: firstOf(part('smb.ntlmssp.domain'), part('krb5.realm')),
        user_agent: part('ssh.client.software_version'),
        file_path: firstOf(part('smb.filename'), part('nfs.filename'), part('ftp_data.filename')),
        other: object({
          ...ids(part),
          server_software: part('ssh.server.software_version'),
          hassh: part('ssh.client.hassh.hash'),
          share: part('smb.share'),
          dialect: part('smb.dialect'),
        }),
      }),
    ),
    ofTypes('mail', ['smtp'], (part) => ({
      network_protocol: constant('smtp'),
      event_action: constant('message'),
      other: object({
        ...ids(part),
        from: part('smtp.mail_from'),
        to: part('smtp.rcpt_to'),
        helo: part('smtp.helo'),
      }),
    })),
    ofTypes('app', ['fileinfo'], (part) => ({
      ...http(part),
      event_action: constant('file'),
      file_path: part('fileinfo.filename'),
      network_bytes: integer(part('fileinfo.size')),
      other: object({
        ...ids(part),
        file_state: part('fileinfo.state'),
        magic: part('fileinfo.magic'),
        md5: part('fileinfo.md5'),
        sha256: part('fileinfo.sha256'),
      }),
    })),
    // What the inspection itself thinks odd: malformed packets and protocols.
    ofTypes('other', ['anomaly'], (part) => ({
      event_code: firstOf(part('anomaly.event'), part('anomaly.type')),
      other: object({ ...ids(part), layer: part('anomaly.layer'), anomaly_type: part('anomaly.type') }),
    })),
    ofTypes('flow', ['drop'], (part) => ({
      ...volume(part),
      event_action: constant('blocked'),
      event_outcome: constant('failure'),
      event_reason: part('drop.reason'),
      network_bytes: integer(part('drop.len')),
      rule_id: part('alert.signature_id'),
      rule_name: part('alert.signature'),
      rule_category: part('alert.category'),
      other: object(ids(part)),
    })),
    ofTypes('metric', ['stats'], (part) => ({
      other: object({ uptime: part('stats.uptime'), packets: part('stats.capture.kernel_packets') }),
    })),
    // Further protocols, and those that later versions add.
    variant(
      json({ require: ['timestamp', 'event_type'] }),
      (part) => ({
        ...common(part),
        network_protocol: firstOf(part('app_proto'), part('event_type')),
        other: object(ids(part)),
      }),
      (part) => isPresent(part('flow_id')),
      'app',
    ),
  ],
})
