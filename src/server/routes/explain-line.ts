/**
 * Why a line is not understood.
 *
 * @module
 */
import { z } from 'zod'
import { bundledFormats } from '../../content.ts'
import { explainLine } from '../../investigate/explain-line.ts'
import { defaultContext } from '../../parse/context.ts'
import type { App, Running } from '../context.ts'
import { text } from '../schemas/parts.ts'
import * as search from '../schemas/search.ts'
import { whileWaiting } from '../waiting.ts'

export const addExplainLineRoutes = (app: App, { config, engine, now }: Running): void => {
  app.post(
    '/api/explain-line',
    {
      // It changes nothing, but a line may be too long, or too private, for an address.
      config: { role: 'viewer', action: null },
      schema: {
        summary: 'What becomes of a line, or why nothing does: what each format that comes near says',
        body: z.strictObject({ line: text(100_000), format: z.string().max(100).exactOptional() }),
        response: { 200: search.lineExplanation },
      },
    },
    async ({ body }, reply) => {
      const [line = ''] = body.line.split(/\r?\n/, 1)
      const nowMs = now()
      const context = {
        ...defaultContext,
        // A day of leeway, as for files: clocks differ.
        writtenBeforeMs: nowMs + 86_400_000,
        ownNetworks: [...defaultContext.ownNetworks, ...config.ownNetworks],
      }
      return explainLine(
        engine,
        { ...body, line },
        await bundledFormats(),
        context,
        whileWaiting(reply, nowMs),
      )
    },
  )
}
