import {
  allOf,
  anyOf,
  isAtLeast,
  capture,
  constant,
  isOneOf,
  joined,
  isLike,
  piece,
  replace,
  rest,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'

const none = constant('')
const scheme = '[A-Za-z][A-Za-z0-9+.-]*://'
const host = '([^/?#@:* \\[\\]]+|\\[[^\\] ]*\\])(?::[0-9]*)?(?:[/?# ]|$)'

/** `success` below 400, `failure` from 400 on, `unknown` where the client got no answer. */
export const outcomeOfStatus = (status: Value): Value =>
  when(
    isAtLeast(status, 400),
    constant('failure'),
    when(isAtLeast(status, 100), constant('success'), constant('unknown')),
  )

/** A host name, where an address could stand too. */
export const nameNotAddress = (host: Value): Value => when(isLike(host, '[g-zG-Z]'), host, none)

export const addressNotName = (host: Value): Value => when(isLike(host, '[g-zG-Z]'), none, host)

/**
 * What follows `before` in `of` as a request target: a path, `*`, an absolute URL (proxies, scanners) or `host:port`
 * (CONNECT).
 */
const captured = (of: Value, before: string, after: string) => ({
  url_original: capture(of, `^${before}([^/ ].*?)${after}$`),
  url_scheme: capture(of, `^${before}([A-Za-z][A-Za-z0-9+.-]*)://`),
  url_domain: capture(of, `^${before}(?:${scheme}(?:[^/?#@ ]*@)?)?${host}`),
  url_port: capture(of, `^${before}(?:${scheme})?[^/?# ]*:([0-9]+)(?:[/?# ]|$)`),
  url_path: capture(of, `^${before}(?:${scheme}[^/?# ]*)?([/*][^?]*?)(?:[?].*?)?${after}$`),
  url_query: capture(of, `^${before}[^?]*[?](.*?)${after}$`),
})

/** A request target: a path, `*`, an absolute URL or `host:port`. */
export const targetColumns = (target: Value) => {
  const isPath = isLike(target, '^/')
  const isUrl = isLike(target, '^[a-z]+://[A-Za-z0-9._-]+(?::[0-9]+)?/')
  // Empty for usual targets, so that the expressions below cost next to nothing for them.
  const slow = captured(when(anyOf(isPath, isUrl), none, target), '', '')
  const authority = piece(target, '/', 3)
  const fast = (path: Value, url: Value, otherwise: Value): Value =>
    when(isPath, path, when(isUrl, url, otherwise))
  return {
    url_original: when(isPath, none, target),
    url_scheme: fast(none, piece(target, ':', 1), slow.url_scheme),
    url_domain: fast(none, piece(authority, ':', 1), slow.url_domain),
    url_port: fast(none, piece(authority, ':', 2), slow.url_port),
    url_path: fast(
      piece(target, '?', 1),
      joined([constant('/'), rest(piece(target, '?', 1), '/', 4)], ''),
      slow.url_path,
    ),
    url_query: rest(target, '?', 2),
  } satisfies ColumnValues
}

/** A request line: `GET /path?query HTTP/1.1`, also without a version (HTTP/0.9) and with spaces in the path. */
export const requestColumns = (request: Value) => {
  const second = piece(request, ' ', 2)
  const third = piece(request, ' ', 3)
  const versions = ['HTTP/1.1', 'HTTP/2.0', 'HTTP/1.0', 'HTTP/2', 'HTTP/3.0', 'HTTP/3']
  const isUsual = allOf(isOneOf(third, ...versions), isLike(request, '^[A-Za-z_-]+ /'))
  // Empty for usual requests, so that the expressions below cost next to nothing for them.
  const odd = when(isUsual, none, request)
  const slow = captured(odd, '[A-Za-z_-]+ +', '(?: +HTTP/[0-9.]+)?')
  const pathAndQuery = when(
    isUsual,
    second,
    capture(odd, `^[A-Za-z_-]+ +(?:${scheme}[^/?# ]*)?([/*?].*?)(?: +HTTP/[0-9.]+)?$`),
  )
  return {
    http_request_method: when(isUsual, piece(request, ' ', 1), capture(odd, '^([A-Za-z_-]+) ')),
    http_version: when(isUsual, replace(third, 'HTTP/', ''), capture(odd, ' HTTP/([0-9.]+)$')),
    url_original: slow.url_original,
    url_scheme: slow.url_scheme,
    url_domain: slow.url_domain,
    url_port: slow.url_port,
    url_path: piece(pathAndQuery, '?', 1),
    url_query: rest(pathAndQuery, '?', 2),
  } satisfies ColumnValues
}
