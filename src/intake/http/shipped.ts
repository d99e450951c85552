/**
 * The JSON line that becomes of a line and what a protocol says beside it, in the names of the Elastic Common Schema. The
 * envelope `shipped` takes it apart again, and reads the line inside in its own format.
 *
 * @module
 */

import { innerObject } from './inner-object.ts'
import { isObject } from './json.ts'

export interface Shipped {
  /** ISO 8601, UTC. */
  readonly time: string
  readonly protocol: 'loki' | 'otlp'
  /** The line, or what is said instead of one; absent where there is nothing but `more`. */
  readonly message?: unknown
  readonly host?: string
  readonly service?: string
  readonly path?: string
  readonly level?: string
  /** Beside these, by name; names that are taken are left out. */
  readonly more: readonly (readonly [string, unknown])[]
}

const some = (name: string, text: string | undefined): readonly (readonly [string, unknown])[] =>
  text === undefined || text === '' ? [] : [[name, text]]

const object = (entries: readonly (readonly [string, unknown])[]): unknown => Object.fromEntries(entries)

const inside = ({ time, message, host, service, more }: Shipped): string | null => {
  const text = isObject(message) ? JSON.stringify(message) : message
  if (typeof text !== 'string') return null
  const around = {
    time,
    ...(host === undefined ? {} : { host }),
    ...(service === undefined ? {} : { service }),
  }
  return innerObject(text, { ...around, more: Object.fromEntries(more) })
}

/**
 * One line of JSON; a line that is an object already stays one. Names from outside become own properties of a fresh object
 * and nothing else.
 */
export const shippedLine = (shipped: Shipped): string => {
  const own = inside(shipped)
  if (own !== null) return own
  const { time, protocol, message, host, service, path, level, more } = shipped
  const file = some('path', path)
  const log = [...some('level', level), ...(file.length === 0 ? [] : [['file', object(file)] as const])]
  const first: readonly (readonly [string, unknown])[] = [
    ['@timestamp', time],
    ...(message === undefined ? [] : [['message', message] as const]),
    ['input', { type: protocol }],
    ...some('host', host).map(([, name]) => ['host', { name }] as const),
    ...some('service', service).map(([, name]) => ['service', { name }] as const),
    ...(log.length === 0 ? [] : [['log', object(log)] as const]),
  ]
  const taken = new Set(first.map(([name]) => name))
  return JSON.stringify(object([...first, ...more.filter(([name]) => !taken.has(name))]))
}

/** Nanoseconds since 1970 as text → ISO 8601; null for 0 and what is no such time. */
export const isoOfNanoseconds = (text: string): string | null => {
  if (!/^[1-9]\d{9,18}$/.test(text)) return null
  const seconds = text.slice(0, -9)
  if (seconds === '') return null
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${text.slice(-9)}Z`
}

export const isoOfMilliseconds = (ms: number): string => new Date(ms).toISOString()
