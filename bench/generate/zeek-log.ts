/**
 * Zeek's logs as it writes them: tab-separated under a header, or one JSON object a line.
 *
 * @module
 */

/** Null is unset; a list may be empty. Times and intervals are in seconds. */
export type ZeekValue = string | number | boolean | null | readonly (string | number)[]

type FieldType =
  | 'time'
  | 'interval'
  | 'string'
  | 'addr'
  | 'port'
  | 'enum'
  | 'count'
  | 'bool'
  | 'set[string]'
  | 'set[enum]'
  | 'vector[string]'
  | 'vector[interval]'

export interface ZeekField {
  readonly name: string
  readonly type: FieldType
}

/** `ts:time uid:string …` */
const fieldsOf = (text: string): readonly ZeekField[] =>
  text.split(' ').map((field) => {
    const at = field.lastIndexOf(':')
    // The texts below name no other types, which the tests hold.
    return { name: field.slice(0, at), type: field.slice(at + 1) as FieldType }
  })

const begin = 'ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port'

/** The fields of each log, in Zeek's order (its base scripts of versions 4 to 6). */
export const zeekLogs = {
  conn: fieldsOf(
    `${begin} proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string]`,
  ),
  dns: fieldsOf(
    `${begin} proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool`,
  ),
  http: fieldsOf(
    `${begin} trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string origin:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]`,
  ),
  ssl: fieldsOf(
    `${begin} version:string cipher:string curve:string server_name:string resumed:bool last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] client_cert_chain_fps:vector[string] sni_matches_cert:bool validation_status:string`,
  ),
} as const

export type ZeekLog = keyof typeof zeekLogs

/** Values by field name; a field that is left out is unset. */
export type ZeekRecord = Readonly<Record<string, ZeekValue>>

const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-03-02-00-00-00`, as in `#open` and `#close`. */
const stamp = (timeMs: number): string => {
  const at = new Date(timeMs)
  const parts = [at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()]
  return [at.getUTCFullYear(), ...[...parts, at.getUTCSeconds()].map(two)].join('-')
}

/** The lines a tab-separated log begins with. */
export const zeekHeader = (log: ZeekLog, openedMs: number): string => {
  const list = (key: 'name' | 'type'): string => zeekLogs[log].map((field) => field[key]).join('\t')
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${log}`,
    `#open\t${stamp(openedMs)}`,
    `#fields\t${list('name')}`,
    `#types\t${list('type')}`,
    '',
  ].join('\n')
}

export const zeekFooter = (closedMs: number): string => `#close\t${stamp(closedMs)}\n`

/** Backslash and what is no plain text, as `\xNN`. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const special = /[\\\u0000-\u001f\u007f]/g

const escaped = (text: string): string =>
  text.replace(special, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)

const oneText = (value: string | number, type: FieldType): string => {
  if (typeof value === 'string') return escaped(value)
  return type === 'time' || type.includes('interval') ? value.toFixed(6) : String(value)
}

const tsvText = (value: ZeekValue | undefined, type: FieldType): string => {
  if (value === null || value === undefined) return '-'
  if (value === true) return 'T'
  if (value === false) return 'F'
  if (typeof value !== 'object') return value === '' ? '(empty)' : oneText(value, type)
  if (value.length === 0) return '(empty)'
  return value.map((one) => oneText(one, type).replaceAll(',', '\\x2c')).join(',')
}

/** A line without its end. */
export const zeekTsv = (log: ZeekLog, record: ZeekRecord): string =>
  zeekLogs[log].map(({ name, type }) => tsvText(record[name], type)).join('\t')

/** Microseconds, as Zeek prints them. */
const rounded = (value: ZeekValue): ZeekValue =>
  typeof value === 'number' ? Math.round(value * 1e6) / 1e6 : value

/** A line without its end: dotted names, unset fields left out. */
export const zeekJson = (log: ZeekLog, record: ZeekRecord): string => {
  const parts: string[] = []
  for (const { name } of zeekLogs[log]) {
    const value = record[name]
    if (value !== null && value !== undefined) parts.push(`"${name}":${JSON.stringify(rounded(value))}`)
  }
  return `{${parts.join(',')}}`
}
