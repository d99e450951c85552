import { allOf, defineParser, delimited, integer, ip, isLike, piece, text, time } from 'winnow'
import { nameNotAddress, outcomeOfStatus, targetColumns } from './pieces/http.ts'
import { askedServer, destinationOf } from './pieces/squid.ts'

// 1517336221.469    919 192.0.2.106 TCP_MISS/301 478 GET http://www.example.com/a - HIER_DIRECT/198.51.100.170 text/html
export default defineParser({
  id: 'squid-native',
  title: 'Squid access logs, native format',
  category: 'proxy',
  // What a longer logformat or log_mime_hdrs appends is left alone.
  line: delimited({
    separator: ' ',
    collapse: true,
    names: ['time', 'elapsed', 'client', 'result', 'bytes', 'method', 'url', 'user', 'peer', 'type'],
  }),
  where: (part) =>
    allOf(
      isLike(part('result'), '^[A-Z_]+/(?:[0-9]{1,3}|-)$'),
      isLike(part('time'), '^[0-9]{9,10}(?:[.][0-9]+)?$'),
    ),
  columns: (part) => {
    const status = piece(part('result'), '/', 2)
    const url = targetColumns(text(part('url'), { absent: '-' }))
    return {
      ...url,
      ...destinationOf(url, part('method'), askedServer(part('peer'), piece(part('peer'), '/', 2))),
      timestamp: time(part('time'), { epoch: 'seconds' }),
      event_action: piece(part('result'), '/', 1),
      event_outcome: outcomeOfStatus(status),
      event_code: part('result'),
      event_duration: integer(part('elapsed'), { times: 1_000_000 }),
      source_ip: ip(part('client')),
      source_domain: nameNotAddress(part('client')),
      destination_bytes: integer(part('bytes')),
      user_name: text(part('user'), { absent: '-' }),
      http_request_method: text(part('method'), { absent: ['-', 'NONE'] }),
      http_response_status_code: integer(status),
      http_response_bytes: integer(part('bytes')),
      http_response_mime_type: text(part('type'), { absent: '-' }),
    }
  },
})
