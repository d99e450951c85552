/**
 * Searches in events. Work for somebody who went away is stopped.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { checkQuery } from '../../investigate/check-query.ts'
import { summariseFields } from '../../investigate/field-summary.ts'
import { countByTime } from '../../investigate/histogram.ts'
import { findEvent, searchEvents } from '../../investigate/search.ts'
import { followEvents } from '../../investigate/tail.ts'
import { suggestValues } from '../../investigate/values.ts'
import { askerId } from '../asker.ts'
import type { App, Running } from '../context.ts'
import { answerWithEvents } from '../event-stream.ts'
import * as search from '../schemas/search.ts'
import { limit } from '../schemas/parts.ts'
import { whileWaiting } from '../waiting.ts'

const asked = z.strictObject({ q: search.query, ...search.range })

export const addSearchRoutes = (app: App, context: Running): void => {
  const { engine, now } = context

  app.get(
    '/api/search',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Events that fit a query, newest first, a page at a time',
        querystring: asked.extend({
          limit: limit(100, 500),
          cursor: z.string().max(400).exactOptional(),
          order: z.enum(['newest', 'oldest']).default('newest'),
        }),
        response: { 200: search.searchResult },
      },
    },
    ({ query }, reply) => searchEvents(engine, query, whileWaiting(reply, now())),
  )

  app.get(
    '/api/search/histogram',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'How many events fit a query, by time',
        querystring: asked.extend({ buckets: limit(100, 500) }),
        response: { 200: search.histogram },
      },
    },
    ({ query }, reply) => countByTime(engine, query, whileWaiting(reply, now())),
  )

  app.get(
    '/api/search/fields',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'What the events that fit a query have: fields with their most frequent values',
        querystring: asked,
        response: { 200: search.fieldsResult },
      },
    },
    ({ query }, reply) => summariseFields(engine, query, whileWaiting(reply, now())),
  )

  app.get(
    '/api/search/values',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'The most frequent values of a field that begin with a text',
        querystring: asked.extend({
          field: z.string().min(1).max(200),
          prefix: z.string().max(500).default(''),
          limit: limit(20, 100),
        }),
        response: { 200: search.values },
      },
    },
    async ({ query }, reply) => ({
      values: await suggestValues(engine, query, whileWaiting(reply, now())),
    }),
  )

  app.get(
    '/api/search/check',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Whether a query can be read, and if not, where it stops',
        querystring: z.strictObject({ q: search.query }),
        response: { 200: search.queryCheck },
      },
    },
    ({ query }) => checkQuery(query.q, now()),
  )

  app.get(
    '/api/search/live',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Server-sent events named `event`: what fits a query, as it comes in',
        description: 'The data of each is an EventRow. A moment brings its newest 100 events at most.',
        querystring: z.strictObject({ q: search.query }),
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      const { q } = request.query
      const check = checkQuery(q, now())
      if (!check.ok)
        throw new AppError('invalid-query', { problem: check.message ?? '', position: check.position ?? 0 })
      answerWithEvents(context, request, reply, ({ send, end }) => {
        const controller = new AbortController()
        const follow = async (): Promise<void> => {
          for await (const events of followEvents(
            engine,
            { q },
            { signal: controller.signal, asker: askerId(request.asker) },
          ))
            for (const event of events) send('event', event)
        }
        follow().catch((error: unknown) => {
          request.log.warn({ err: error }, 'live search ended')
          end()
        })
        return () => controller.abort()
      })
    },
  )

  app.get(
    '/api/event',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'One event with all it has',
        querystring: z.strictObject({ id: z.string().min(1).max(400) }),
        response: { 200: search.eventRow },
      },
    },
    async ({ query }, reply) => {
      const event = await findEvent(engine, query.id, whileWaiting(reply, now()))
      if (event === null) throw new AppError('not-found', { what: 'event' })
      return event
    },
  )
}
