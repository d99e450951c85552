/**
 * A Squid `logformat` → a parser of the lines it writes.
 *
 * @module
 */
import {
  capture,
  constant,
  defineParser,
  delimited,
  firstOf,
  integer,
  ip,
  isLike,
  joined,
  lower,
  object,
  regex,
  replace,
  text,
  time,
  variant,
  when,
  type ColumnValues,
  type Line,
  type Parser,
  type Value,
} from 'winnow'
import { nameNotAddress, outcomeOfStatus, targetColumns } from './http.ts'
import { tokensOf, type Code, type Token } from './squid-codes.ts'
import { askedServer, destinationOf } from './squid.ts'
import { escaped, missingFrom, momentOf, timePattern } from './strftime.ts'

type Part = (name: string) => Value

/** Squid's own form of `%tl` and `%tg`. */
const usualTime = '%d/%b/%Y:%H:%M:%S %z'

const none = constant('')

const isClock = (code: Code): boolean => code.name === 'tl' || code.name === 'tg'

const clockOf = (code: Code) =>
  timePattern(code.argument === '' ? usualTime : code.argument, `${code.group}_`)

const isCode = (token: Token): token is Code => token.kind === 'code'

/** Unpadded codes between tabs need no expression. */
const lineOf = (tokens: readonly Token[]): Line<string> => {
  const isTable =
    tokens.length > 2 &&
    tokens.every((token, i) =>
      i % 2 === 0
        ? token.kind === 'code' && !token.padded && !isClock(token)
        : token.kind === 'text' && token.text === '\t',
    )
  if (isTable) return delimited({ separator: '\t', names: tokens.filter(isCode).map(({ group }) => group) })
  const patterns = tokens.map((token) => {
    if (token.kind === 'text') return escaped(token.text)
    if (isClock(token)) return clockOf(token).pattern
    const value = `(?<${token.group}>${token.pattern})`
    // A width pads with spaces, on either side.
    return token.padded ? ` *${value} *` : value
  })
  return regex<string>(`^${patterns.join('')}$`)
}

/** Three digits, as `%03tu` writes them; without the width it is a number of milliseconds. */
const threeDigits = (milliseconds: Value): Value =>
  when(
    isLike(milliseconds, '^.$'),
    joined([constant('00'), milliseconds], ''),
    when(isLike(milliseconds, '^..$'), joined([constant('0'), milliseconds], ''), milliseconds),
  )

const timestampOf = (codes: readonly Code[], part: Part): Value => {
  const named = (name: string): Value | undefined => {
    const code = codes.find((one) => one.name === name)
    return code === undefined ? undefined : part(code.group)
  }
  const fraction = named('tu')
  const milliseconds = fraction === undefined ? undefined : threeDigits(fraction)
  const seconds = named('ts') ?? named('tS')
  if (seconds !== undefined) {
    const written = milliseconds === undefined || named('ts') === undefined ? [] : [milliseconds]
    return time(joined([seconds, ...written], '.'), { epoch: 'seconds' })
  }
  const clocks = codes.filter(isClock)
  const value = (letter: string): Value | undefined => {
    const clock = clocks.find((code) => clockOf(code).letters.includes(letter))
    return clock === undefined ? undefined : part(`${clock.group}_${letter}`)
  }
  return momentOf(
    value,
    milliseconds,
    clocks.every((code) => code.name === 'tg'),
  )
}

/** The first of some codes that is there and says something; empty where the format has none of them. */
const picker =
  (codes: readonly Code[], part: Part) =>
  (...names: readonly string[]): Value => {
    const found = names.flatMap((name) => codes.filter((code) => keyOf(code) === name))
    const values = found.map((code) => {
      const written = part(code.group)
      // Shell-like encoding puts quotes around what has spaces.
      const bare = code.pattern.startsWith('"') ? capture(written, '^"?(.*?)"?$') : written
      return text(code.pattern.includes('"') ? replace(bare, '\\"', '"') : bare, { absent: '-' })
    })
    const [only] = values
    return only === undefined ? none : values.length === 1 ? only : firstOf(...values)
  }

/** Headers are told apart by their names: `>h:user-agent`. */
const keyOf = (code: Code): string =>
  /^[<>]ha?$/.test(code.name) ? `${code.name.slice(0, 2)}:${code.argument.toLowerCase()}` : code.name

const columnsOf = (codes: readonly Code[], part: Part): ColumnValues => {
  const pick = picker(codes, part)
  const target = targetColumns(pick('ru', '>ru', '<ru'))
  const host = capture(pick('>rd', 'rd', '<rd', '>h:host', 'ssl::>sni'), '^(\\[[^\\]]*\\]|[^:]*)')
  const path = targetColumns(pick('>rp', 'rp', '<rp'))
  const url = {
    ...target,
    url_scheme: firstOf(target.url_scheme, pick('>rs', 'rs', '<rs')),
    url_domain: firstOf(target.url_domain, host),
    url_port: firstOf(target.url_port, pick('>rP', '<rP')),
    url_path: firstOf(target.url_path, path.url_path),
    url_query: firstOf(target.url_query, path.url_query),
  }
  const status = pick('>Hs', 'Hs', '<Hs')
  const method = pick('rm', '>rm', '<rm')
  const client = pick('>a')
  const server = askedServer(pick('Sh'), pick('<a', '<A'))
  const destination = destinationOf(url, method, server)
  return {
    ...url,
    ...destination,
    timestamp: timestampOf(codes, part),
    destination_port: firstOf(destination.destination_port, pick('<p')),
    event_action: pick('Ss'),
    event_outcome: outcomeOfStatus(status),
    event_code: joined([pick('Ss'), status], '/'),
    event_duration: integer(pick('tr'), { times: 1_000_000 }),
    event_reason: pick('err_code'),
    source_ip: ip(firstOf(client, pick('>A'))),
    source_domain: nameNotAddress(firstOf(pick('>A'), client)),
    source_port: pick('>p'),
    source_bytes: integer(pick('>st')),
    destination_bytes: integer(pick('<st')),
    network_bytes: integer(pick('st')),
    user_name: pick('un', 'ul', 'ue', 'us', 'ui', 'credentials'),
    http_request_method: text(method, { absent: 'NONE' }),
    http_request_bytes: integer(pick('>st')),
    http_request_referrer: pick('>h:referer'),
    http_response_status_code: integer(status),
    http_response_bytes: integer(pick('<st')),
    http_response_mime_type: pick('mt', '<h:content-type'),
    http_version: pick('rv', '>rv', '<rv'),
    user_agent: pick('>h:user-agent'),
    other: object({
      hierarchy: pick('Sh'),
      peer: pick('<a', '<A'),
      bump_mode: lower(pick('ssl::bump_mode')),
      sni: pick('ssl::>sni'),
      forwarded_for: pick('>h:x-forwarded-for'),
      local_port: pick('>lp', 'lp'),
      mac: pick('>eui'),
    }),
  }
}

/** What a format lacks, in words; undefined where lines of it can be read. */
const lackOf = (codes: readonly Code[]): string | undefined => {
  const names = codes.map(({ name }) => name)
  if (names.length === 0) return 'there is no code such as %ts or %>a in it'
  if (names.includes('')) return 'a % is followed by nothing; %% is a per cent sign'
  if (!names.includes('ts') && !names.includes('tS')) {
    const clocks = codes.filter(isClock).map(clockOf)
    if (clocks.length === 0) return 'it has no time: %ts, %tl or %tg is missing'
    const unknown = clocks.find((clock) => clock.unknown !== undefined)?.unknown
    if (unknown !== undefined) return `${unknown} in its time cannot be read`
    const missing = missingFrom(clocks.flatMap(({ letters }) => letters))
    if (missing !== undefined) return `its time lacks ${missing}`
  }
  if (!names.includes('>a') && !names.includes('>A')) return 'it has no client: %>a (or %>A) is missing'
  return undefined
}

/**
 * The parser of what a `logformat` writes, or what the format lacks for being read.
 *
 * @example `squidLogformat('%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt')`
 */
export const squidLogformat = (logformat: string): Parser | { readonly problem: string } => {
  const tokens = tokensOf(logformat)
  const codes = tokens.filter(isCode)
  const problem = lackOf(codes)
  if (problem !== undefined) return { problem }
  return defineParser({
    id: 'squid-logformat',
    title: 'Squid access logs in a logformat of their own',
    category: 'proxy',
    variants: [variant(lineOf(tokens), (part) => columnsOf(codes, part))],
  })
}
