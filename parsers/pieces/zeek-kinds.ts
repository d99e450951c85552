import { allOf, anyOf, isLike, isNot, isOneOf, isPresent, type Test, type Value } from 'winnow'

type Part = (name: string) => Value

const has = (field: Part, ...names: readonly string[]): Test =>
  anyOf(...names.map((name) => isPresent(field(name))))

/** A name of its own is not enough where other programs write the same: an end of the connection must be there too. */
const hasWithEnds = (field: Part, ...names: readonly string[]): Test =>
  allOf(isPresent(field('id.orig_h')), has(field, ...names))

/** By what a log is told from the others where its lines do not say what they are: fields that Zeek always sets. */
export const typedKinds: Readonly<Record<string, (field: Part) => Test>> = {
  conn: (field) => has(field, 'conn_state'),
  dns: (field) => hasWithEnds(field, 'AA', 'qtype_name', 'qclass_name', 'rcode_name'),
  http: (field) =>
    allOf(
      has(field, 'trans_depth'),
      isNot(has(field, 'helo', 'mailfrom', 'rcptto', 'last_reply', 'call_id', 'seq')),
    ),
  ssl: (field) => hasWithEnds(field, 'established'),
  ssh: (field) => hasWithEnds(field, 'auth_attempts', 'auth_success', 'kex_alg', 'host_key', 'hassh'),
  x509: (field) => has(field, 'certificate.serial', 'certificate.version'),
  files: (field) => allOf(has(field, 'fuid'), has(field, 'seen_bytes')),
  notice: (field) => allOf(isLike(field('note'), '::'), has(field, 'msg', 'actions', 'suppress_for')),
  weird: (field) => allOf(has(field, 'name'), isOneOf(field('notice'), 'true', 'false')),
}

/** The same of other logs, so far as it can be told; the first that holds counts. */
export const otherKinds: Readonly<Record<string, (field: Part) => Test>> = {
  smtp: (field) => allOf(has(field, 'trans_depth'), has(field, 'helo', 'mailfrom', 'rcptto', 'last_reply')),
  sip: (field) => allOf(has(field, 'trans_depth'), has(field, 'call_id', 'seq')),
  ntlm: (field) => hasWithEnds(field, 'domainname', 'server_nb_computer_name', 'server_dns_computer_name'),
  kerberos: (field) => hasWithEnds(field, 'request_type'),
  rdp: (field) => hasWithEnds(field, 'cookie', 'security_protocol'),
  ftp: (field) => allOf(has(field, 'command'), hasWithEnds(field, 'user', 'reply_code')),
  dce_rpc: (field) => hasWithEnds(field, 'named_pipe', 'endpoint'),
  smb_mapping: (field) => hasWithEnds(field, 'share_type'),
  smb_files: (field) => isLike(field('action'), '^SMB::'),
  tunnel: (field) => has(field, 'tunnel_type'),
  dhcp: (field) => has(field, 'assigned_addr', 'assigned_ip', 'msg_types', 'client_addr'),
  snmp: (field) => hasWithEnds(field, 'get_requests'),
  ntp: (field) => hasWithEnds(field, 'stratum'),
  dpd: (field) => allOf(has(field, 'failure_reason'), has(field, 'analyzer', 'analyzer_name')),
  software: (field) => has(field, 'software_type'),
  known_services: (field) => has(field, 'port_num'),
  ocsp: (field) => has(field, 'hashAlgorithm'),
  pe: (field) => has(field, 'is_exe'),
  capture_loss: (field) => has(field, 'percent_lost'),
  stats: (field) => has(field, 'pkts_proc'),
}
