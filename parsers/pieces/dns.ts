import {
  anyOf,
  capture,
  constant,
  groups,
  isLike,
  isOneOf,
  joined,
  lookup,
  replace,
  upper,
  type Test,
  type Value,
} from 'winnow'

/** Types of DNS records by number (IANA, "Resource Record (RR) TYPEs"). */
const typeNames = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  10: 'NULL',
  11: 'WKS',
  12: 'PTR',
  13: 'HINFO',
  15: 'MX',
  16: 'TXT',
  17: 'RP',
  18: 'AFSDB',
  24: 'SIG',
  25: 'KEY',
  28: 'AAAA',
  29: 'LOC',
  33: 'SRV',
  35: 'NAPTR',
  36: 'KX',
  37: 'CERT',
  39: 'DNAME',
  41: 'OPT',
  42: 'APL',
  43: 'DS',
  44: 'SSHFP',
  45: 'IPSECKEY',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  49: 'DHCID',
  50: 'NSEC3',
  51: 'NSEC3PARAM',
  52: 'TLSA',
  53: 'SMIMEA',
  55: 'HIP',
  59: 'CDS',
  60: 'CDNSKEY',
  61: 'OPENPGPKEY',
  62: 'CSYNC',
  63: 'ZONEMD',
  64: 'SVCB',
  65: 'HTTPS',
  99: 'SPF',
  108: 'EUI48',
  109: 'EUI64',
  249: 'TKEY',
  250: 'TSIG',
  251: 'IXFR',
  252: 'AXFR',
  255: 'ANY',
  256: 'URI',
  257: 'CAA',
}

/** Response codes by number (IANA, "DNS RCODEs"). */
const codeNames = {
  0: 'NOERROR',
  1: 'FORMERR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  4: 'NOTIMP',
  5: 'REFUSED',
  6: 'YXDOMAIN',
  7: 'YXRRSET',
  8: 'NXRRSET',
  9: 'NOTAUTH',
  10: 'NOTZONE',
  16: 'BADVERS',
  23: 'BADCOOKIE',
}

/** A name without the dot at its end. */
export const dnsName = (name: Value): Value => capture(name, '^(.*?)[.]?$')

/** `28`, `TYPE28`, `type=28` and `aaaa` are `AAAA`, `*` is `ANY`; a type without a name stays `TYPE65280`. */
export const dnsType = (type: Value): Value => {
  const number = capture(type, '^(?i:TYPE=?)?([0-9]{1,5})$')
  const unnamed = lookup(upper(type), { '*': 'ANY', '-': '' })
  return lookup(number, Object.fromEntries(Object.entries(typeNames)), unnamed)
}

/** Whether a text is the name of a record type. */
export const isDnsTypeName = (type: Value): Test =>
  isOneOf(upper(type), '*', 'NB', 'NBSTAT', ...Object.values(typeNames))

/** Whether a text is the number or the name of a record type. */
export const isDnsType = (type: Value): Test =>
  anyOf(isDnsTypeName(type), isLike(type, '^(?i:TYPE=?)?[0-9]{1,5}$'))

/** `3`, `nxdomain` and `NXDomain` are `NXDOMAIN`. */
export const dnsCode = (code: Value): Value => lookup(upper(code), codeNames)

/** `success` for NOERROR, `failure` for another code, nothing where there is none. */
export const outcomeOfCode = (code: Value): Value =>
  lookup(code, { NOERROR: 'success', '': '' }, constant('failure'))

const data = '"[Rr]data" ?: ?"((?:[^"\\\\]|\\\\.)*)"'

/** `["192.0.2.9","www.example.com"]` without what makes it JSON. */
export const listedAnswers = (list: Value): Value =>
  ['"', '[', ']'].reduce((text, mark) => replace(text, mark, ''), list)

/** The first five `rdata` of `[{"rrname":"www.example.com","rrtype":"A","ttl":60,"rdata":"192.0.2.9"}]`. */
export const recordAnswers = (list: Value): Value => {
  const more = `(?:.*?${data})?`
  const found = groups(list, `^\\[.*?${data}${more}${more}${more}${more}`)
  return joined([1, 2, 3, 4, 5].map(found), ',')
}

export const dnsProtocol = { network_protocol: constant('dns') }
