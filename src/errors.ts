/**
 * Every error Winnow foresees, in one table: what the program exits with, what the API answers, and what a person reads.
 * Anything that is not an {@link AppError} is a bug.
 *
 * @module
 */

interface ErrorKind {
  readonly exitStatus: number
  readonly httpStatus: number
  readonly message: (facts: Readonly<Record<string, string | number>>) => string
}

const fact = (facts: Readonly<Record<string, string | number>>, name: string): string =>
  String(facts[name] ?? `(${name} unknown)`)

/** Exit statuses: 1 a failure while running, 2 wrong usage, 3 nothing could be read, 4 the machine's limits, 130 interrupted. */
export const errorTable = {
  'unknown-parser': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `unknown format: ${fact(f, 'id')}. Known formats: ${fact(f, 'known')}`,
  },
  'unknown-detector': {
    exitStatus: 2,
    httpStatus: 404,
    message: (f) => `unknown detector: ${fact(f, 'id')}. Known detectors: ${fact(f, 'known')}`,
  },
  'invalid-time': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) =>
      `invalid ${fact(f, 'option')}: ${fact(f, 'value')}. Write a time such as 2026-01-31, 2026-01-31T08:00Z, or 24h (before the last event)`,
  },
  'invalid-mapping': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid mapping file ${fact(f, 'path')}: ${fact(f, 'problem')}`,
  },
  'invalid-network': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) =>
      `invalid network: ${fact(f, 'network')}. Write an address and the length of its prefix, such as 192.0.2.0/24 or 2001:db8::/32`,
  },
  'invalid-list': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid file for --${fact(f, 'kind')}, ${fact(f, 'path')}: ${fact(f, 'problem')}`,
  },
  'invalid-logformat': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid Squid logformat: ${fact(f, 'problem')}. It was: ${fact(f, 'logformat')}`,
  },
  'invalid-parser': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid parser ${fact(f, 'id')}: ${fact(f, 'problem')}`,
  },
  'invalid-detector': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid detector ${fact(f, 'id')}: ${fact(f, 'problem')}`,
  },
  'nothing-to-read': {
    exitStatus: 3,
    httpStatus: 404,
    message: (f) => `nothing to read: ${fact(f, 'problem')}`,
  },
  'data-folder-in-use': {
    exitStatus: 4,
    httpStatus: 409,
    message: (f) =>
      `the data folder ${fact(f, 'path')} is in use by another Winnow. Stop that one, or give another folder with --data`,
  },
  'data-folder-unusable': {
    exitStatus: 4,
    httpStatus: 500,
    message: (f) => `the data folder ${fact(f, 'path')} cannot be used: ${fact(f, 'problem')}`,
  },
  'output-unwritable': {
    exitStatus: 4,
    httpStatus: 500,
    message: (f) => `cannot write ${fact(f, 'path')}: ${fact(f, 'problem')}`,
  },
  'disk-full': {
    exitStatus: 4,
    httpStatus: 507,
    message: (f) =>
      `the disk is full: ${fact(f, 'path')}. Nothing half-written counts; free some space (or give another folder with --data) and run the same command again`,
  },
  'out-of-memory': {
    exitStatus: 4,
    httpStatus: 507,
    message: (f) =>
      `a query needed more memory than its limit of ${fact(f, 'limit')}. Narrow the time with --since and --until, or raise the limit with --memory`,
  },
  'timed-out': {
    exitStatus: 1,
    httpStatus: 504,
    message: (f) => `a query took longer than its limit of ${fact(f, 'seconds')} s and was stopped`,
  },
  cancelled: { exitStatus: 130, httpStatus: 499, message: () => 'cancelled' },
  'engine-unreachable': {
    exitStatus: 4,
    httpStatus: 503,
    message: (f) => `ClickHouse does not answer at ${fact(f, 'url')}: ${fact(f, 'problem')}`,
  },
  'engine-failed': {
    exitStatus: 1,
    httpStatus: 500,
    message: (f) => `the engine refused a query: ${fact(f, 'problem')}`,
  },
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorTable

/** An error that was foreseen. `facts` fill the message and go into the log as fields. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly facts: Readonly<Record<string, string | number>>

  constructor(code: ErrorCode, facts: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(errorTable[code].message(facts), cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = code
    this.facts = facts
  }

  get exitStatus(): number {
    return errorTable[this.code].exitStatus
  }
}

/** The text of anything thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
