import {
  allOf,
  anyOf,
  constant,
  firstOf,
  ip,
  isLike,
  isOneOf,
  lookup,
  lower,
  object,
  piece,
  when,
  type ColumnValues,
  type Test,
  type Value,
} from 'winnow'
import { endpoints, outcomeOfFlag, type ZeekLine } from './zeek.ts'

const none = constant('')

/** Logs in which somebody logs in: NTLM, Kerberos, RDP, RADIUS; an FTP command that does. */
const login =
  (path: Value) =>
  (line: ZeekLine): ColumnValues => {
    const { text } = line
    // Kerberos writes `alice/EXAMPLE.COM`.
    const client = text('client')
    return {
      ...endpoints(line),
      timestamp: line.timestamp,
      // A ticket for a service follows a login.
      event_action: when(isOneOf(text('request_type'), 'TGS'), constant('ticket'), constant('login')),
      event_code: firstOf(text('request_type'), text('reply_code')),
      event_outcome: when(
        isOneOf(path, 'ftp'),
        lookup(text('reply_code'), { 230: 'success', 530: 'failure' }, constant('unknown')),
        when(
          isOneOf(path, 'radius'),
          lookup(text('result'), { success: 'success', failed: 'failure' }, constant('unknown')),
          outcomeOfFlag(firstOf(text('success'), text('auth_success'))),
        ),
      ),
      event_reason: firstOf(text('error_msg'), text('status'), text('reply_msg'), text('result')),
      network_protocol: path,
      user_name: firstOf(text('username'), text('user'), text('cookie'), piece(client, '/', 1)),
      user_domain: firstOf(text('domainname'), piece(client, '/', 2)),
      source_domain: firstOf(text('hostname'), text('client_name')),
      service_name: text('service'),
      other: object({
        uid: text('uid'),
        cipher: text('cipher'),
        server: firstOf(text('server_dns_computer_name'), text('server_nb_computer_name')),
        security: text('security_protocol'),
      }),
    }
  }

const mail = (line: ZeekLine): ColumnValues => {
  const { text, list } = line
  return {
    ...endpoints(line),
    timestamp: line.timestamp,
    event_action: constant('smtp'),
    event_outcome: when(
      isLike(text('last_reply'), '^2'),
      constant('success'),
      when(isLike(text('last_reply'), '^[45]'), constant('failure'), constant('unknown')),
    ),
    event_reason: text('last_reply'),
    source_domain: text('helo'),
    network_transport: constant('tcp'),
    network_protocol: constant('smtp'),
    user_agent: text('user_agent'),
    other: object({
      uid: text('uid'),
      from: firstOf(text('mailfrom'), text('from')),
      to: firstOf(list('rcptto'), list('to')),
      subject: text('subject'),
      message_id: text('msg_id'),
      tls: text('tls'),
    }),
  }
}

/** Any other log: who and whom, and what is worth having of the best known ones. */
const any =
  (path: Value) =>
  (line: ZeekLine): ColumnValues => {
    const { raw, text, list } = line
    const isFtp = isOneOf(path, 'ftp')
    return {
      ...endpoints(line),
      timestamp: line.timestamp,
      event_action: path,
      event_code: firstOf(
        text('command'),
        text('operation'),
        text('func'),
        text('tunnel_type'),
        text('method'),
      ),
      event_reason: firstOf(text('failure_reason'), text('reply_msg'), text('addl')),
      source_ip: ip(
        firstOf(text('id.orig_h'), text('client_addr'), text('assigned_addr'), text('assigned_ip')),
      ),
      source_domain: when(isOneOf(path, 'dhcp'), text('host_name'), none),
      destination_ip: ip(firstOf(text('id.resp_h'), text('server_addr'))),
      network_transport: lower(firstOf(text('proto'), text('port_proto'))),
      network_protocol: when(isFtp, constant('ftp'), lower(list('service'))),
      user_name: firstOf(text('user'), text('username')),
      host_ip: ip(raw('host')),
      file_path: firstOf(text('path'), text('arg')),
      other: object({
        uid: text('uid'),
        name: text('name'),
        action: text('action'),
        mac: text('mac'),
        address: firstOf(text('assigned_addr'), text('assigned_ip')),
        port: firstOf(text('port_num'), text('host_p')),
        software: text('unparsed_version'),
        analyzer: firstOf(text('analyzer'), text('analyzer_name')),
        endpoint: text('endpoint'),
        message: text('message'),
        status: firstOf(text('certStatus'), text('status_code')),
        percent_lost: text('percent_lost'),
      }),
    }
  }

/** FTP logs every command; only these log in. */
const isFtpLogin = (path: Value, { text }: ZeekLine): Test =>
  allOf(isOneOf(path, 'ftp'), isOneOf(text('command'), 'USER', 'PASS'))

export const isLogin = (path: Value, line: ZeekLine): Test =>
  anyOf(isOneOf(path, 'ntlm', 'kerberos', 'rdp', 'radius'), isFtpLogin(path, line))

export const otherLogs = { login, mail, any }
