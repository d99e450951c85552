/**
 * A message that was not sent. What is said of it is shown to people, and holds no secret.
 *
 * @module
 */
import { inert } from '../report/format.ts'
import { cut } from './notice.ts'

export class NotSent extends Error {
  constructor(problem: string, cause?: unknown) {
    super(cut(inert(problem), 300), cause === undefined ? undefined : { cause })
    this.name = 'NotSent'
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'it cannot be reached',
  ENETUNREACH: 'it cannot be reached',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'the name server does not answer',
  EMSGSIZE: 'the message is too large',
}

const causeOf = (error: unknown): unknown =>
  error instanceof AggregateError && error.errors.length > 0 ? error.errors[0] : error

/** What a failed connection is called. */
export const failureText = (error: unknown): string => {
  const code = codeOf(causeOf(error))
  if (/CERT|ERR_TLS|SELF_SIGNED|UNABLE_TO_/.test(code)) return `its certificate is not trusted (${code})`
  if (/ERR_SSL|EPROTO/.test(code)) return 'it does not speak TLS as we do'
  return words[code] ?? (code === '' ? 'it failed' : `it failed (${code})`)
}

/** @throws NotSent `no answer within …`, however long the work itself goes on */
export const within = async <T>(ms: number, signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  let cancel = (): void => undefined
  const ended = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotSent(`no answer within ${Math.round(ms / 1000)} s`)), ms)
    cancel = () => reject(new NotSent('the server stopped'))
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
  })
  try {
    return await Promise.race([work, ended])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', cancel)
    // Whoever lost the race fails for nobody.
    work.catch(() => undefined)
  }
}
