import { AppError, messageOf } from '../errors.ts'

interface Circumstances {
  /** The data folder, or the server's address. */
  readonly path: string
  readonly memoryBytes: number
  readonly seconds: number
}

/** What a server refuses because of its own state, whatever it was asked: it has too much to do, may not write, lacks its replicas. */
const outageNames: Readonly<Record<string, string>> = {
  '164': 'READONLY',
  '173': 'CANNOT_ALLOCATE_MEMORY',
  '198': 'DNS_ERROR',
  '201': 'QUOTA_EXCEEDED',
  '202': 'TOO_MANY_SIMULTANEOUS_QUERIES',
  '203': 'NO_FREE_CONNECTION',
  '225': 'NO_ZOOKEEPER',
  '242': 'TABLE_IS_READ_ONLY',
  '252': 'TOO_MANY_PARTS',
  '254': 'NO_ACTIVE_REPLICAS',
  '265': 'NO_AVAILABLE_REPLICA',
  '285': 'TOO_FEW_LIVE_REPLICAS',
  '286': 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
  '289': 'REPLICA_IS_NOT_IN_QUORUM',
  '297': 'SHARD_HAS_NO_CONNECTIONS',
  '319': 'UNKNOWN_STATUS_OF_INSERT',
  '364': 'RECEIVED_ERROR_TOO_MANY_REQUESTS',
  '369': 'ALL_REPLICAS_ARE_STALE',
  '415': 'ALL_REPLICAS_LOST',
  '416': 'REPLICA_STATUS_CHANGED',
  '439': 'CANNOT_SCHEDULE_TASK',
  '473': 'DEADLOCK_AVOIDED',
  '497': 'ACCESS_DENIED',
  '519': 'NO_REMOTE_SHARD_AVAILABLE',
  '574': 'DISTRIBUTED_TOO_MANY_PENDING_BYTES',
  '692': 'TOO_MANY_MUTATIONS',
  '745': 'SERVER_OVERLOADED',
  '749': 'TCP_CONNECTION_LIMIT_REACHED',
  '762': 'HTTP_CONNECTION_LIMIT_REACHED',
  '904': 'TOO_MANY_UNAVAILABLE_SHARDS',
  '999': 'KEEPER_EXCEPTION',
}

/** ClickHouse's own numbers: its messages quote what people wrote, its numbers do not. */
const errorNames: Readonly<Record<string, string>> = {
  ...outageNames,
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

const outages = new Set(Object.values(outageNames))

const outageCodes: ReadonlySet<string> = new Set([
  'disk-full',
  'engine-unreachable',
  'timed-out',
  'cancelled',
  'data-folder-in-use',
])

/**
 * Whether the engine as a whole does not work at the moment: the same may work later, and what is asked instead of it
 * fails as well. Too little memory is none: less may do.
 */
export const isOutage = (error: unknown): boolean =>
  error instanceof AppError &&
  (outageCodes.has(error.code) ||
    (error.code === 'engine-failed' && outages.has(engineErrorName(error.cause) ?? '')))
