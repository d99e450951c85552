/**
 * Findings, also those below the line and those a verdict hides.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { getFinding, listFindings } from '../../store/findings.ts'
import type { App, Running } from '../context.ts'
import { momentsOf } from '../moments.ts'
import * as findings from '../schemas/findings.ts'
import { cursor, idParams, limit, line, listOf, many } from '../schemas/parts.ts'

const filter = z.strictObject({
  state: listOf(['shown', 'below', 'hidden']).exactOptional(),
  detector: line(100).exactOptional(),
  entity: line(500).exactOptional(),
  from: line(40).exactOptional(),
  to: line(40).exactOptional(),
  sort: z.enum(['time', 'rarity']).default('time'),
  limit: limit(50, 200),
  cursor: cursor.exactOptional(),
})

export const addFindingRoutes = (app: App, { now, store: { db } }: Running): void => {
  app.get(
    '/api/findings',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Findings that fit a filter, newest first, a page at a time',
        querystring: filter,
        response: { 200: z.object({ findings: many(findings.findingRow), next: z.string().nullable() }) },
      },
    },
    ({ query: { from, to, ...rest } }) => listFindings(db, { ...rest, ...momentsOf({ from, to }, now()) }),
  )

  app.get(
    '/api/findings/:id',
    {
      config: { role: 'viewer' },
      schema: { summary: 'A finding', params: idParams, response: { 200: findings.finding } },
    },
    async ({ params }) => {
      const finding = await getFinding(db, params.id)
      if (finding === null) throw new AppError('not-found', { what: 'finding' })
      return finding
    },
  )
}
