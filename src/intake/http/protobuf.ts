/**
 * The messages that Loki's and OpenTelemetry's senders write, as far as they are read here, and how they are read: a record
 * at a time, so that many small ones never stand in memory together.
 * Field numbers: logproto/push.proto of Loki; opentelemetry-proto 1.x (logs, metrics, common, resource, collector).
 *
 * @module
 */
import protobuf from 'protobufjs'
import { AppError, messageOf } from '../../errors.ts'

interface Field {
  readonly type: string
  readonly id: number
  readonly rule?: 'repeated'
}

type Fields = Readonly<Record<string, Field>>

const one = (type: string, id: number): Field => ({ type, id })
const many = (type: string, id: number): Field => ({ type, id, rule: 'repeated' })

const point: Fields = {
  attributes: many('KeyValue', 7),
  startTimeUnixNano: one('fixed64', 2),
  timeUnixNano: one('fixed64', 3),
}
const spread: Fields = { count: one('fixed64', 4), sum: one('double', 5) }

/** Histograms have their attributes elsewhere than numbers have theirs. */
const messages: Readonly<Record<string, Fields>> = {
  AnyValue: {
    stringValue: one('string', 1),
    boolValue: one('bool', 2),
    intValue: one('int64', 3),
    doubleValue: one('double', 4),
    arrayValue: one('ArrayValue', 5),
    kvlistValue: one('KeyValueList', 6),
    bytesValue: one('bytes', 7),
  },
  ArrayValue: { values: many('AnyValue', 1) },
  KeyValueList: { values: many('KeyValue', 1) },
  KeyValue: { key: one('string', 1), value: one('AnyValue', 2) },
  Resource: { attributes: many('KeyValue', 1) },
  Scope: { name: one('string', 1), version: one('string', 2), attributes: many('KeyValue', 3) },
  LogRecord: {
    timeUnixNano: one('fixed64', 1),
    severityNumber: one('int32', 2),
    severityText: one('string', 3),
    body: one('AnyValue', 5),
    attributes: many('KeyValue', 6),
    traceId: one('bytes', 9),
    spanId: one('bytes', 10),
    observedTimeUnixNano: one('fixed64', 11),
    eventName: one('string', 12),
  },
  Metric: {
    name: one('string', 1),
    description: one('string', 2),
    unit: one('string', 3),
    gauge: one('Numbers', 5),
    sum: one('Numbers', 7),
    histogram: one('Histograms', 9),
    exponentialHistogram: one('ExponentialHistograms', 10),
    summary: one('Summaries', 11),
  },
  Numbers: { dataPoints: many('NumberPoint', 1), isMonotonic: one('bool', 3) },
  NumberPoint: { ...point, asDouble: one('double', 4), asInt: one('sfixed64', 6) },
  Histograms: { dataPoints: many('HistogramPoint', 1) },
  HistogramPoint: {
    ...point,
    ...spread,
    attributes: many('KeyValue', 9),
    bucketCounts: many('fixed64', 6),
    explicitBounds: many('double', 7),
    min: one('double', 11),
    max: one('double', 12),
  },
  ExponentialHistograms: { dataPoints: many('ExponentialPoint', 1) },
  ExponentialPoint: {
    ...point,
    ...spread,
    attributes: many('KeyValue', 1),
    scale: one('sint32', 6),
    zeroCount: one('fixed64', 7),
    min: one('double', 12),
    max: one('double', 13),
  },
  Summaries: { dataPoints: many('SummaryPoint', 1) },
  SummaryPoint: { ...point, ...spread, quantileValues: many('Quantile', 6) },
  Quantile: { quantile: one('double', 1), value: one('double', 2) },
  LogsAnswer: { partialSuccess: one('LogsRejected', 1) },
  LogsRejected: { rejectedLogRecords: one('int64', 1), errorMessage: one('string', 2) },
  MetricsAnswer: { partialSuccess: one('PointsRejected', 1) },
  PointsRejected: { rejectedDataPoints: one('int64', 1), errorMessage: one('string', 2) },
  Status: { code: one('int32', 1), message: one('string', 2) },
  Entry: { timestamp: one('Time', 1), line: one('string', 2), structuredMetadata: many('Label', 3) },
  Time: { seconds: one('int64', 1), nanos: one('int32', 2) },
  Label: { name: one('string', 1), value: one('string', 2) },
}

/** Messages of which one field is set, if only to 0 or an empty text. */
const choices: Readonly<Record<string, readonly string[]>> = {
  AnyValue: Object.keys(messages['AnyValue'] ?? {}),
  NumberPoint: ['asDouble', 'asInt'],
}

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(messages).map(([name, fields]) => {
      const choice = choices[name]
      return [name, choice === undefined ? { fields } : { fields, oneofs: { one: { oneof: [...choice] } } }]
    }),
  ),
})

const malformed = (thrown: unknown): AppError =>
  new AppError('intake-malformed', { problem: `it is no protobuf of this kind: ${messageOf(thrown)}` })

/** A message as an object: 64-bit numbers as text, bytes as a Buffer. @throws AppError `intake-malformed` */
export const readMessage = (type: string, bytes: Uint8Array): unknown => {
  const message = root.lookupType(type)
  try {
    return message.toObject(message.decode(bytes), { longs: String })
  } catch (thrown) {
    throw malformed(thrown)
  }
}

export const writeMessage = (type: string, value: Readonly<Record<string, unknown>>): Buffer => {
  const message = root.lookupType(type)
  return Buffer.from(message.encode(message.fromObject(value)).finish())
}

/** The wire type of texts, bytes and messages. */
const delimited = 2

/** The bytes of each field of a number, unread. @throws AppError `intake-malformed` */
export function* fieldsIn(bytes: Uint8Array, field: number): Generator<Uint8Array> {
  const reader = protobuf.Reader.create(bytes)
  while (reader.pos < reader.len) {
    let found: Uint8Array | undefined
    try {
      const tag = reader.uint32()
      if (tag === field * 8 + delimited) found = reader.bytes()
      else reader.skipType(tag & 7)
    } catch (thrown) {
      throw malformed(thrown)
    }
    if (found !== undefined) yield found
  }
}
