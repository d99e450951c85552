/**
 * Changes come from the console itself: another site can make a browser send a request, but not one that says so and
 * carries our header.
 *
 * @module
 */
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'

const hostOf = (origin: string): string | null => {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}

/**
 * @param url where people reach the console, if it is set: behind a proxy the host may be another
 * @throws AppError `cross-site`
 */
export const mustBeSameOrigin = (request: FastifyRequest, url: string | undefined): void => {
  const { headers, host, protocol } = request
  const site = headers['sec-fetch-site']
  // Written as browsers write it: without the port that everyone knows.
  const own = [`${protocol}://${host}`, url ?? ''].map(hostOf)
  const origin = headers.origin === undefined ? undefined : hostOf(headers.origin)
  const fits =
    headers['x-winnow'] === '1' &&
    (site === undefined || site === 'same-origin') &&
    (origin === undefined || (origin !== null && own.includes(origin)))
  if (!fits) throw new AppError('cross-site')
}
