/**
 * The event: every typed column, its ECS name, its OCSF path, what it means, and whether it can be an entity.
 * The reference page `docs/reference/event.md` is generated from this table.
 *
 * @module
 */

/** How a column's values are stored and compared. */
export type ColumnType = 'time' | 'ip' | 'keyword' | 'text' | 'integer' | 'port' | 'number' | 'json'

export interface Column {
  readonly type: ColumnType
  /** The Elastic Common Schema name, or null where ECS has none. */
  readonly ecs: string | null
  /** The Open Cybersecurity Schema Framework path, or null where OCSF has none. */
  readonly ocsf: string | null
  readonly meaning: string
  /** What kind of entity its values are, where they are one. */
  readonly entity?: EntityKind
}

export type EntityKind =
  | 'address'
  | 'user'
  | 'host'
  | 'domain'
  | 'application'
  | 'agent'
  | 'resource'
  | 'file'

const column = <const T extends ColumnType>(
  type: T,
  ecs: string | null,
  ocsf: string | null,
  meaning: string,
  entity?: EntityKind,
): Column & { readonly type: T } =>
  entity === undefined ? { type, ecs, ocsf, meaning } : { type, ecs, ocsf, meaning, entity }

/** Columns Winnow fills itself, for every line of every format. */
export const systemColumns = {
  ingested: column('time', 'event.ingested', 'metadata.logged_time', 'when Winnow read the line'),
  category: column(
    'keyword',
    'event.category',
    'category_name',
    'web, auth, dns … or `reject` for a line no parser understood',
  ),
  source: column('keyword', 'log.file.path', 'metadata.log_name', 'the file or stream the line came from'),
  format: column('keyword', 'event.dataset', 'metadata.log_provider', 'the parser that understood the line'),
  segment: column('keyword', null, null, 'the batch the line was loaded in'),
  line_number: column('integer', 'log.offset', null, 'the line within its source, counted from 1'),
  message: column('text', 'event.original', 'raw_data', 'the raw line'),
  reject_reason: column(
    'keyword',
    'error.message',
    null,
    'why no parser understood the line; empty for events',
  ),
} as const satisfies Record<string, Column>

/** Columns a parser may fill. Absent values are empty text, 0, or the address `::`. */
export const parsedColumns = {
  timestamp: column('time', '@timestamp', 'time', 'when it happened, UTC, to the millisecond'),
  event_action: column('keyword', 'event.action', 'activity_name', 'what was done: login, request, query …'),
  event_outcome: column('keyword', 'event.outcome', 'status', 'success, failure or unknown'),
  event_code: column(
    'keyword',
    'event.code',
    'metadata.event_code',
    "the format's own number or name for this kind of event",
  ),
  event_severity: column('integer', 'event.severity', 'severity_id', "the format's own severity"),
  event_duration: column('integer', 'event.duration', 'duration', 'how long it took, in nanoseconds'),
  event_repeats: column('integer', null, 'count', 'how many times the line says it happened; 1 for most'),
  event_reason: column('keyword', 'event.reason', 'status_detail', 'why it ended as it did'),
  source_ip: column('ip', 'source.ip', 'src_endpoint.ip', 'who began it: the client', 'address'),
  source_port: column('port', 'source.port', 'src_endpoint.port', "the client's port"),
  source_domain: column(
    'keyword',
    'source.domain',
    'src_endpoint.hostname',
    "the client's name, where the log has a name",
    'host',
  ),
  source_bytes: column('integer', 'source.bytes', 'traffic.bytes_out', 'bytes the client sent'),
  source_geo_country_iso_code: column(
    'keyword',
    'source.geo.country_iso_code',
    'src_endpoint.location.country',
    'the country the client is in, by ISO 3166: two capital letters',
  ),
  source_geo_latitude: column(
    'number',
    'source.geo.location.lat',
    'src_endpoint.location.lat',
    "the client's latitude in degrees; 0 with a longitude of 0 where it is not known",
  ),
  source_geo_longitude: column(
    'number',
    'source.geo.location.lon',
    'src_endpoint.location.long',
    "the client's longitude in degrees",
  ),
  source_as_number: column(
    'integer',
    'source.as.number',
    'src_endpoint.autonomous_system.number',
    "the number of the client's network (autonomous system)",
  ),
  destination_ip: column('ip', 'destination.ip', 'dst_endpoint.ip', 'who was reached: the server', 'address'),
  destination_port: column('port', 'destination.port', 'dst_endpoint.port', "the server's port"),
  destination_domain: column(
    'keyword',
    'destination.domain',
    'dst_endpoint.hostname',
    "the server's name",
    'domain',
  ),
  destination_bytes: column('integer', 'destination.bytes', 'traffic.bytes_in', 'bytes the server sent'),
  source_packets: column('integer', 'source.packets', 'traffic.packets_out', 'packets the client sent'),
  destination_packets: column(
    'integer',
    'destination.packets',
    'traffic.packets_in',
    'packets the server sent',
  ),
  network_protocol: column(
    'keyword',
    'network.protocol',
    'connection_info.protocol_name',
    'http, ssh, dns …',
  ),
  network_transport: column('keyword', 'network.transport', 'connection_info.protocol_num', 'tcp, udp, icmp'),
  network_bytes: column('integer', 'network.bytes', 'traffic.bytes', 'bytes in both directions'),
  network_state: column(
    'keyword',
    null,
    'connection_info.flag_history',
    'how a connection went, in the words of Zeek: SF, S0, REJ …',
  ),
  user_name: column('keyword', 'user.name', 'actor.user.name', 'who did it', 'user'),
  user_domain: column('keyword', 'user.domain', 'actor.user.domain', "the user's domain or realm"),
  user_target_name: column(
    'keyword',
    'user.target.name',
    'user.name',
    'whose rights were taken: the user of sudo or su',
    'user',
  ),
  host_name: column('keyword', 'host.name', 'device.hostname', 'the machine that wrote the log', 'host'),
  host_ip: column('ip', 'host.ip', 'device.ip', "the machine's address", 'address'),
  service_name: column('keyword', 'service.name', 'app_name', 'the service or virtual host', 'application'),
  process_name: column(
    'keyword',
    'process.name',
    'actor.process.name',
    'the program that wrote the line',
    'application',
  ),
  process_pid: column('integer', 'process.pid', 'actor.process.pid', 'its process number'),
  process_command_line: column(
    'text',
    'process.command_line',
    'process.cmd_line',
    'the command that was run',
  ),
  process_working_directory: column(
    'text',
    'process.working_directory',
    'process.file.parent_folder',
    'where it was run',
  ),
  http_request_method: column('keyword', 'http.request.method', 'http_request.http_method', 'GET, POST …'),
  http_request_referrer: column(
    'text',
    'http.request.referrer',
    'http_request.referrer',
    'the page it was linked from',
  ),
  http_request_bytes: column('integer', 'http.request.bytes', 'http_request.length', 'size of the request'),
  http_response_status_code: column(
    'integer',
    'http.response.status_code',
    'http_response.code',
    'the answer: 200, 404 …; 0 where there was none',
  ),
  http_response_bytes: column('integer', 'http.response.bytes', 'http_response.length', 'size of the answer'),
  http_response_mime_type: column(
    'keyword',
    'http.response.mime_type',
    'http_response.content_type',
    'type of the answer',
  ),
  http_version: column('keyword', 'http.version', 'http_request.version', '1.1, 2.0 …'),
  url_original: column(
    'text',
    'url.original',
    'http_request.url.url_string',
    'the request target as it was sent, where it is not a path',
  ),
  url_scheme: column('keyword', 'url.scheme', 'http_request.url.scheme', 'http or https'),
  url_domain: column(
    'keyword',
    'url.domain',
    'http_request.url.hostname',
    'the site that was asked for',
    'domain',
  ),
  url_port: column('port', 'url.port', 'http_request.url.port', 'the port that was asked for'),
  url_path: column('text', 'url.path', 'http_request.url.path', 'the path, as it was sent', 'resource'),
  url_query: column('text', 'url.query', 'http_request.url.query_string', 'what follows the question mark'),
  user_agent: column(
    'keyword',
    'user_agent.original',
    'http_request.user_agent',
    'what the client calls itself',
    'agent',
  ),
  dns_question_name: column(
    'text',
    'dns.question.name',
    'query.hostname',
    'the name that was asked for',
    'domain',
  ),
  dns_question_type: column('keyword', 'dns.question.type', 'query.type', 'A, AAAA, TXT …'),
  dns_response_code: column('keyword', 'dns.response_code', 'rcode', 'NOERROR, NXDOMAIN …'),
  dns_answers: column('text', 'dns.answers.data', 'answers.rdata', 'what was answered, separated by commas'),
  event_provider: column(
    'keyword',
    'event.provider',
    'metadata.product.name',
    'the product or service that reports it: iam.amazonaws.com, Sysmon',
  ),
  rule_id: column(
    'keyword',
    'rule.id',
    'finding_info.uid',
    'the rule that fired, where another tool reports it',
  ),
  rule_name: column('keyword', 'rule.name', 'finding_info.title', 'the name of that rule'),
  rule_category: column(
    'keyword',
    'rule.category',
    'finding_info.types',
    'the kind of thing that rule finds',
  ),
  file_path: column('text', 'file.path', 'file.path', 'the file that was touched or carried', 'file'),
  process_executable: column(
    'text',
    'process.executable',
    'actor.process.file.path',
    'the program that ran, with its folder',
    'file',
  ),
  process_parent_executable: column(
    'text',
    'process.parent.executable',
    'actor.process.parent_process.file.path',
    'the program that started it',
    'file',
  ),
  cloud_account_id: column('keyword', 'cloud.account.id', 'cloud.account.uid', 'the account or project'),
  cloud_region: column('keyword', 'cloud.region', 'cloud.region', 'the region'),
  orchestrator_namespace: column(
    'keyword',
    'orchestrator.namespace',
    'api.group.name',
    'the namespace of a cluster',
  ),
  resource_name: column(
    'text',
    'orchestrator.resource.name',
    'resources.name',
    'what a cloud or cluster call is about: kind and name',
    'resource',
  ),
  other: column('json', 'labels', 'unmapped', 'everything else the format knows'),
} as const satisfies Record<string, Column>

/** Columns Winnow makes of what a parser filled. */
export const derivedColumns = {
  destination_address: column(
    'keyword',
    'destination.address',
    'dst_endpoint.name',
    'whom the client wanted to reach: the name where there is one, else the address',
    'domain',
  ),
  destination_registered_domain: column(
    'keyword',
    'destination.registered_domain',
    'dst_endpoint.domain',
    'the part of a name somebody registered, by the Public Suffix List; empty for addresses',
    'domain',
  ),
  dns_question_registered_domain: column(
    'keyword',
    'dns.question.registered_domain',
    'query.domain',
    'the same of the name that was asked for',
    'domain',
  ),
  network_direction: column(
    'keyword',
    'network.direction',
    'connection_info.direction',
    'outbound, inbound, internal or external, by which ends are in the own networks',
  ),
} as const satisfies Record<string, Column>

export const columns = { ...parsedColumns, ...derivedColumns, ...systemColumns } as const

/** A column a parser may fill. */
export type ParsedColumn = keyof typeof parsedColumns
/** A column of an event that a detector may count. */
export type EventColumn = ParsedColumn | keyof typeof derivedColumns
export type SystemColumn = keyof typeof systemColumns
export type ColumnName = EventColumn | SystemColumn

type Named<T extends ColumnType> = {
  [Name in ColumnName]: (typeof columns)[Name]['type'] extends T ? Name : never
}[ColumnName]

export type TextColumn = Named<'keyword' | 'text'>
export type NumberColumn = Named<'integer' | 'port' | 'number'>
export type AddressColumn = Named<'ip'>
export type PortColumn = Named<'port'>
/** A column whose values can be the entity of a detector. */
export type EntityColumn = TextColumn | AddressColumn | PortColumn

/** The catalogue's line for a column; `columns[name]` widened to what all columns have. */
export const columnOf = (name: ColumnName): Column => columns[name]

export const isColumnName = (name: string): name is ColumnName => Object.hasOwn(columns, name)

export const isParsedColumn = (name: string): name is ParsedColumn => Object.hasOwn(parsedColumns, name)

/** An address as people write it: IPv4 addresses are stored as `::ffff:192.0.2.1`. */
export const addressText = (text: string): string =>
  text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text

/** The kinds of event. `reject` is kept for lines that no parser understood. */
export const categories = [
  'web',
  'proxy',
  'dns',
  'auth',
  'flow',
  'process',
  'cloud',
  'app',
  'mail',
  'metric',
  'alert',
  'other',
] as const

export type Category = (typeof categories)[number]
