import type { FastifyRequest } from 'fastify'

/** The state that was asked for: `empty`, `error` …; usually none. */
export const stateOf = (request: FastifyRequest): string => {
  const { 'x-fixture': given } = request.headers
  return typeof given === 'string' ? given : (process.env['FIXTURE_STATE'] ?? '')
}
