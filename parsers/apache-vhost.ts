import { allOf, capture, constant, defineParser, integer, ip, isLike, quoted, text, time } from 'winnow'
import { nameNotAddress, outcomeOfStatus, requestColumns } from './pieces/http.ts'

// shop.example.com:443 192.0.2.7 - alice [10/Oct/2026:13:55:36 -0700] "GET / HTTP/1.1" 200 2326 "-" "Mozilla/5.0"
export default defineParser({
  id: 'apache-vhost',
  title: 'Apache access logs with virtual host (vhost_combined)',
  category: 'web',
  line: quoted('host client ident user [time] "request" status bytes "referrer"? "agent"?'),
  where: (part) =>
    allOf(isLike(part('host'), '^[^ ]+:[0-9]{1,5}$'), isLike(part('status'), '^(?:[0-9]{3}|-)$')),
  columns: (part) => {
    const name = capture(part('host'), '^(.*):[0-9]+$')
    const port = capture(part('host'), ':([0-9]+)$')
    return {
      timestamp: time(part('time'), '%d/%b/%Y:%H:%i:%s %z'),
      event_action: constant('request'),
      event_outcome: outcomeOfStatus(part('status')),
      source_ip: ip(part('client')),
      source_domain: nameNotAddress(part('client')),
      user_name: text(part('user'), { absent: '-' }),
      ...requestColumns(part('request')),
      service_name: name,
      url_domain: name,
      url_port: port,
      destination_port: port,
      http_response_status_code: integer(part('status')),
      http_response_bytes: integer(part('bytes')),
      http_request_referrer: text(part('referrer'), { absent: '-' }),
      user_agent: text(part('agent'), { absent: '-' }),
    }
  },
})
