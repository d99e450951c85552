import {
  defineEnvelope,
  envelopeVariant,
  firstOf,
  lookup,
  constant,
  regex,
  text,
  time,
  type Value,
} from 'winnow'

const severityOf = (priority: Value): Value =>
  lookup(
    priority,
    Object.fromEntries(Array.from({ length: 192 }, (_, number) => [String(number), String(number % 8)])),
    constant(''),
  )

const absent = { absent: '-' }

export default defineEnvelope({
  id: 'syslog',
  title: 'Syslog (RFC 3164, rsyslog with ISO times, RFC 5424)',
  variants: [
    // <38>Mar  7 04:05:06 web-1 sshd[812]: Accepted publickey for alice from 192.0.2.7 port 50212 ssh2
    // Programs that write such files themselves leave the host out: Mar  7 04:05:06 dnsmasq[812]: started
    envelopeVariant(
      regex(
        '^(?:<(?<priority>\\d{1,3})>)?(?<time>[A-Z][a-z]{2} [ \\d]?\\d \\d{2}:\\d{2}:\\d{2}) (?:(?<host>[^\\s\\[]*[^\\s\\[:]|\\[\\S+) )?(?:(?<program>[^\\s\\[:%][^\\s\\[:]*)(?:\\[(?<pid>\\d+)(?:\\]: ?|:[0-9a-f]+\\] )|: ?))?(?<message>.*)$',
      ),
      (part) => part('message'),
      (part) => ({
        timestamp: time(part('time'), 'rfc3164'),
        host_name: part('host'),
        process_name: part('program'),
        process_pid: part('pid'),
        event_severity: severityOf(part('priority')),
      }),
    ),
    // 2026-03-07T04:05:06.123456+01:00 web-1 sshd[812]: Accepted publickey for alice from 192.0.2.7 port 50212 ssh2
    envelopeVariant(
      regex(
        '^(?:<(?<priority>\\d{1,3})>)?(?<time>\\d{4}-\\d{2}-\\d{2}T\\S+) (?<host>[\\w.:-]*[\\w.-]):? (?:(?:(?<program>[^\\s\\[:%][^\\s\\[:]*)(?:\\[(?<pid>\\d+)\\])?:(?: |$)|(?:last )?message repeated )(?<message>.*)|:? ?(?<coded>%.*))$',
      ),
      (part) => firstOf(part('message'), part('coded')),
      (part) => ({
        timestamp: time(part('time'), 'iso'),
        host_name: part('host'),
        process_name: part('program'),
        process_pid: part('pid'),
        event_severity: severityOf(part('priority')),
      }),
    ),
    // <34>1 2003-10-11T22:14:15.003Z web-1 su - ID47 [origin@32473 ip="192.0.2.7"] 'su root' failed for alice
    envelopeVariant(
      regex(
        '^<(?<priority>\\d{1,3})>[1-9]\\d? (?<time>\\S+) (?<host>\\S+) (?<program>\\S+) (?<pid>\\S+) (?<id>\\S+) (?:-|(?<data>(?:\\[(?:[^\\]"\\\\]|\\\\.|"(?:[^"\\\\]|\\\\.)*")*\\])+))(?: \\x{FEFF}?(?<message>.*))?$',
      ),
      (part) => part('message'),
      (part) => ({
        timestamp: time(part('time'), 'iso'),
        host_name: text(part('host'), absent),
        process_name: text(part('program'), absent),
        process_pid: text(part('pid'), absent),
        event_code: text(part('id'), absent),
        event_severity: severityOf(part('priority')),
      }),
    ),
  ],
})
