/**
 * Where lines come from, and which of them were not understood.
 *
 * @module
 */
import { z } from 'zod'
import { waiting, type AskOptions } from '../../investigate/ask.ts'
import { sql } from '../../sql/sql.ts'
import type { RejectGroup } from '../../api/api.ts'
import type { App, Running } from '../context.ts'
import { many, text } from '../schemas/parts.ts'
import * as sources from '../schemas/sources.ts'
import { whileWaiting } from '../waiting.ts'

const mostGroups = 50
const mostExamples = 5
/** Of a line that is shown. */
const mostCharacters = 2000

const rejectsOf = async (
  { engine }: Running,
  source: string | undefined,
  options: AskOptions,
): Promise<readonly RejectGroup[]> => {
  const only = source === undefined ? sql`1` : sql`source = ${source}`
  const rows = await engine.rows<{ reason: string; lines: number; examples: [number, string, string][] }>(
    sql`SELECT reject_reason AS reason, sum(lines) AS lines, groupArrayArray(${mostExamples})(some) AS examples FROM (SELECT reject_reason, source, count() AS lines, groupArraySorted(${mostExamples})((line_number, substringUTF8(message, 1, ${mostCharacters}), formatDateTime(ingested, '%Y-%m-%dT%H:%i:%S.000Z', 'UTC'))) AS some FROM events WHERE category = 'reject' AND ${only} GROUP BY reject_reason, source) GROUP BY reject_reason ORDER BY lines DESC, reason LIMIT ${mostGroups}`,
    waiting({ ...options, seconds: 30 }),
  )
  return rows.map(({ reason, lines, examples }) => ({
    reason,
    lines,
    examples: examples.map(([line, text, time]) => ({ line, text, time })),
  }))
}

export const addSourceRoutes = (app: App, context: Running): void => {
  app.get(
    '/api/sources',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Where lines come from, and how they come',
        response: { 200: z.object({ sources: many(sources.sourceRow) }) },
      },
    },
    async () => ({ sources: (await context.sources()).slice(0, 2000) }),
  )

  app.get(
    '/api/sources/rejects',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Lines no parser understood, by reason, most first',
        querystring: z.strictObject({ source: text(4096).min(1).exactOptional() }),
        response: { 200: z.object({ groups: many(sources.rejectGroup) }) },
      },
    },
    async ({ query }, reply) => ({
      groups: await rejectsOf(context, query.source, whileWaiting(reply, context.now())),
    }),
  )
}
