import { constant, groups, isLike, lookup, lower, once, when, type ColumnValues, type Value } from 'winnow'

/** Internet protocol numbers that logs name: https://www.iana.org/assignments/protocol-numbers. */
const protocolNumbers = {
  '1': 'icmp',
  '2': 'igmp',
  '6': 'tcp',
  '17': 'udp',
  '41': 'ipv6',
  '47': 'gre',
  '50': 'esp',
  '51': 'ah',
  '58': 'icmpv6',
  '89': 'ospf',
  '112': 'vrrp',
  '132': 'sctp',
}

/** `tcp`, `udp` … of a name or a number. */
export const transportOf = (protocol: Value): Value => lookup(protocol, protocolNumbers, lower(protocol))

const stopped =
  '(?i)fail|block|drop|rejec|den[yi]|discard|reset|prevent|quarantin|terminat|sinkhole|not allowed'
const passed = '(?i)allow|accept|permit|pass|forward|success|detect|alert|monitor'

/** `failure` where a device says that it stopped something, `success` where it let it pass, else `unknown`. */
export const outcomeOfAction = (action: Value): Value =>
  when(
    isLike(action, stopped),
    constant('failure'),
    when(isLike(action, passed), constant('success'), constant('unknown')),
  )

/** A URL as devices report one, its scheme left out by some: `www.example.com/a?b=c`, or a path alone. */
export const reportedUrl = (url: Value) => {
  const found = groups(url, '^(?:([A-Za-z]+)://)?([^/:?]*|\\[[^\\]]*\\])(?::([0-9]+))?(/[^?]*)?(?:[?](.*))?$')
  return {
    url_original: url,
    url_scheme: found(1),
    url_domain: once(found(2)),
    url_port: found(3),
    url_path: found(4),
    url_query: found(5),
  } satisfies ColumnValues
}
