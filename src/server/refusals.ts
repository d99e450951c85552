/**
 * Every error becomes an {@link ApiError}. What was not foreseen, and what the server itself fails at, gets a fixed sentence
 * outside, and everything in the log.
 *
 * @module
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { AppError, errorTable, type ErrorCode } from '../errors.ts'
import type { ApiError } from '../api/api.ts'

/** Where in the request something is wrong, and what; not what was sent. */
const problemOf = (error: FastifyError): string => {
  if (!hasZodFastifySchemaValidationErrors(error)) return 'it does not fit its schema'
  const problems = error.validation.map(({ instancePath, message }) => {
    const place = instancePath
      .split('/')
      .filter((part) => part !== '')
      .join('.')
    return place === '' ? String(message) : `${place}: ${message}`
  })
  return problems.join('; ').slice(0, 300)
}

/** Fastify's own refusals, as ours. */
const ofFastify = (error: FastifyError): AppError | null => {
  if (error.validation !== undefined) return new AppError('invalid-request', { problem: problemOf(error) })
  if (error.statusCode === 413) return new AppError('request-too-large')
  if (error.statusCode === 415) return new AppError('unknown-type')
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new AppError('invalid-request', {
      problem: error.code === 'FST_ERR_BAD_URL' ? 'the address cannot be read' : 'it cannot be read',
    })
  return null
}

/** The errors that are the server's own. */
type FailureCode = {
  [Code in ErrorCode]: `${(typeof errorTable)[Code]['httpStatus']}` extends `5${string}` ? Code : never
}[ErrorCode]

/** Null: told as it is. All others name paths or addresses, or quote another program. */
const outside: Readonly<Record<FailureCode, string | null>> = {
  'data-folder-unusable': 'the data folder cannot be used',
  'output-unwritable': 'a file cannot be written',
  'disk-full': 'the disk is full. Nothing half-written counts; free some space, and do the same again',
  'cannot-listen': 'the server cannot listen',
  'out-of-memory': null,
  'timed-out': null,
  'engine-unreachable': 'ClickHouse does not answer. Try again a little later',
  'engine-failed': 'the engine refused a query',
  'sign-in-elsewhere-failed': 'the sign-in elsewhere failed',
  'store-unusable': 'the work state cannot be used',
  'store-unreachable': 'PostgreSQL does not answer. Try again a little later',
  'server-refused': 'another server did not make a backup',
}

const isFailure = (code: ErrorCode): code is FailureCode => errorTable[code].httpStatus >= 500

const messageOutside = ({ code, message }: AppError, requestId: string): string => {
  const fixed = isFailure(code) ? outside[code] : null
  return fixed === null ? message : `${fixed}. The server's log says more, under request ${requestId}`
}

/** What an error looks like outside, with its status. */
export const refusal = (error: unknown, requestId: string): { status: number; body: ApiError } => {
  // Whatever Fastify throws has its shape; the fields are looked at before they are used.
  const known =
    error instanceof AppError ? error : error instanceof Error ? ofFastify(error as FastifyError) : null
  if (known !== null) {
    const message = messageOutside(known, requestId)
    return { status: known.httpStatus, body: { error: { code: known.code, message } } }
  }
  const message = `something went wrong inside Winnow. Its log says more, under request ${requestId}`
  return { status: 500, body: { error: { code: 'bug', message } } }
}

/** Seconds after which another try makes sense, as the errors of too much say them. */
const retryAfter = (error: unknown): string | null =>
  error instanceof AppError && error.httpStatus === 429 ? String(error.facts['seconds'] ?? 1) : null

export const replyWithError = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply => {
  const { status, body } = refusal(error, request.id)
  if (status >= 500) request.log.error({ err: error }, 'request failed')
  const seconds = retryAfter(error)
  if (seconds !== null) void reply.header('retry-after', seconds)
  return reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body)
}
