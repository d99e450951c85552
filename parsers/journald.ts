import { defineEnvelope, envelopeVariant, firstOf, fromBytes, json, isLike, time, when } from 'winnow'

// {"__REALTIME_TIMESTAMP":"1772856306123456","_HOSTNAME":"web-1","SYSLOG_IDENTIFIER":"sshd","_PID":"812","MESSAGE":"…"}
export default defineEnvelope({
  id: 'journald',
  title: 'systemd journal (journalctl -o json)',
  variants: [
    envelopeVariant(
      json({ require: ['__REALTIME_TIMESTAMP'] }),
      // A message with bytes that are not printable comes as an array of them.
      (part) =>
        when(isLike(part('MESSAGE'), '^\\[[0-9, ]+\\]$'), fromBytes(part('MESSAGE')), part('MESSAGE')),
      (part) => ({
        timestamp: time(firstOf(part('_SOURCE_REALTIME_TIMESTAMP'), part('__REALTIME_TIMESTAMP')), {
          epoch: 'microseconds',
        }),
        host_name: part('_HOSTNAME'),
        process_name: firstOf(part('SYSLOG_IDENTIFIER'), part('_COMM')),
        process_pid: firstOf(part('_PID'), part('SYSLOG_PID')),
        event_severity: part('PRIORITY'),
      }),
    ),
  ],
})
