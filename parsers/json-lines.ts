import {
  defineParser,
  constant,
  parsedColumns,
  firstOf,
  integer,
  ip,
  isParsedColumn,
  json,
  lookup,
  lower,
  number,
  time,
  type ColumnValues,
  type ParsedColumn,
  type Value,
} from 'winnow'
import { nameNotAddress, outcomeOfStatus, targetColumns } from './pieces/http.ts'

const timeNames = [
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'datetime',
  'dateTime',
  'date',
  'eventTime',
  'event_time',
  'event.created',
  'created_at',
  'createdAt',
  'logged_at',
  'asctime',
  '@t',
  't',
]

/** Names that programs use beside the Elastic Common Schema's own. */
const names: Readonly<Partial<Record<ParsedColumn, readonly string[]>>> = {
  event_action: ['action', 'event', 'eventName', 'event_name', 'operation', 'event_type', 'eventType'],
  event_outcome: ['outcome', 'result'],
  event_code: ['code', 'event_id', 'eventId'],
  event_reason: ['reason', 'error', 'error.message'],
  source_ip: [
    'client_ip',
    'clientIp',
    'clientIP',
    'remote_ip',
    'remote_addr',
    'remoteAddr',
    'remoteAddress',
    'src_ip',
    'sourceIPAddress',
    'source_ip',
    'ip',
    'client.ip',
    'client_addr',
    'peer',
  ],
  source_port: ['src_port', 'client_port', 'remote_port', 'source_port'],
  destination_ip: ['dst_ip', 'dest_ip', 'server_ip', 'destination_ip', 'server.ip'],
  destination_port: ['dst_port', 'dest_port', 'server_port', 'destination_port'],
  network_protocol: ['proto', 'app_proto'],
  network_transport: ['transport'],
  user_name: [
    'user',
    'username',
    'user_name',
    'userName',
    'user.id',
    'user_id',
    'userId',
    'login',
    'account',
    'actor',
  ],
  host_name: ['hostname', 'host', 'host_name', 'server', 'node', 'instance'],
  service_name: ['service', 'app', 'application', 'logger', 'component', 'service_name'],
  process_name: ['process', 'program', 'appname'],
  process_pid: ['pid'],
  process_command_line: ['cmdline', 'command_line', 'command'],
  http_request_method: [
    'method',
    'http_method',
    'request.method',
    'req.method',
    'httpRequest.requestMethod',
    'verb',
  ],
  http_request_referrer: ['referer', 'referrer', 'http_referer'],
  http_response_status_code: [
    'status',
    'status_code',
    'statusCode',
    'response.status',
    'res.statusCode',
    'httpRequest.status',
    'http_status',
  ],
  http_response_bytes: ['bytes', 'size', 'response_size', 'bytes_sent', 'httpRequest.responseSize'],
  url_domain: ['vhost', 'domain', 'request.host'],
  url_path: ['path', 'request.uri', 'request_uri', 'uri', 'req.url'],
  url_query: ['query', 'query_string'],
  url_original: ['url', 'httpRequest.requestUrl'],
  user_agent: ['user_agent', 'userAgent', 'http_user_agent', 'agent', 'httpRequest.userAgent'],
  dns_question_name: ['qname', 'query_name'],
}

const outcomes = { ok: 'success', true: 'success', succeeded: 'success', allowed: 'success' }
const failures = { false: 'failure', failed: 'failure', error: 'failure', denied: 'failure', fail: 'failure' }

/** Set below in ways of their own. */
const special = new Set<string>(['timestamp', 'other', 'event_repeats', 'event_outcome', 'event_severity'])

type Part = (name: string) => Value

const namesOf = (column: ParsedColumn): readonly string[] => {
  const { ecs } = parsedColumns[column]
  return [...(ecs === null ? [] : [ecs]), ...(names[column] ?? [])]
}

const found = (part: Part, column: ParsedColumn): Value => firstOf(...namesOf(column).map(part))

const generic = (part: Part): ColumnValues => {
  const columns = Object.keys(parsedColumns).filter(isParsedColumn)
  return Object.fromEntries(
    columns
      .filter((column) => !special.has(column) && namesOf(column).length > 0)
      .map((column) => {
        const value = found(part, column)
        const { type } = parsedColumns[column]
        if (type === 'ip') return [column, ip(value)]
        if (type === 'number') return [column, number(value)]
        return [column, type === 'integer' ? integer(value) : value]
      }),
  )
}

// {"@timestamp":"2026-03-07T04:05:06.123Z","level":"info","message":"order paid","user":{"name":"alice"},"client_ip":"192.0.2.7"}
export default defineParser({
  id: 'json-lines',
  title: 'JSON, one object a line',
  category: 'app',
  fallback: true,
  line: json(),
  columns: (part) => {
    const outcome = lower(found(part, 'event_outcome'))
    const status = found(part, 'http_response_status_code')
    const target = targetColumns(firstOf(found(part, 'url_path'), found(part, 'url_original')))
    return {
      ...generic(part),
      url_original: target.url_original,
      url_scheme: firstOf(found(part, 'url_scheme'), target.url_scheme),
      url_port: firstOf(found(part, 'url_port'), target.url_port),
      url_path: target.url_path,
      url_query: firstOf(found(part, 'url_query'), target.url_query),
      url_domain: firstOf(found(part, 'url_domain'), target.url_domain),
      timestamp: time(firstOf(...timeNames.map(part)), 'any'),
      event_outcome: firstOf(
        lookup(outcome, { ...outcomes, ...failures }),
        lookup(outcomeOfStatus(status), { unknown: '' }),
      ),
      event_severity: firstOf(
        part('event.severity'),
        lookup(
          lower(firstOf(part('level'), part('log.level'), part('severity'), part('levelname'), part('lvl'))),
          {
            emergency: '0',
            alert: '1',
            critical: '2',
            fatal: '2',
            error: '3',
            err: '3',
            warning: '4',
            warn: '4',
            notice: '5',
            info: '6',
            information: '6',
            debug: '7',
            trace: '7',
          },
          constant(''),
        ),
      ),
      source_domain: firstOf(found(part, 'source_domain'), nameNotAddress(part('client'))),
    }
  },
})
