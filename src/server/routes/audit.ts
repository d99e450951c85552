/**
 * The audit log.
 *
 * @module
 */
import { z } from 'zod'
import { listAudit } from '../../store/audit.ts'
import type { App, Running } from '../context.ts'
import { limit, many } from '../schemas/parts.ts'
import * as people from '../schemas/people.ts'

export const addAuditRoutes = (app: App, { store: { db } }: Running): void => {
  app.get(
    '/api/audit',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Who did what, newest first',
        querystring: z.strictObject({
          cursor: z
            .string()
            .regex(/^\d{1,18}$/, 'is not a cursor')
            .exactOptional(),
          limit: limit(100, 500),
        }),
        response: { 200: z.object({ entries: many(people.auditEntry), next: z.string().nullable() }) },
      },
    },
    ({ query }) => listAudit(db, { before: query.cursor ?? null, limit: query.limit }),
  )
}
