/**
 * One line for each request: what was asked of which route, by whom, and how it went. Neither what was searched for nor
 * what was sent is in it.
 *
 * @module
 */
import type { App } from './context.ts'

export const addRequestLog = (app: App): void => {
  app.addHook('onResponse', (request, reply, done) => {
    const { asker } = request
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
        bytes: Number(reply.getHeader('content-length') ?? 0),
        address: request.ip,
        ...(asker?.kind === 'user' ? { user: asker.session.user.id } : {}),
        ...(asker?.kind === 'key' ? { key: asker.key.id } : {}),
      },
      'request',
    )
    done()
  })
}
