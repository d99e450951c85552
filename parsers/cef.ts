import {
  capture,
  constant,
  defineParser,
  firstOf,
  integer,
  ip,
  joined,
  lookup,
  lower,
  object,
  once,
  piece,
  regex,
  replace,
  type ColumnValues,
  type Value,
} from 'winnow'
import { nameNotAddress } from './pieces/http.ts'
import { withOwnTime, writtenTime } from './pieces/own-time.ts'
import { outcomeOfAction, reportedUrl, transportOf } from './pieces/traffic.ts'

const header = <const Name extends string>(name: Name) => `(?<${name}>(?:\\\\.|[^|\\\\])*)\\|` as const

// CEF:0|Vendor|Product|1.0|100|Worm stopped|10|src=192.0.2.7 dst=198.51.100.9 spt=1232 msg=a text with spaces
// Where syslog has no program before it, `CEF` is taken for one: then the message begins with the version.
const line = regex(
  `^(?:(?:(?:<\\d+>)?(?:1 )?(?<stamp>\\d{4}-\\d\\d-\\d\\dT\\S+) )?(?:.*? ?)??CEF: ?)?[01]\\|${header('vendor')}${header('product')}${header('version')}${header('signature')}${header('name')}(?<severity>[^|]*)(?<extension>\\|.*)$`,
  { containing: '|' },
)

type Part = (name: 'stamp' | 'vendor' | 'product' | 'signature' | 'name' | 'severity' | 'extension') => Value

const words = { unknown: '0', low: '3', medium: '6', high: '8', 'very-high': '10', 'very high': '10' }

/** In the header, `|` is escaped; none of its fields holds much else. */
const headerText = (value: Value): Value => replace(replace(value, '\\|', '|'), '\\\\', '\\')

/** Escaped backslashes and equal signs step aside as control characters while pairs are looked for. */
const extensionOf = (part: Part): Value =>
  once(replace(replace(replace(part('extension'), '\\\\', '\u0001'), '\\=', '\u0002'), '\\n', '\n'))

/** Of the extension: a word, and a text, which goes on to the next ` key=`. */
const wordOf = (part: Part) => (key: string) => capture(extensionOf(part), `[| ]${key}=([^ ]*)`)
const textOf = (part: Part) => (key: string) =>
  capture(extensionOf(part), `(?s)[| ]${key}=(.*?)(?: +[A-Za-z][A-Za-z0-9_.\\[\\]-]*=| *$)`)

const restored = (value: Value): Value => replace(replace(value, '\u0001', '\\'), '\u0002', '=')

const timeKeys = '[| ](?:start|rt|end)='

const labelled = (text: (key: string) => Value, ...keys: readonly string[]) =>
  Object.fromEntries(keys.map((key) => [key, joined([text(`${key}Label`), text(key)], ': ')]))

const columns = (part: Part): ColumnValues => {
  const word = wordOf(part)
  const text = textOf(part)
  const action = once(text('act'))
  const url = reportedUrl(once(restored(text('request'))))
  const user = once(restored(firstOf(text('suser'), text('duser'))))
  return {
    ...url,
    event_action: lower(action),
    event_outcome: outcomeOfAction(once(firstOf(text('outcome'), action))),
    event_code: headerText(part('signature')),
    event_severity: lookup(lower(part('severity')), words),
    event_reason: restored(text('reason')),
    event_repeats: firstOf(word('cnt'), constant('1')),
    event_provider: headerText(joined([part('vendor'), part('product')], ' ')),
    source_ip: ip(firstOf(word('src'), word('c6a2'))),
    source_port: word('spt'),
    source_domain: nameNotAddress(word('shost')),
    source_bytes: integer(word('in')),
    destination_ip: ip(firstOf(word('dst'), word('c6a3'))),
    destination_port: word('dpt'),
    destination_domain: nameNotAddress(firstOf(word('dhost'), url.url_domain)),
    destination_bytes: integer(word('out')),
    network_transport: transportOf(word('proto')),
    network_protocol: lower(word('app')),
    user_name: piece(user, '\\', -1),
    user_domain: firstOf(word('sntdom'), word('dntdom'), capture(user, '^([^\\\\]+)\\\\')),
    user_target_name: restored(text('duser')),
    host_ip: ip(word('dvc')),
    process_name: text('deviceProcessName'),
    http_request_method: word('requestMethod'),
    http_request_referrer: text('requestContext'),
    user_agent: text('requestClientApplication'),
    rule_id: headerText(part('signature')),
    rule_name: headerText(part('name')),
    rule_category: text('cat'),
    file_path: restored(firstOf(text('filePath'), text('fname'))),
    other: object({
      message: restored(text('msg')),
      device: text('dvchost'),
      hash: word('fileHash'),
      ...labelled(text, 'cs1', 'cs2', 'cs3', 'cs4', 'cs5', 'cs6', 'cn1', 'cn2', 'cn3'),
    }),
  }
}

export default defineParser({
  id: 'cef',
  title: 'Common Event Format (CEF)',
  category: 'alert',
  inside: { programs: ['*'], standalone: true },
  variants: withOwnTime({
    line,
    milliseconds: (part) => capture(part('extension'), `${timeKeys}([0-9]{13})`),
    written: (part) => firstOf(part('stamp'), writtenTime(part('extension'), timeKeys)),
    columns,
    bare: (part) => ({ host_name: textOf(part)('dvchost') }),
  }),
})
