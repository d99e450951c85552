import {
  allOf,
  anyOf,
  isAtLeast,
  constant,
  groups,
  isOneOf,
  joined,
  isLike,
  piece,
  lookup,
  rest,
  when,
  type ColumnValues,
  type Test,
  type Value,
} from 'winnow'

const none = constant('')

/** `success` below 400, `failure` from 400 on, `unknown` where the client got no answer. */
export const outcomeOfStatus = (status: Value): Value =>
  when(
    isAtLeast(status, 400),
    constant('failure'),
    when(isAtLeast(status, 100), constant('success'), constant('unknown')),
  )

/** No address has letters beyond f, nor any letter without a colon: DC1 is a name. */
const isName = (host: Value): Test => isLike(host, '[g-zG-Z]|^[^:]*[A-Za-z][^:]*$')

/** A host name, where an address could stand too. */
export const nameNotAddress = (host: Value): Value => when(isName(host), host, none)

export const addressNotName = (host: Value): Value => when(isName(host), none, host)

const host = '([^/?#@:* \\[\\]]+|\\[[^\\] ]*\\])'

/**
 * A request target in one expression: scheme, host, port, path, query. A path, `*`, an absolute URL (proxies, scanners)
 * or `host:port` (CONNECT). The outer group is the target as it was sent.
 */
const targetPattern = `((?:(?:([A-Za-z][A-Za-z0-9+.-]*)://)(?:[^/?#@ ]*@)?)?(?:${host}(?::([0-9]*))?)?([/*][^?]*?)?(?:[?](.*?))?)`

const ofGroups = (group: (index: number) => Value, first: number): Required<TargetColumns> => ({
  url_original: when(isLike(group(first), '^/'), none, group(first)),
  url_scheme: group(first + 1),
  url_domain: group(first + 2),
  url_port: group(first + 3),
  url_path: group(first + 4),
  url_query: group(first + 5),
})

type TargetColumns = Pick<
  ColumnValues,
  'url_original' | 'url_scheme' | 'url_domain' | 'url_port' | 'url_path' | 'url_query'
>

/** A request target: a path, `*`, an absolute URL or `host:port`. */
export const targetColumns = (target: Value) => {
  const isPath = isLike(target, '^/')
  const isUrl = isLike(target, '^[a-z]+://[A-Za-z0-9._-]+(?::[0-9]+)?/')
  // Empty for usual targets, so that the expression below costs next to nothing for them.
  const odd = when(anyOf(isPath, isUrl), none, target)
  const slow = ofGroups(groups(odd, `^${targetPattern}$`), 1)
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

const usualVersions = {
  'HTTP/1.1': '1.1',
  'HTTP/2.0': '2.0',
  'HTTP/1.0': '1.0',
  'HTTP/2': '2',
  'HTTP/3.0': '3.0',
  'HTTP/3': '3',
}
const usualMethods = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'REPORT']

/** A request line: `GET /path?query HTTP/1.1`, also without a version (HTTP/0.9) and with spaces in the path. */
export const requestColumns = (request: Value) => {
  const [method, target, version] = [1, 2, 3].map((index) => piece(request, ' ', index)) as [
    Value,
    Value,
    Value,
  ]
  const isUsual = allOf(
    isOneOf(version, ...Object.keys(usualVersions)),
    isOneOf(method, ...usualMethods),
    isLike(target, '^/'),
  )
  // Empty for usual requests, so that the expression below costs next to nothing for them.
  const odd = groups(when(isUsual, none, request), `^([A-Za-z_-]+) +${targetPattern}(?: +HTTP/([0-9.]+))?$`)
  const slow = ofGroups(odd, 2)
  const usualOr = (usual: Value, otherwise: Value): Value => when(isUsual, usual, otherwise)
  return {
    http_request_method: usualOr(method, odd(1)),
    http_version: usualOr(lookup(version, usualVersions), odd(8)),
    url_original: slow.url_original,
    url_scheme: slow.url_scheme,
    url_domain: slow.url_domain,
    url_port: slow.url_port,
    url_path: usualOr(piece(target, '?', 1), slow.url_path),
    url_query: usualOr(rest(target, '?', 2), slow.url_query),
  } satisfies ColumnValues
}
