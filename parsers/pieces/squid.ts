import {
  capture,
  constant,
  firstOf,
  ip,
  isLike,
  isOneOf,
  lookup,
  lower,
  text,
  when,
  type ColumnValues,
  type Value,
} from 'winnow'
import { addressNotName, nameNotAddress } from './http.ts'

const none = constant('')

/** Whom Squid asked, where that is the server itself: a parent or sibling says nothing of where the client went. */
export const askedServer = (hierarchy: Value, peer: Value): Value =>
  when(isLike(hierarchy, 'PARENT|SIBLING|CARP|DIGEST'), none, text(peer, { absent: '-' }))

/** Where a request went: by its URL, and by the server that was asked where the URL has no name or address. */
export const destinationOf = (
  url: { readonly url_scheme: Value; readonly url_domain: Value; readonly url_port: Value },
  method: Value,
  server: Value,
) => {
  const address = capture(url.url_domain, '^\\[?([0-9A-Fa-f:.]+)\\]?$')
  const usualPort = lookup(lower(url.url_scheme), { http: '80', https: '443', ftp: '21' }, none)
  return {
    destination_ip: ip(firstOf(addressNotName(server), addressNotName(address))),
    destination_domain: nameNotAddress(firstOf(url.url_domain, server)),
    destination_port: firstOf(url.url_port, usualPort),
    network_protocol: when(isOneOf(method, 'CONNECT'), constant('tls'), lower(url.url_scheme)),
  } satisfies ColumnValues
}
