/**
 * Splunk's HTTP Event Collector: events as JSON objects one after the other, or raw lines.
 * Splunk's manuals, "Format events for HTTP Event Collector" and "Troubleshoot HTTP Event Collector" (the codes).
 *
 * @module
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Batch } from './batch.ts'
import { linesIn } from './batch.ts'
import type { Failure } from './failure.ts'
import { addProtocol, keepAll, readBody, streamOf, type Intake } from './intake.ts'
import { innerObject } from './inner-object.ts'
import { isObject, jsonObjects, memberObject, onOneLine, own, textOf, type JsonPiece } from './json.ts'
import { isoOfMilliseconds } from './shipped.ts'

const texts = {
  0: 'Success',
  2: 'Token is required',
  3: 'Invalid authorization',
  4: 'Invalid token',
  5: 'No data',
  6: 'Invalid data format',
  8: 'Internal server error',
  9: 'Server is busy',
  12: 'Event field is required',
  13: 'Event field cannot be blank',
  14: 'ACK is disabled',
  17: 'HEC is healthy',
} as const

type Code = keyof typeof texts

const said = (code: Code, event?: number) => ({
  text: texts[code],
  code,
  ...(event === undefined ? {} : { 'invalid-event-number': event }),
})

const answer = (reply: FastifyReply, { status, message }: Failure) => {
  switch (status) {
    case 401:
      return reply.send(said(2))
    case 403:
      return reply.send(said(4))
    case 429:
    case 503:
      // Splunk's senders know a busy server by 503.
      return reply.code(503).send({ ...said(9), reason: message })
    case 500:
      return reply.send(said(8))
    default:
      return reply.send({ ...said(6), reason: message })
  }
}

interface Metadata {
  readonly Querystring: Readonly<Record<'host' | 'source' | 'sourcetype' | 'index', unknown>>
}

const streamName = (from: (name: string) => unknown): string =>
  textOf(from('source')) || textOf(from('index')) || textOf(from('sourcetype')) || 'events'

/** Why an event is none, or null. */
const faultOf = ({ value }: JsonPiece): Code | null => {
  if (value === null) return 6
  if (!Object.hasOwn(value, 'event')) return 12
  return value['event'] === '' || value['event'] === null ? 13 : null
}

const isoOf = (seconds: string, nowMs: number): string => {
  const date = new Date(Number(seconds) * 1000)
  return seconds === '' || Number.isNaN(date.getTime()) ? isoOfMilliseconds(nowMs) : date.toISOString()
}

const beside = ['source', 'sourcetype', 'index', 'fields']

/** An event that is an object is a line of its own; all others stay inside, as they were sent. */
const lineOf = ({ bytes, value }: JsonPiece, nowMs: number): Buffer | string => {
  const event = own(value, 'event')
  const seconds = textOf(own(value, 'time'))
  const text = isObject(event) ? memberObject(bytes, 'event')?.toString() : event
  if (typeof text === 'string') {
    const said = beside.flatMap((name) => {
      const found = own(value, name)
      return found === undefined ? [] : [[name, found] as const]
    })
    const host = textOf(own(value, 'host'))
    const line = innerObject(text, { time: isoOf(seconds, nowMs), host, more: Object.fromEntries(said) })
    if (line !== null) return line
  }
  // Of two keys alike the first one counts.
  const first = [
    ...(seconds !== '' && Number.isFinite(Number(seconds)) ? [] : [`"time":${nowMs / 1000},`]),
    ...(textOf(own(value, 'sourcetype')) === '' ? ['"sourcetype":"hec",'] : []),
  ]
  const line = onOneLine(bytes)
  return first.length === 0 ? line : Buffer.concat([Buffer.from(`{${first.join('')}`), line.subarray(1)])
}

const takeEvents =
  (intake: Intake) =>
  (request: FastifyRequest<Metadata>, reply: FastifyReply): Promise<unknown> =>
    readBody(intake, request, async (body) => {
      let fault: { readonly code: Code; readonly event: number } | undefined
      let seen = 0
      const fill = (batch: Batch): void => {
        for (const piece of jsonObjects(body)) {
          const code = faultOf(piece)
          if (code !== null) {
            // What stands before it is kept, as Splunk does: nobody sends a batch again that was refused with 400.
            fault = { code, event: seen }
            return
          }
          seen += 1
          const name = streamName((field) => own(piece.value, field) ?? request.query[field as 'source'])
          batch.add(streamOf(intake, request, 'hec', name), lineOf(piece, intake.now()))
        }
      }
      await keepAll(intake, fill)
      if (fault !== undefined) return reply.code(400).send(said(fault.code, fault.event))
      return seen === 0 ? reply.code(400).send(said(5)) : said(0)
    })

const takeRaw =
  (intake: Intake) =>
  (request: FastifyRequest<Metadata>, reply: FastifyReply): Promise<unknown> =>
    readBody(intake, request, async (body) => {
      const { query } = request
      const stream = streamOf(
        intake,
        request,
        'hec',
        streamName((name) => query[name as 'source']),
      )
      const host = textOf(query.host)
      const sourcetype = textOf(query.sourcetype) || 'hec'
      const about = { time: intake.now() / 1000, host, source: stream, sourcetype }
      const kept = await keepAll(intake, (batch) => {
        for (const line of linesIn(body))
          batch.add(stream, host === '' ? line : JSON.stringify({ ...about, event: line.toString() }))
      })
      return kept === 0 ? reply.code(400).send(said(5)) : said(0)
    })

const healthPaths = ['/services/collector/health', '/services/collector/health/1.0']

export const addHecRoutes = (app: FastifyInstance, intake: Intake): void =>
  addProtocol(
    app,
    intake,
    answer,
    (routes) => {
      for (const url of ['/services/collector', '/services/collector/event', '/services/collector/event/1.0'])
        routes.post<Metadata>(url, takeEvents(intake))
      for (const url of ['/services/collector/raw', '/services/collector/raw/1.0'])
        routes.post<Metadata>(url, takeRaw(intake))
      for (const url of healthPaths) routes.get(url, () => said(17))
      routes.all('/services/collector/ack', (_, reply) => reply.code(400).send(said(14)))
    },
    { open: healthPaths },
  )
