/**
 * The engine's complaints about a file's bytes, apart from its other failures.
 *
 * @module
 */
import { AppError, messageOf } from '../errors.ts'

const damageNames = new Set([
  'ZLIB_INFLATE_FAILED',
  'LZMA_STREAM_DECODER_FAILED',
  'ZSTD_DECODER_FAILED',
  'CANNOT_DECOMPRESS',
  'CANNOT_READ_ALL_DATA',
  'UNEXPECTED_END_OF_FILE',
  'ATTEMPT_TO_READ_AFTER_EOF',
])

const unreadableNames = new Set(['FILE_DOESNT_EXIST', 'CANNOT_OPEN_FILE', 'CANNOT_STAT'])

/** The name that ClickHouse ends its messages with: `(ZLIB_INFLATE_FAILED)`. */
const nameOf = (error: AppError): string =>
  /\(([A-Z][A-Z0-9_]+)\)\s*$/.exec(messageOf(error.cause ?? error).trimEnd())?.[1] ?? ''

const isNamed = (error: unknown, names: ReadonlySet<string>): boolean =>
  error instanceof AppError && error.code === 'engine-failed' && names.has(nameOf(error))

/** Whether the engine gave up on an archive because of its bytes. */
export const isDamage = (error: unknown): boolean => isNamed(error, damageNames)

/** Node's code of a failed system call: `ENOENT`; empty for other errors. */
export const systemCode = (error: unknown): string =>
  error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : ''

/** Whether a file could not be opened or read, by us or the engine. */
export const isUnreadable = (error: unknown): boolean =>
  isNamed(error, unreadableNames) ||
  ['ENOENT', 'EACCES', 'EPERM', 'EIO', 'EISDIR', 'ELOOP', 'ENXIO', 'ESTALE'].includes(systemCode(error))

/** Why a file cannot be read, in words. */
export const whyUnreadable = (error: unknown): string => {
  switch (systemCode(error)) {
    case 'ENOENT':
      return 'there is no such file or folder'
    case 'EACCES':
    case 'EPERM':
      return 'it may not be read by this user'
    case 'ELOOP':
      return 'it is a link that leads back to itself'
    default:
      return `it cannot be read: ${messageOf(error)}`
  }
}
