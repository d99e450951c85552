/**
 * API keys.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { createKey, listKeys, revokeKey } from '../../store/keys.ts'
import { sessionOf } from '../asker.ts'
import type { App, Running } from '../context.ts'
import { idParams, line, many, moment, nothing, scope } from '../schemas/parts.ts'
import * as people from '../schemas/people.ts'

const newKey = z.strictObject({
  name: line(100),
  scopes: z
    .array(scope)
    .min(1)
    .max(4)
    .overwrite((scopes) => [...new Set(scopes)]),
  source: line(200).nullable().default(null),
  expires: moment.nullable().default(null),
})

export const addKeyRoutes = (app: App, { store: { db }, now }: Running): void => {
  app.get(
    '/api/keys',
    {
      config: { role: 'administrator' },
      schema: { summary: 'All keys', response: { 200: z.object({ keys: many(people.apiKey) }) } },
    },
    async () => ({ keys: await listKeys(db) }),
  )

  app.post(
    '/api/keys',
    {
      // A key is made by a person, who answers for it.
      config: { role: 'administrator', scope: null, action: 'key created' },
      schema: {
        summary: 'Make a key; its secret is in this answer, and never again',
        body: newKey,
        response: { 200: z.object({ key: people.apiKey, secret: z.string() }) },
      },
    },
    async (request) => {
      const { expires } = request.body
      if (expires !== null && Date.parse(expires) <= now())
        throw new AppError('invalid-request', { problem: 'expires: is in the past' })
      const { user } = sessionOf(request)
      const made = await createKey(db, request.body, user, now())
      request.audited = { target: made.key.prefix, detail: `${made.key.name}: ${made.key.scopes.join(' ')}` }
      return made
    },
  )

  app.delete(
    '/api/keys/:id',
    {
      config: { role: 'administrator', action: 'key revoked' },
      schema: { summary: 'Revoke a key', params: idParams, response: { 200: nothing } },
    },
    async ({ params }) => {
      await revokeKey(db, params.id, now())
      return null
    },
  )
}
