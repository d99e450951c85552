/**
 * OpenTelemetry's log records and data points → lines of JSON.
 * The OTLP specification 1.x, and opentelemetry-proto's logs.proto and metrics.proto.
 *
 * @module
 */
import { isObject, listOf, own, textOf } from './json.ts'
import { attribute, attributesOf, idOf, valueOf, type Attributes } from './otlp-values.ts'
import { isoOfMilliseconds, isoOfNanoseconds, shippedLine } from './shipped.ts'

/** Null: not to be read. */
export type Line = string | null

const some = (name: string, value: unknown): Attributes =>
  value === undefined || value === '' || value === null ? [] : [[name, value]]

const about = (resource: Attributes) => ({
  protocol: 'otlp' as const,
  host: attribute(resource, 'host.name', 'k8s.node.name', 'k8s.pod.name'),
  service: attribute(resource, 'service.name'),
})

const resourceOf = (resource: Attributes): Attributes =>
  resource.length === 0 ? [] : [['resource', Object.fromEntries(resource)]]

const timeOf = (record: unknown, ...names: readonly string[]): string | undefined =>
  names.map((name) => isoOfNanoseconds(textOf(own(record, name)))).find((time) => time !== null) ?? undefined

/** Levels of the specification: four to a name. */
const levels = ['', 'trace', 'debug', 'info', 'warn', 'error', 'fatal']

const levelOf = (record: unknown): string =>
  textOf(own(record, 'severityText')) ||
  (levels[Math.ceil(Number(textOf(own(record, 'severityNumber')) || '0') / 4)] ?? '')

/** One log record. Its attributes stand beside the message, under their own names. */
export const logLine = (resource: Attributes, record: unknown, nowMs: number): Line => {
  if (!isObject(record)) return null
  const attributes = attributesOf(listOf(record, 'attributes'))
  const body = own(record, 'body')
  const name = own(record, 'eventName')
  return shippedLine({
    ...about(resource),
    time: timeOf(record, 'timeUnixNano', 'observedTimeUnixNano') ?? isoOfMilliseconds(nowMs),
    ...(isObject(body) ? { message: valueOf(body) } : {}),
    path: attribute(attributes, 'log.file.path', 'log.file.name'),
    level: levelOf(record),
    more: [
      ...some('event.action', name),
      ...some('trace.id', idOf(own(record, 'traceId'))),
      ...some('span.id', idOf(own(record, 'spanId'))),
      ...attributes,
      ...resourceOf(resource),
    ],
  })
}

/** Numbers that JSON cannot write are texts in OTLP: they stay such. */
const numberOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value
  const number = Number(value)
  return Number.isFinite(number) && !(Number.isInteger(number) && !Number.isSafeInteger(number))
    ? number
    : value
}

/** What the specification calls each kind, and what its points hold beside a value. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  gauge: [],
  sum: [],
  histogram: ['count', 'sum', 'min', 'max', 'bucketCounts', 'explicitBounds'],
  exponentialHistogram: ['count', 'sum', 'min', 'max', 'scale', 'zeroCount'],
  summary: ['count', 'sum', 'quantileValues'],
}

const measured = (point: unknown, fields: readonly string[]): Attributes => {
  const value = numberOf(own(point, 'asDouble') ?? own(point, 'asInt'))
  const rest = fields.flatMap((field) => {
    const found = own(point, field)
    return some(field, Array.isArray(found) ? found.map(numberOf) : numberOf(found))
  })
  return [...some('value', value), ...rest]
}

/** The data points of a metric, one line each. */
export function* metricLines(resource: Attributes, metric: unknown, nowMs: number): Generator<Line> {
  const kind = Object.keys(kinds).find((name) => isObject(own(metric, name)))
  const name = textOf(own(metric, 'name'))
  if (kind === undefined || name === '') {
    yield null
    return
  }
  for (const point of listOf(own(metric, kind), 'dataPoints')) {
    const values = isObject(point) ? measured(point, kinds[kind] ?? []) : []
    if (values.length === 0) {
      yield null
      continue
    }
    const said: Attributes = [['name', name], ['type', kind], ...some('unit', own(metric, 'unit')), ...values]
    yield shippedLine({
      ...about(resource),
      time: timeOf(point, 'timeUnixNano') ?? isoOfMilliseconds(nowMs),
      more: [
        ['metric', Object.fromEntries(said)],
        ['attributes', Object.fromEntries(attributesOf(listOf(point, 'attributes')))],
        ...resourceOf(resource),
      ],
    })
  }
}
