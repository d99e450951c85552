/**
 * What happens, as it happens.
 *
 * @module
 */
import type { App, Running } from '../context.ts'
import { answerWithEvents } from '../event-stream.ts'

export const addLiveRoutes = (app: App, context: Running): void => {
  app.get(
    '/api/live',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Server-sent events: incidents, findings, sources, loads, cycles',
        description: 'Each event is named by the `kind` of its data, a LiveEvent.',
        produces: ['text/event-stream'],
      },
    },
    (request, reply) => {
      answerWithEvents(context, request, reply, ({ send }) =>
        context.bus.subscribe((event) => send(event.kind, event)),
      )
    },
  )
}
