import {
  constant,
  defineParser,
  integer,
  ip,
  isLike,
  object,
  piece,
  quoted,
  text,
  time,
  variant,
  type ColumnValues,
  type Value,
} from 'winnow'
import { nameNotAddress, outcomeOfStatus, requestColumns } from './pieces/http.ts'
import { destinationOf } from './pieces/squid.ts'

type Fields = 'client' | 'user' | 'time' | 'request' | 'status' | 'bytes' | 'result'

const result = '^[A-Z_]+:[A-Z_]+$'

const columns = (part: (name: Fields) => Value): ColumnValues => {
  const request = requestColumns(part('request'))
  return {
    ...request,
    ...destinationOf(request, request.http_request_method, constant('')),
    timestamp: time(part('time'), '%d/%b/%Y:%H:%i:%s %z'),
    event_action: piece(part('result'), ':', 1),
    event_outcome: outcomeOfStatus(part('status')),
    event_code: part('result'),
    source_ip: ip(part('client')),
    source_domain: nameNotAddress(part('client')),
    destination_bytes: integer(part('bytes')),
    user_name: text(part('user'), { absent: '-' }),
    http_response_status_code: integer(part('status')),
    http_response_bytes: integer(part('bytes')),
    other: object({ hierarchy: piece(part('result'), ':', 2) }),
  }
}

export default defineParser({
  id: 'squid-combined',
  title: 'Squid access logs, common and combined',
  category: 'proxy',
  variants: [
    // 192.0.2.106 - alice [10/Oct/2026:13:55:36 -0700] "GET http://www.example.com/a HTTP/1.1" 200 2326 "-" "Mozilla/5.0" TCP_MISS:HIER_DIRECT
    variant(
      quoted('client ident user [time] "request" status bytes "referrer" "agent" result'),
      (part) => ({
        ...columns(part),
        http_request_referrer: text(part('referrer'), { absent: '-' }),
        user_agent: text(part('agent'), { absent: '-' }),
      }),
      (part) => isLike(part('result'), result),
    ),
    // 192.0.2.106 - alice [10/Oct/2026:13:55:36 -0700] "GET http://www.example.com/a HTTP/1.1" 200 2326 TCP_MISS:HIER_DIRECT
    variant(quoted('client ident user [time] "request" status bytes result'), columns, (part) =>
      isLike(part('result'), result),
    ),
  ],
})
