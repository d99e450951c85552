/**
 * A line that is a JSON object stays one, for the parsers of such lines: what its shipper says beside it is put in front.
 *
 * @module
 */
import { isObject, own, textOf, type JsonObject } from './json.ts'

export interface Around {
  /** When it was shipped, ISO 8601; counts where the object names no time. */
  readonly time: string
  readonly host?: string
  readonly service?: string
  /** Whatever else is said: labels, the file it was in. */
  readonly more: Readonly<Record<string, unknown>>
}

/** What programs call the time of an event. */
const timeNames = [
  '@timestamp',
  'timestamp',
  'time',
  'ts',
  'datetime',
  'dateTime',
  'date',
  'eventTime',
  'event_time',
  'created_at',
  'createdAt',
  'logged_at',
  'asctime',
  '@t',
  't',
  'time_iso8601',
  'time_local',
  'msec',
  'requestReceivedTimestamp',
]

/**
 * The line of an object that came inside another; null where the text is none. Its own text is kept as it is, large numbers
 * too, but for the ends of lines between its values.
 */
export const innerObject = (text: string, around: Around): string | null => {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return null
  let value: unknown
  try {
    value = JSON.parse(trimmed)
  } catch {
    return null
  }
  if (!isObject(value)) return null
  const object: JsonObject = value
  const has = (name: string): boolean => Object.hasOwn(object, name)
  const { host = '', service = '', more } = around
  const said = [
    ...(timeNames.some(has) ? [] : [['@timestamp', around.time] as const]),
    ...(host === '' || has('host.name') || isObject(own(object, 'host'))
      ? []
      : [['host.name', host] as const]),
    ...(service === '' || has('service.name') || isObject(own(object, 'service'))
      ? []
      : [['service.name', service] as const]),
    ...(Object.keys(more).length === 0 || has('shipped') ? [] : [['shipped', more] as const]),
  ]
  const line = trimmed.replaceAll(/[\r\n]/g, ' ')
  if (said.length === 0) return line
  const head = JSON.stringify(Object.fromEntries(said)).slice(0, -1)
  return Object.keys(object).length === 0 ? `${head}}` : `${head},${line.slice(1)}`
}

/** What a document of a shipper holds beside its line; a program's own document has none of these. */
const marks = ['agent', 'input', 'log', 'kubernetes', 'stream', 'source_type']
const line = /"(?:message|log)"\s*:\s*"\s*\{/

/** The same for a shipper's document whose line is an object; null for all other documents. */
export const objectInDocument = (document: Buffer, nowMs: number): string | null => {
  // Most documents are none: they are not parsed.
  const written = document.toString()
  if (!line.test(written)) return null
  let value: unknown
  try {
    value = JSON.parse(written)
  } catch {
    return null
  }
  if (!marks.some((mark) => own(value, mark) !== undefined)) return null
  const message = own(value, 'message')
  const log = own(value, 'log')
  const text = typeof message === 'string' ? message : log
  if (typeof text !== 'string') return null
  const kubernetes = own(value, 'kubernetes')
  const path = textOf(own(own(log, 'file'), 'path')) || textOf(own(value, 'file'))
  const container =
    textOf(own(kubernetes, 'container_name')) || textOf(own(own(kubernetes, 'container'), 'name'))
  const first = (...found: readonly unknown[]): string => found.map(textOf).find((one) => one !== '') ?? ''
  return innerObject(text, {
    time:
      first(own(value, '@timestamp'), own(value, 'timestamp'), own(value, 'time')) ||
      new Date(nowMs).toISOString(),
    host: first(own(own(value, 'host'), 'name'), own(value, 'host'), own(kubernetes, 'host')),
    service: first(own(own(value, 'service'), 'name'), container),
    more: {
      ...(path === '' ? {} : { path }),
      ...(isObject(kubernetes) ? { kubernetes } : {}),
    },
  })
}
