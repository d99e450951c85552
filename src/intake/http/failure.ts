/**
 * What a sender is told when its lines were not taken, before each protocol puts it in its own words.
 *
 * @module
 */
import { AppError, errorTable } from '../../errors.ts'

export interface Failure {
  /** 401, 403: the key. 429, 503: the same may be sent again later. All other 4xx: it never will be taken. */
  readonly status: number
  readonly message: string
  /** Seconds to wait before it is sent again; absent where that would not help. */
  readonly retrySeconds?: number
}

/** Full disks and broken engines pass: senders keep what 503 refuses, and many throw away what 507 does. */
const passing = 503
const retryLater = { [429]: 5, [passing]: 30 } as const

const statusOf = (thrown: unknown): number => {
  if (thrown instanceof AppError) {
    const { httpStatus } = errorTable[thrown.code]
    return httpStatus >= 500 ? passing : httpStatus
  }
  // Fastify's own refusals say what they are.
  const { statusCode } = (thrown ?? {}) as { readonly statusCode?: unknown }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

/** What the sender can do something about is told as it is; of what we fail at, nothing but that we do. */
const messageOf = (thrown: unknown, status: number): string => {
  if (status === 500) return 'this is a mistake of Winnow; its log says more'
  if (status === passing) return 'nothing can be taken at the moment; the log of Winnow says why'
  return thrown instanceof Error ? thrown.message : 'refused'
}

export const failureOf = (thrown: unknown): Failure => {
  const status = statusOf(thrown)
  const message = messageOf(thrown, status)
  if (status !== 429 && status !== passing) return { status, message }
  const advised = thrown instanceof AppError ? Number(thrown.facts['retrySeconds']) : Number.NaN
  return { status, message, retrySeconds: advised > 0 ? Math.ceil(advised) : retryLater[status] }
}

/** Of several streams' failures the one that says most: what can be tried again, above all. */
export const worstOf = (failures: Iterable<unknown>): Failure | undefined =>
  [...failures].map(failureOf).toSorted((a, b) => b.status - a.status)[0]
