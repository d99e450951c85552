/**
 * What Prometheus reads.
 *
 * @module
 */
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { App, Running } from './context.ts'

/** The registry that is given, or one of our own; with the API's metrics in it. */
export const metricsOf = (app: App, context: Running): Registry => {
  const registry = context.metrics ?? new Registry()
  if (context.metrics === undefined) collectDefaultMetrics({ register: registry })
  const registers = [registry]

  const requests = new Histogram({
    name: 'winnow_http_request_seconds',
    help: 'How long requests took, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none'
    const labels = { route, method: request.method, status: String(reply.statusCode) }
    requests.observe(labels, reply.elapsedTime / 1000)
    done()
  })

  const sourceLines: Gauge<'source'> = new Gauge({
    name: 'winnow_source_lines',
    help: 'Lines taken in, by source.',
    labelNames: ['source'],
    registers,
    collect: async () => {
      sourceLines.reset()
      for (const { name, lines } of await context.sources()) sourceLines.set({ source: name }, lines)
    },
  })
  const sourceRejects: Gauge<'source'> = new Gauge({
    name: 'winnow_source_rejected_lines',
    help: 'Lines no parser understood, by source.',
    labelNames: ['source'],
    registers,
    collect: async () => {
      sourceRejects.reset()
      for (const { name, rejected } of await context.sources()) sourceRejects.set({ source: name }, rejected)
    },
  })
  const { spool } = context
  if (spool !== undefined) {
    const bytes: Gauge = new Gauge({
      name: 'winnow_spool_bytes',
      help: 'What was acknowledged and is not in the engine yet.',
      registers,
      collect: () => bytes.set(spool.stats().bytes),
    })
  }
  return registry
}
