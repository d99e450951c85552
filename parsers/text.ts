import { defineParser, regex, time } from 'winnow'

const iso = String.raw`\d{4}[-/.]\d\d[-/.]\d\d[T _]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?`
const compact = String.raw`\d{8}T\d{6}Z?`
const access = String.raw`\d{1,2}/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}`
const mail = String.raw`(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d(?: (?:GMT|UTC|[+-]\d{4}))?`
const ctime = String.raw`(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d(?:\.\d+)? \d{4}`
const syslog = String.raw`[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d`
const epoch = String.raw`(?:1\d{18}|1\d{15}|1\d{12}|1\d{9}(?:\.\d+)?)\b`

// 2026-03-07 04:05:06,123 INFO [main] order 17 was paid
// [Sat Mar 07 04:05:06.123456 2026] [core:error] [pid 812] [client 192.0.2.9:4022] AH00126: Invalid URI
export default defineParser({
  id: 'text',
  title: 'Text lines that begin with a time',
  category: 'other',
  fallback: true,
  line: regex(
    `^[\\s\\[(<"']*(?:[A-Za-z]{2,9}[\\s\\]|:,=-]+[\\[("]?)??(?<time>${iso}|${compact}|${access}|${mail}|${ctime}|${syslog}|${epoch})`,
  ),
  columns: (part) => ({ timestamp: time(part('time'), 'any') }),
})
