import { AppError, messageOf } from '../errors.ts'

interface Circumstances {
  /** The data folder, or the server's address. */
  readonly path: string
  readonly memoryBytes: number
  readonly seconds: number
}

/** ClickHouse's own numbers: its messages quote what people wrote, its numbers do not. */
const errorNames: Readonly<Record<string, string>> = {
  '159': 'TIMEOUT_EXCEEDED',
  '194': 'REQUIRED_PASSWORD',
  '209': 'SOCKET_TIMEOUT',
  '210': 'NETWORK_ERROR',
  // A server that is going down after a crash answers so for a moment.
  '236': 'ABORTED',
  '241': 'MEMORY_LIMIT_EXCEEDED',
  '243': 'NOT_ENOUGH_SPACE',
  '279': 'ALL_CONNECTION_TRIES_FAILED',
  '394': 'QUERY_WAS_CANCELLED',
  '516': 'AUTHENTICATION_FAILED',
}

const knownNames = new Set(Object.values(errorNames))

/** What Node or the network client calls an error: `ECONNREFUSED`, `159`. */
const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : ''

/** ClickHouse's name for a failure, such as `ZLIB_INFLATE_FAILED`. */
export const engineErrorName = (thrown: unknown): string | undefined => {
  const message = messageOf(thrown)
  const code = codeOf(thrown)
  const number = /^\d+$/.test(code) ? code : /\bCode: (\d+)\. DB::/.exec(message)?.[1]
  const known = errorNames[number ?? '']
  if (known !== undefined) return known
  // Its messages end with the name, which the network client takes off.
  const last = /\(([A-Z][A-Z0-9_]+)\)\s*(?:\(version [^)]*\))?\s*$/.exec(message)?.[1]
  const stated = thrown instanceof Error && 'type' in thrown ? thrown.type : last
  if (typeof stated !== 'string' || (number !== undefined && knownNames.has(stated))) return undefined
  return stated
}

const unreachableNames = new Set([
  'ABORTED',
  'NETWORK_ERROR',
  'SOCKET_TIMEOUT',
  'ALL_CONNECTION_TRIES_FAILED',
  'AUTHENTICATION_FAILED',
  'REQUIRED_PASSWORD',
])

/** Node's codes where no server answered, or it went away. */
const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
])

const unreachable = (thrown: unknown, name: string | undefined): boolean =>
  (name !== undefined && unreachableNames.has(name)) ||
  unreachableCodes.has(codeOf(thrown)) ||
  messageOf(thrown) === 'socket hang up'

/** An engine's failure as one of the errors a person can act on. */
export const toAppError = (thrown: unknown, at: Circumstances): AppError => {
  if (thrown instanceof AppError) return thrown
  const message = messageOf(thrown)
  const name = engineErrorName(thrown)
  if (/No space left on device|errno: 28\b/.test(message) || name === 'NOT_ENOUGH_SPACE') {
    return new AppError('disk-full', { path: at.path }, thrown)
  }
  if (/Cannot lock file/.test(message)) return new AppError('data-folder-in-use', { path: at.path }, thrown)
  if (name === 'MEMORY_LIMIT_EXCEEDED') {
    return new AppError('out-of-memory', { limit: `${Math.round(at.memoryBytes / 1e6)} MB` }, thrown)
  }
  if (name === 'TIMEOUT_EXCEEDED') return new AppError('timed-out', { seconds: at.seconds }, thrown)
  if (name === 'QUERY_WAS_CANCELLED') return new AppError('cancelled', {}, thrown)
  if (unreachable(thrown, name)) {
    // A refusal on every address of a name comes as a group of errors with no text of its own.
    return new AppError('engine-unreachable', { url: at.path, problem: message || codeOf(thrown) }, thrown)
  }
  return new AppError('engine-failed', { problem: message.slice(0, 2000) }, thrown)
}
