/**
 * Lines as they are: `POST /ingest/SOURCE`, each line of the body a line of that stream.
 *
 * @module
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { linesIn } from './batch.ts'
import { addProtocol, keepAll, readBody, streamOf, type Intake } from './intake.ts'

interface Named {
  readonly Params: { readonly source?: string }
  readonly Querystring: { readonly source?: string | readonly string[] }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export const addPlainRoutes = (app: FastifyInstance, intake: Intake): void =>
  addProtocol(
    app,
    intake,
    (reply, { status, message }) => reply.send({ status, error: message }),
    (routes) => {
      const take = (request: FastifyRequest<Named>) =>
        readBody(intake, request, async (body) => {
          const name = textOf(request.params.source) || textOf(request.query.source)
          const stream = streamOf(intake, request, 'http', name)
          const lines = await keepAll(intake, (batch) => {
            for (const line of linesIn(body)) batch.add(stream, line)
          })
          return { lines, source: stream }
        })
      routes.post<Named>('/ingest', take)
      routes.post<Named>('/ingest/:source', take)
    },
  )
