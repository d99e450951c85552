import {
  allOf,
  constant,
  defineParser,
  isOneOf,
  integer,
  ip,
  isLike,
  isNot,
  quoted,
  text,
  time,
  when,
} from 'winnow'
import { nameNotAddress, outcomeOfStatus, requestColumns } from './pieces/http.ts'

// 192.0.2.7 - alice [10/Oct/2026:13:55:36 -0700] "GET /a?b=1 HTTP/1.1" 200 2326 "https://example.com/" "Mozilla/5.0"
export default defineParser({
  id: 'apache-access',
  title: 'Apache and NGINX access logs, common and combined',
  category: 'web',
  line: quoted('client ident user [time] "request" status bytes "referrer"? "agent"?'),
  where: (part) =>
    allOf(
      isLike(part('status'), '^(?:[0-9]{3}|-)$'),
      // A virtual host before the client: another format. Empty for usual lines, which cost next to nothing then.
      isNot(
        isLike(
          when(isOneOf(part('ident'), '-'), constant(''), part('client')),
          '^(?:[^:]+|\\[.*\\]):[0-9]+$',
        ),
      ),
    ),
  columns: (part) => ({
    timestamp: time(part('time'), '%d/%b/%Y:%H:%i:%s %z'),
    event_action: constant('request'),
    event_outcome: outcomeOfStatus(part('status')),
    source_ip: ip(part('client')),
    source_domain: nameNotAddress(part('client')),
    user_name: text(part('user'), { absent: '-' }),
    ...requestColumns(part('request')),
    http_response_status_code: integer(part('status')),
    http_response_bytes: integer(part('bytes')),
    http_request_referrer: text(part('referrer'), { absent: '-' }),
    user_agent: text(part('agent'), { absent: '-' }),
  }),
})
