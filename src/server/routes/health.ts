/**
 * Whether the server lives, whether it can work, and its metrics.
 *
 * @module
 */
import { sql as storeSql } from 'kysely'
import { isIPv6 } from 'node:net'
import { z } from 'zod'
import { mustBeAllowed } from '../asker.ts'
import type { App, Running } from '../context.ts'
import { metricsOf } from '../metrics.ts'

const checkSeconds = 5
/** Asked more often than this, the last answer is given. */
const keptMs = 1000

interface Check {
  readonly name: string
  readonly ok: boolean
}

const readiness = z.object({
  ready: z.boolean(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean() })),
})

const within = async (work: Promise<unknown>): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), checkSeconds * 1000)
  })
  try {
    return await Promise.race([work.then(() => true), late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

const isLoopback = (address: string): boolean =>
  /^(?:::ffff:)?127\./.test(address) || (isIPv6(address) && address === '::1')

/** Names that only this machine goes by: a web page elsewhere can't have one, whatever its name resolves to. */
const isLocalName = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)

export const addHealthRoutes = (app: App, context: Running): void => {
  const { engine, store, spool } = context
  const metrics = metricsOf(app, context)

  const check = async (): Promise<readonly Check[]> => {
    const [engineOk, storeOk] = await Promise.all([
      within(engine.ping()),
      within(storeSql`select 1`.execute(store.db)),
    ])
    const stats = spool?.stats()
    return [
      { name: 'engine', ok: engineOk },
      { name: 'store', ok: storeOk },
      ...(stats === undefined ? [] : [{ name: 'spool', ok: stats.bytes < stats.maxBytes }]),
    ]
  }
  let last: { readonly checks: Promise<readonly Check[]>; readonly atMs: number } | null = null

  app.get(
    '/healthz',
    {
      config: { role: 'anyone', rateLimit: false },
      schema: {
        summary: 'Whether the process answers',
        response: { 200: z.object({ ok: z.literal(true) }) },
      },
    },
    () => ({ ok: true as const }),
  )

  app.get(
    '/readyz',
    {
      config: { role: 'anyone', rateLimit: false },
      schema: {
        summary: 'Whether the engine, the work state and the spool work',
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const atMs = performance.now()
      if (last === null || atMs - last.atMs > keptMs) last = { checks: check(), atMs }
      const checks = [...(await last.checks)]
      const ready = checks.every(({ ok }) => ok)
      return reply.code(ready ? 200 : 503).send({ ready, checks })
    },
  )

  app.get(
    '/metrics',
    {
      config: { role: 'anyone' },
      schema: {
        summary: 'Metrics for Prometheus: for keys that may read, and on this machine',
        produces: ['text/plain'],
      },
    },
    async (request, reply) => {
      const { headers, asker } = request
      // What a proxy passes on comes from this machine too: then somebody else asked.
      const isHere =
        isLoopback(request.socket.remoteAddress ?? '') &&
        isLocalName(request.host) &&
        headers['x-forwarded-for'] === undefined &&
        headers.forwarded === undefined
      if (!isHere || asker.kind !== 'nobody') mustBeAllowed(asker, 'viewer')
      return reply.type(metrics.contentType).send(await metrics.metrics())
    },
  )
}
