import {
  constant,
  defineParser,
  delimited,
  firstOf,
  integer,
  ip,
  joined,
  object,
  isPresent,
  replace,
  text,
  time,
} from 'winnow'
import { outcomeOfStatus } from './pieces/http.ts'

// #Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) sc-status time-taken
// 2026-03-07 04:05:06 192.0.2.80 GET /default.aspx id=7 443 EXAMPLE\alice 198.51.100.7 Mozilla/5.0+(Windows+NT+10.0) 200 31
export default defineParser({
  id: 'iis-w3c',
  title: 'IIS and other W3C extended logs',
  category: 'web',
  line: delimited({
    separator: ' ',
    header: '#Fields:',
    comment: '#',
    names: [
      'date',
      'time',
      's-sitename',
      's-computername',
      's-ip',
      'cs-method',
      'cs-uri-stem',
      'cs-uri-query',
      'cs-uri',
      's-port',
      'cs-username',
      'c-ip',
      'c-port',
      'cs-version',
      'cs(User-Agent)',
      'cs(Referer)',
      'cs-host',
      'cs(Host)',
      'sc-status',
      'sc-substatus',
      'sc-win32-status',
      'sc-bytes',
      'cs-bytes',
      'time-taken',
      'X-Forwarded-For',
    ],
  }),
  where: (part) => isPresent(part('date')),
  columns: (part) => {
    const absent = { absent: '-' }
    const user = text(part('cs-username'), absent)
    const host = text(firstOf(part('cs-host'), part('cs(Host)')), absent)
    return {
      // The standard says UTC.
      timestamp: time(joined([part('date'), part('time'), constant('Z')], ' '), 'iso'),
      event_action: constant('request'),
      event_outcome: outcomeOfStatus(part('sc-status')),
      event_code: joined([part('sc-status'), text(part('sc-substatus'), { absent: ['-', '0'] })], '.'),
      event_duration: integer(part('time-taken'), { times: 1_000_000 }),
      source_ip: ip(part('c-ip')),
      source_port: part('c-port'),
      source_bytes: part('cs-bytes'),
      destination_ip: ip(part('s-ip')),
      destination_port: part('s-port'),
      destination_bytes: part('sc-bytes'),
      user_name: user,
      host_name: text(part('s-computername'), absent),
      service_name: text(part('s-sitename'), absent),
      http_request_method: text(part('cs-method'), absent),
      http_request_referrer: text(part('cs(Referer)'), absent),
      http_request_bytes: part('cs-bytes'),
      http_response_status_code: integer(part('sc-status')),
      http_response_bytes: part('sc-bytes'),
      http_version: replace(text(part('cs-version'), absent), 'HTTP/', ''),
      url_domain: host,
      url_port: part('s-port'),
      url_path: text(firstOf(part('cs-uri-stem'), part('cs-uri')), absent),
      url_query: text(part('cs-uri-query'), absent),
      user_agent: replace(text(part('cs(User-Agent)'), absent), '+', ' '),
      other: object({
        win32_status: text(part('sc-win32-status'), { absent: ['-', '0'] }),
        forwarded_for: replace(text(part('X-Forwarded-For'), absent), '+', ' '),
      }),
    }
  },
})
