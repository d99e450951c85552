/**
 * Entities: who is there, and all that is known of one.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { entityGraph } from '../../investigate/entity-graph.ts'
import { listEntities } from '../../investigate/entity-list.ts'
import { entityPage } from '../../investigate/entity-page.ts'
import { listFindings } from '../../store/findings.ts'
import { listIncidents } from '../../store/incidents.ts'
import type { App, Running } from '../context.ts'
import { limit, many } from '../schemas/parts.ts'
import * as search from '../schemas/search.ts'
import { whileWaiting } from '../waiting.ts'

const entityParams = z.object({ kind: z.string().max(40), value: z.string().min(1).max(4096) })

const mostShown = 50

export const addEntityRoutes = (app: App, { engine, now, store: { db } }: Running): void => {
  app.get(
    '/api/entities',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Entities of a kind whose names begin with a text, the busiest first',
        querystring: z.strictObject({
          kind: z.string().max(40),
          prefix: z.string().max(500).default(''),
          limit: limit(50, 200),
          ...search.range,
        }),
        response: { 200: z.object({ entities: many(search.entityRow) }) },
      },
    },
    async ({ query }, reply) => ({
      entities: await listEntities(engine, query, whileWaiting(reply, now())),
    }),
  )

  app.get(
    '/api/entities/:kind/:value',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'An entity: its activity, whom it has to do with, what is new, who does alike, findings',
        params: entityParams,
        querystring: z.strictObject(search.range),
        response: { 200: search.entityPage },
      },
    },
    async ({ params, query }, reply) => {
      const facts = await entityPage(engine, { ...params, ...query }, whileWaiting(reply, now()))
      if (facts === null) throw new AppError('not-found', { what: 'entity' })
      const [{ findings }, { incidents }] = await Promise.all([
        listFindings(db, { about: params.value, limit: mostShown }),
        listIncidents(db, { about: params.value, limit: mostShown, sort: 'updated' }),
      ])
      return { ...facts, findings, incidents }
    },
  )

  app.get(
    '/api/entities/:kind/:value/graph',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'What an entity had to do with on a day, as a graph',
        params: entityParams,
        querystring: z.strictObject({ day: z.string().max(20).exactOptional() }),
        response: { 200: search.entityGraph },
      },
    },
    ({ params, query }, reply) => entityGraph(engine, { ...params, ...query }, whileWaiting(reply, now())),
  )
}
