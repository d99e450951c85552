import {
  allOf,
  anyOf,
  capture,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  json,
  joined,
  object,
  piece,
  isPresent,
  text,
  time,
  when,
} from 'winnow'
import { nameNotAddress, outcomeOfStatus, requestColumns } from './pieces/http.ts'

// {"time_iso8601":"2026-03-07T04:05:06+00:00","remote_addr":"192.0.2.7","request":"GET / HTTP/1.1","status":200,"body_bytes_sent":612}
export default defineParser({
  id: 'nginx-json',
  title: 'NGINX access logs as JSON',
  category: 'web',
  line: json(),
  where: (part) =>
    allOf(
      anyOf(isPresent(part('remote_addr')), isPresent(part('realip_remote_addr'))),
      isPresent(part('status')),
      anyOf(
        isPresent(part('request')),
        isPresent(part('request_uri')),
        isPresent(part('uri')),
        isPresent(part('request_method')),
        isPresent(part('body_bytes_sent')),
        isPresent(part('bytes_sent')),
      ),
    ),
  columns: (part) => {
    const absent = { absent: '-' }
    const client = firstOf(part('remote_addr'), part('realip_remote_addr'))
    const query = text(firstOf(part('args'), part('query_string')), absent)
    const target = firstOf(part('request_uri'), joined([part('uri'), query], '?'))
    const version = firstOf(part('server_protocol'), part('protocol'))
    const request = when(
      isPresent(part('request')),
      part('request'),
      joined([firstOf(part('request_method'), part('method')), target, version], ' '),
    )
    const seconds = firstOf(part('request_time'), part('upstream_response_time'))
    const bytes = firstOf(part('body_bytes_sent'), part('bytes_sent'))
    const host = text(firstOf(part('http_host'), part('host'), part('server_name')), absent)
    const fromRequest = requestColumns(request)
    return {
      timestamp: time(
        firstOf(
          part('time_iso8601'),
          part('msec'),
          part('time_local'),
          part('@timestamp'),
          part('timestamp'),
          part('time'),
          part('ts'),
        ),
        'any',
      ),
      ...fromRequest,
      event_action: constant('request'),
      event_outcome: outcomeOfStatus(part('status')),
      event_duration: integer(piece(seconds, ',', 1), { times: 1_000_000_000 }),
      source_ip: ip(client),
      source_domain: nameNotAddress(client),
      source_port: part('remote_port'),
      destination_ip: ip(part('server_addr')),
      destination_port: part('server_port'),
      user_name: text(part('remote_user'), absent),
      service_name: text(firstOf(part('server_name'), part('host')), absent),
      url_scheme: firstOf(part('scheme'), fromRequest.url_scheme),
      url_domain: firstOf(capture(host, '^(\\[[^\\]]*\\]|[^:]*)'), fromRequest.url_domain),
      http_request_bytes: part('request_length'),
      http_response_status_code: integer(part('status')),
      http_response_bytes: integer(bytes),
      http_response_mime_type: text(firstOf(part('sent_http_content_type'), part('content_type')), absent),
      http_request_referrer: text(
        firstOf(part('http_referer'), part('http_referrer'), part('referer')),
        absent,
      ),
      user_agent: text(firstOf(part('http_user_agent'), part('user_agent'), part('agent')), absent),
      other: object({
        forwarded_for: text(firstOf(part('http_x_forwarded_for'), part('proxy_add_x_forwarded_for')), absent),
        request_id: part('request_id'),
        upstream: text(part('upstream_addr'), absent),
        upstream_status: text(part('upstream_status'), absent),
        tls_protocol: text(part('ssl_protocol'), absent),
        tls_cipher: text(part('ssl_cipher'), absent),
        country: text(firstOf(part('geoip_country_code'), part('geoip2_data_country_code')), absent),
      }),
    }
  },
})
