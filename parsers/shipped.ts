import {
  capture,
  constant,
  defineEnvelope,
  envelopeVariant,
  firstOf,
  groups,
  integer,
  ip,
  isLike,
  json,
  lookup,
  lower,
  time,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'

type Part = (name: string) => Value

/** A syslog header before the line: <38>Mar  7 04:05:06 web-1 sshd[812]: …, or the same with an ISO time. */
const header = String.raw`^(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]?\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})) ([\w.:-]*[\w.-]) ([^\s\[:%][^\s\[:]*)(?:\[(\d+)\])?: ?(.*)`

/** The line without its end, which Docker keeps. */
const whole = (line: Value): Value => capture(line, String.raw`^((?s:.*?))[\r\n]*$`)

const inside = (line: Value): Value => when(isLike(line, header), groups(line, header)(5), whole(line))

const severities = {
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
  debug: '7',
  trace: '7',
}

interface Said {
  readonly line: Value
  /** When it was shipped: where the line has no time of its own. */
  readonly shipped: Value
  readonly host: Value
  readonly program?: Value
  readonly service?: Value
  readonly level?: Value
  /** What programs and OpenTelemetry's libraries say beside a line. */
  readonly beside?: ColumnValues
}

const columnsOf = ({ line, shipped, host, program, service, level, beside }: Said): ColumnValues => {
  const syslog = groups(line, header)
  return {
    ...beside,
    timestamp: time(firstOf(syslog(1), shipped), 'any'),
    host_name: firstOf(syslog(2), host),
    process_name: program === undefined ? syslog(3) : firstOf(syslog(3), program),
    process_pid: syslog(4),
    ...(service === undefined ? {} : { service_name: service }),
    ...(level === undefined ? {} : { event_severity: lookup(lower(level), severities, constant('')) }),
  }
}

const shape = (require: readonly (string | readonly string[])[], said: (part: Part) => Said) =>
  envelopeVariant<string>(
    json({ require }),
    (part) => inside(said(part).line),
    (part) => columnsOf(said(part)),
  )

/** What only shippers say: a program's own JSON with a message is read as what it is. */
const marks = ['input.type', 'agent.type', 'log.file.path', 'log.offset', 'source_type', 'sourcetype']

export default defineEnvelope({
  id: 'shipped',
  title:
    'Lines in JSON, as shippers send them (Filebeat, Fluent Bit, Vector, Docker, Splunk, Loki, OpenTelemetry)',
  lines: ['apache-vhost', 'apache-access'],
  variants: [
    // {"@timestamp":"2026-03-07T04:05:06.123Z","message":"…","log":{"file":{"path":"/var/log/auth.log"},"offset":0},"agent":{"type":"filebeat"},"host":{"name":"web-1"}}
    // {"file":"/var/log/auth.log","host":"web-1","message":"…","source_type":"file","timestamp":"2026-03-07T04:05:06.123456789Z"}
    // {"time":1772856306.123,"host":"web-1","source":"/var/log/auth.log","sourcetype":"linux_secure","event":"…"}
    shape([['message', 'event'], [...marks]], (part) => ({
      line: firstOf(part('message'), part('event')),
      shipped: firstOf(part('@timestamp'), part('timestamp'), part('time')),
      host: firstOf(part('host.name'), part('host.hostname'), part('host'), part('hostname')),
      program: firstOf(part('container.name'), part('appname'), part('container_name'), part('service.name')),
      service: firstOf(part('service.name'), part('kubernetes.container.name')),
      level: part('log.level'),
      beside: {
        source_ip: ip(
          firstOf(part('client.address'), part('source.ip'), part('source.address'), part('client.ip')),
        ),
        user_name: firstOf(part('user.name'), part('enduser.id')),
        http_request_method: part('http.request.method'),
        http_response_status_code: integer(part('http.response.status_code')),
        url_path: part('url.path'),
      },
    })),
    // {"log":"…\n","stream":"stdout","time":"2026-03-07T04:05:06.123456789Z"}
    // {"@timestamp":"2026-03-07T04:05:06.123Z","log":"…","kubernetes":{"pod_name":"shop-1","container_name":"shop","host":"node-1"}}
    shape(['log', ['stream', '@timestamp', 'date']], (part) => ({
      line: part('log'),
      shipped: firstOf(part('time'), part('@timestamp'), part('date'), part('timestamp')),
      host: firstOf(part('kubernetes.host'), part('hostname'), part('host')),
      program: firstOf(part('kubernetes.container_name'), part('container_name')),
    })),
  ],
})
