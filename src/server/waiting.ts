import type { FastifyReply } from 'fastify'
import type { AskOptions } from '../investigate/ask.ts'
import { askerId } from './asker.ts'

/** For work of the engine that ends when nobody waits for its answer any more. */
export const whileWaiting = (
  reply: FastifyReply,
  nowMs: number,
): AskOptions & { readonly signal: AbortSignal } => {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return { signal: controller.signal, asker: askerId(reply.request.asker), nowMs }
}
