/**
 * What a name in a query means: a column, its ECS name, a short name people type, or a path into the column `other`.
 *
 * @module
 */
import { columnOf, columns, isColumnName, type ColumnName, type EntityKind } from '../schema/columns.ts'

export const columnNames: readonly ColumnName[] = Object.keys(columns).filter(isColumnName)

/** Short names. Where there are several columns, one of them is to fit. */
const aliases: Readonly<Record<string, readonly ColumnName[]>> = {
  time: ['timestamp'],
  raw: ['message'],
  text: ['message'],
  line: ['line_number'],
  reason: ['reject_reason', 'event_reason'],
  action: ['event_action'],
  outcome: ['event_outcome'],
  code: ['event_code'],
  severity: ['event_severity'],
  duration: ['event_duration'],
  ip: ['source_ip', 'destination_ip', 'host_ip'],
  client: ['source_ip'],
  src: ['source_ip'],
  src_ip: ['source_ip'],
  src_port: ['source_port'],
  server: ['destination_ip'],
  dst: ['destination_ip'],
  dest: ['destination_ip'],
  dst_ip: ['destination_ip'],
  dst_port: ['destination_port'],
  port: ['destination_port', 'url_port'],
  country: ['source_geo_country_iso_code'],
  asn: ['source_as_number'],
  protocol: ['network_protocol'],
  transport: ['network_transport'],
  direction: ['network_direction'],
  state: ['network_state'],
  bytes: ['source_bytes', 'destination_bytes', 'network_bytes', 'http_response_bytes'],
  bytes_out: ['source_bytes', 'http_request_bytes'],
  bytes_in: ['destination_bytes', 'http_response_bytes'],
  hostname: ['host_name'],
  service: ['service_name'],
  process: ['process_name', 'process_executable'],
  parent: ['process_parent_executable'],
  pid: ['process_pid'],
  command: ['process_command_line'],
  cmd: ['process_command_line'],
  method: ['http_request_method'],
  status: ['http_response_status_code'],
  status_code: ['http_response_status_code'],
  referrer: ['http_request_referrer'],
  referer: ['http_request_referrer'],
  mime: ['http_response_mime_type'],
  site: ['url_domain'],
  url: ['url_path', 'url_original'],
  uri: ['url_path', 'url_original'],
  path: ['url_path'],
  query: ['url_query', 'dns_question_name'],
  ua: ['user_agent'],
  useragent: ['user_agent'],
  dns: ['dns_question_name'],
  rcode: ['dns_response_code'],
  provider: ['event_provider'],
  rule: ['rule_name', 'rule_id'],
  account: ['cloud_account_id'],
  region: ['cloud_region'],
  namespace: ['orchestrator_namespace'],
}

export const entityKinds = [
  'address',
  'user',
  'host',
  'domain',
  'application',
  'agent',
  'resource',
  'file',
] as const satisfies readonly EntityKind[]

export const isEntityKind = (text: string): text is EntityKind => entityKinds.some((kind) => kind === text)

/** The columns whose values are entities of a kind. */
export const columnsOfKind = (kind: EntityKind): readonly ColumnName[] =>
  columnNames.filter((name) => columnOf(name).entity === kind)

const byName: ReadonlyMap<string, readonly ColumnName[]> = new Map([
  ...Object.entries(aliases),
  ...entityKinds.map((kind) => [kind, columnsOfKind(kind)] as const),
  ...columnNames.flatMap((name) => {
    const { ecs } = columnOf(name)
    return ecs === null ? [] : [[ecs.toLowerCase(), [name]] as const]
  }),
  // A column's own name is never taken for something else.
  ...columnNames.map((name) => [name, [name]] as const),
])

export type Field =
  | { readonly kind: 'columns'; readonly columns: readonly ColumnName[] }
  /** What a format has beyond columns, by its dotted path. */
  | { readonly kind: 'path'; readonly path: string }

const pathPrefix = /^(?:other|labels)\./

/**
 * What a name stands for, or null. A name with dots that is no ECS name of ours is a path: `winlog.channel` is
 * `other.winlog.channel`.
 */
export const fieldOf = (name: string): Field | null => {
  const known = byName.get(name) ?? byName.get(name.toLowerCase())
  if (known !== undefined) return { kind: 'columns', columns: known }
  const path = name.replace(pathPrefix, '')
  return path.includes('.') || path !== name ? { kind: 'path', path } : null
}

export const isKnownField = (name: string): boolean => byName.has(name) || byName.has(name.toLowerCase())

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const swapped = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The known name that is written most like this one, if any is close. */
export const closestName = (name: string): string | null => {
  if (name.length > 60) return null
  const lower = name.toLowerCase()
  const [best] = [...byName.keys()]
    .map((known) => ({ known, far: distance(lower, known) }))
    .toSorted((a, b) => a.far - b.far)
  return best !== undefined && best.far <= Math.max(1, Math.floor(lower.length / 4)) ? best.known : null
}
