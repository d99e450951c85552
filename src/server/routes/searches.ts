/**
 * Searches that people keep. A key keeps none: it is nobody's.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { parseQuery } from '../../investigate/query/parse.ts'
import { deleteSearch, listSearches, saveSearch } from '../../store/searches.ts'
import { byOf } from '../asker.ts'
import type { App, Running } from '../context.ts'
import { idParams, line, many, nothing, text } from '../schemas/parts.ts'
import * as search from '../schemas/search.ts'

export const addSavedSearchRoutes = (app: App, { now, store: { db } }: Running): void => {
  app.get(
    '/api/searches',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Your searches and those that are shared',
        response: { 200: z.object({ searches: many(search.savedSearch) }) },
      },
    },
    async (request) => ({ searches: await listSearches(db, byOf(request).id) }),
  )

  app.post(
    '/api/searches',
    {
      config: { role: 'viewer', scope: null, action: 'search kept' },
      schema: {
        summary: 'Keep a search',
        body: z.strictObject({
          name: line(200),
          query: text(20_000),
          range: z.string().max(120),
          shared: z.boolean(),
        }),
        response: { 200: search.savedSearch },
      },
    },
    (request) => {
      parseQuery(request.body.query)
      request.audited = { target: request.body.name }
      return saveSearch(db, request.body, byOf(request), now())
    },
  )

  app.delete(
    '/api/searches/:id',
    {
      config: { role: 'viewer', scope: null, action: 'search removed' },
      schema: {
        summary: 'Remove a search of yours; an administrator may remove any',
        params: idParams,
        response: { 200: nothing },
      },
    },
    async (request) => {
      const { asker } = request
      const isAdministrator = asker.kind === 'user' && asker.session.user.role === 'administrator'
      const removed = await deleteSearch(db, request.params.id, isAdministrator ? null : byOf(request).id)
      if (!removed) throw new AppError('not-found', { what: 'search' })
      return null
    },
  )
}
