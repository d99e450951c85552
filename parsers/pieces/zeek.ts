import {
  allOf,
  anyOf,
  constant,
  firstOf,
  integer,
  ip,
  isAtLeast,
  isNot,
  isOneOf,
  isPresent,
  lookup,
  lower,
  object,
  piece,
  replace,
  when,
  type Category,
  type ColumnValues,
  type Value,
} from 'winnow'
import { addressNotName, nameNotAddress, outcomeOfStatus, targetColumns } from './http.ts'

/** A line of a Zeek log, whichever way it is written. */
export interface ZeekLine {
  readonly timestamp: Value
  /** A field as it is written; `-` or nothing where it is not set. For numbers and addresses, where that is all the same. */
  readonly raw: (name: string) => Value
  /** Nothing where it is not set. */
  readonly text: (name: string) => Value
  /** A set or a vector, with commas between its members. */
  readonly list: (name: string) => Value
}

const truths = ['T', 'true']
const untruths = ['F', 'false']

/** The outcome by a field that is true or false. */
export const outcomeOfFlag = (flag: Value): Value =>
  when(
    isOneOf(flag, ...truths),
    constant('success'),
    when(isOneOf(flag, ...untruths), constant('failure'), constant('unknown')),
  )

/** The four columns most logs have. */
export const endpoints = ({ raw }: ZeekLine) =>
  ({
    source_ip: ip(raw('id.orig_h')),
    source_port: raw('id.orig_p'),
    destination_ip: ip(raw('id.resp_h')),
    destination_port: raw('id.resp_p'),
  }) satisfies ColumnValues

/** How a connection went, by `conn_state`: was it established, and did anything come of it? */
const outcomes = {
  SF: 'success',
  S1: 'success',
  S2: 'success',
  S3: 'success',
  RSTO: 'success',
  RSTR: 'success',
  S0: 'failure',
  REJ: 'failure',
  RSTOS0: 'failure',
  RSTRH: 'failure',
  SH: 'failure',
  SHR: 'failure',
}

/**
 * Bytes are those of the payload. Where Zeek does not know them (`-`, most often because nothing was answered) they stay 0:
 * `orig_ip_bytes` counts headers too, and would make an upload of every attempt. Nothing goes into `other`: uid and history
 * are in the line itself, and of the most frequent log a JSON value costs a third of the load.
 */
const conn = (line: ZeekLine): ColumnValues => {
  const { raw, text } = line
  const state = text('conn_state')
  const isIdle = allOf(
    isOneOf(state, 'RSTO', 'RSTR'),
    isNot(anyOf(isAtLeast(raw('orig_bytes'), 1), isAtLeast(raw('resp_bytes'), 1))),
  )
  return {
    timestamp: line.timestamp,
    ...endpoints(line),
    event_action: constant('connection'),
    event_outcome: when(isIdle, constant('unknown'), lookup(state, outcomes, constant('unknown'))),
    event_duration: integer(raw('duration'), { times: 1_000_000_000 }),
    source_bytes: integer(raw('orig_bytes')),
    destination_bytes: integer(raw('resp_bytes')),
    source_packets: integer(raw('orig_pkts')),
    destination_packets: integer(raw('resp_pkts')),
    network_transport: text('proto'),
    network_protocol: text('service'),
    network_state: state,
  }
}

const dns = (line: ZeekLine): ColumnValues => {
  const { raw, text, list } = line
  const code = text('rcode_name')
  return {
    timestamp: line.timestamp,
    ...endpoints(line),
    event_action: constant('query'),
    event_outcome: lookup(code, { NOERROR: 'success', '': 'unknown' }, constant('failure')),
    event_duration: integer(raw('rtt'), { times: 1_000_000_000 }),
    network_transport: text('proto'),
    network_protocol: constant('dns'),
    dns_question_name: text('query'),
    dns_question_type: text('qtype_name'),
    dns_response_code: code,
    dns_answers: list('answers'),
    other: object({
      uid: text('uid'),
      ttls: ['[', ']'].reduce((ttls, mark) => replace(ttls, mark, ''), list('TTLs')),
    }),
  }
}

/** The name and the port of a `Host` header: `www.example.com:8080`, `[2001:db8::1]:8080`. */
const hostAndPort = (header: Value) => {
  const inBrackets = piece(piece(header, '[', 2), ']', 1)
  const afterBrackets = piece(header, ']', 2)
  return {
    host: firstOf(inBrackets, piece(header, ':', 1)),
    port: piece(when(isPresent(inBrackets), afterBrackets, header), ':', 2),
  }
}

const http = (line: ZeekLine): ColumnValues => {
  const { raw, text, list } = line
  const target = targetColumns(text('uri'))
  const header = hostAndPort(text('host'))
  const asked = target.url_domain
  const host = firstOf(asked, header.host)
  // A whole URL, or `host:port`, is what a proxy is asked for: the other end is the proxy then, not who was reached.
  const isProxied = isPresent(target.url_original)
  const usualPort = lookup(lower(target.url_scheme), { http: '80', https: '443', ftp: '21' }, constant(''))
  return {
    timestamp: line.timestamp,
    ...endpoints(line),
    ...target,
    event_action: constant('request'),
    event_outcome: outcomeOfStatus(raw('status_code')),
    source_bytes: integer(raw('request_body_len')),
    destination_ip: ip(when(isProxied, addressNotName(asked), raw('id.resp_h'))),
    destination_port: when(isProxied, firstOf(target.url_port, usualPort), raw('id.resp_p')),
    destination_domain: nameNotAddress(host),
    destination_bytes: integer(raw('response_body_len')),
    network_transport: constant('tcp'),
    network_protocol: constant('http'),
    user_name: text('username'),
    http_request_method: text('method'),
    http_request_referrer: text('referrer'),
    http_request_bytes: integer(raw('request_body_len')),
    http_response_status_code: integer(raw('status_code')),
    http_response_bytes: integer(raw('response_body_len')),
    http_response_mime_type: list('resp_mime_types'),
    http_version: text('version'),
    url_domain: host,
    url_port: firstOf(target.url_port, header.port),
    user_agent: text('user_agent'),
    other: object({
      uid: text('uid'),
      proxy: when(isProxied, text('id.resp_h'), constant('')),
      proxied: list('proxied'),
      tags: list('tags'),
      filename: list('resp_filenames'),
      request_mime_type: list('orig_mime_types'),
    }),
  }
}

const ssl = (line: ZeekLine): ColumnValues => {
  const { text, list } = line
  const server = text('server_name')
  return {
    timestamp: line.timestamp,
    ...endpoints(line),
    event_action: constant('tls'),
    event_outcome: outcomeOfFlag(text('established')),
    event_reason: text('last_alert'),
    destination_domain: nameNotAddress(server),
    network_transport: constant('tcp'),
    network_protocol: constant('tls'),
    url_domain: server,
    other: object({
      uid: text('uid'),
      version: text('version'),
      cipher: text('cipher'),
      next_protocol: text('next_protocol'),
      resumed: text('resumed'),
      subject: text('subject'),
      issuer: text('issuer'),
      validation_status: text('validation_status'),
      ja3: text('ja3'),
      ja3s: text('ja3s'),
      certificates: list('cert_chain_fuids'),
    }),
  }
}

const ssh = (line: ZeekLine): ColumnValues => {
  const { text } = line
  return {
    timestamp: line.timestamp,
    ...endpoints(line),
    event_action: constant('login'),
    event_outcome: outcomeOfFlag(text('auth_success')),
    network_transport: constant('tcp'),
    network_protocol: constant('ssh'),
    other: object({
      uid: text('uid'),
      attempts: text('auth_attempts'),
      direction: text('direction'),
      client: text('client'),
      server: text('server'),
      hassh: text('hassh'),
      hassh_server: text('hasshServer'),
      host_key: text('host_key'),
    }),
  }
}

const x509 = (line: ZeekLine): ColumnValues => {
  const { text, list } = line
  return {
    timestamp: line.timestamp,
    event_action: constant('x509'),
    other: object({
      // The file's id in older versions, the certificate's fingerprint in newer ones.
      id: firstOf(text('fingerprint'), text('id')),
      subject: text('certificate.subject'),
      issuer: text('certificate.issuer'),
      serial: text('certificate.serial'),
      not_before: text('certificate.not_valid_before'),
      not_after: text('certificate.not_valid_after'),
      key_type: text('certificate.key_type'),
      key_length: text('certificate.key_length'),
      names: list('san.dns'),
      is_authority: text('basic_constraints.ca'),
    }),
  }
}

const files = (line: ZeekLine): ColumnValues => {
  const { raw, text, list } = line
  const sender = piece(list('tx_hosts'), ',', 1)
  const receiver = piece(list('rx_hosts'), ',', 1)
  const isUpload = isOneOf(text('is_orig'), ...truths)
  return {
    ...endpoints(line),
    timestamp: line.timestamp,
    event_action: constant('files'),
    event_duration: integer(raw('duration'), { times: 1_000_000_000 }),
    // Newer versions name the connection's ends, older ones only who sent and who received.
    source_ip: ip(firstOf(text('id.orig_h'), when(isUpload, sender, receiver))),
    destination_ip: ip(firstOf(text('id.resp_h'), when(isUpload, receiver, sender))),
    network_protocol: lookup(text('source'), protocols),
    file_path: text('filename'),
    other: object({
      uid: firstOf(text('uid'), list('conn_uids')),
      fuid: text('fuid'),
      mime_type: text('mime_type'),
      bytes: text('seen_bytes'),
      md5: text('md5'),
      sha1: text('sha1'),
      sha256: text('sha256'),
    }),
  }
}

const protocols = { HTTP: 'http', SSL: 'tls', SMTP: 'smtp', SMB: 'smb', FTP_DATA: 'ftp', IRC_DATA: 'irc' }

const notice = (line: ZeekLine): ColumnValues => {
  const { raw, text, list } = line
  return {
    ...endpoints(line),
    timestamp: line.timestamp,
    event_action: constant('notice'),
    event_reason: text('msg'),
    event_provider: constant('Zeek'),
    source_ip: ip(firstOf(text('src'), text('id.orig_h'))),
    destination_ip: ip(firstOf(text('dst'), text('id.resp_h'))),
    destination_port: firstOf(text('id.resp_p'), raw('p')),
    network_transport: text('proto'),
    rule_name: text('note'),
    rule_category: piece(text('note'), '::', 1),
    other: object({
      uid: text('uid'),
      sub: text('sub'),
      count: text('n'),
      actions: list('actions'),
      file: text('file_desc'),
    }),
  }
}

const weird = (line: ZeekLine): ColumnValues => {
  const { text } = line
  return {
    ...endpoints(line),
    timestamp: line.timestamp,
    event_action: constant('weird'),
    event_reason: text('addl'),
    event_provider: constant('Zeek'),
    rule_name: text('name'),
    rule_category: constant('weird'),
    other: object({ uid: text('uid'), protocol: text('source') }),
  }
}

export interface ZeekLog {
  readonly category: Category
  readonly columns: (line: ZeekLine) => ColumnValues
}

/** The logs with columns of their own, by their path. */
export const typedLogs = {
  conn: { category: 'flow', columns: conn },
  dns: { category: 'dns', columns: dns },
  http: { category: 'proxy', columns: http },
  ssl: { category: 'proxy', columns: ssl },
  ssh: { category: 'auth', columns: ssh },
  x509: { category: 'other', columns: x509 },
  files: { category: 'other', columns: files },
  notice: { category: 'alert', columns: notice },
  weird: { category: 'alert', columns: weird },
} as const satisfies Readonly<Record<string, ZeekLog>>
