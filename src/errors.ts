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
  'invalid-query': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid query: ${fact(f, 'problem')} (at character ${fact(f, 'position')}, from 0)`,
  },
  'invalid-event-id': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) =>
      `invalid event: ${fact(f, 'id')}. Take the id of an event, or \`next\` of a page, as it was given`,
  },
  'unknown-entity-kind': {
    exitStatus: 2,
    httpStatus: 404,
    message: (f) => `unknown kind of entity: ${fact(f, 'kind')}. Known kinds: ${fact(f, 'known')}`,
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
  'spool-full': {
    exitStatus: 4,
    httpStatus: 429,
    message: (f) =>
      `too much is waiting to be read: ${fact(f, 'bytes')} of ${fact(f, 'maxBytes')} bytes. Send it again in ${fact(f, 'retrySeconds')} s`,
  },
  'invalid-config': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `${fact(f, 'place')}: ${fact(f, 'problem')}`,
  },
  'cannot-listen': {
    exitStatus: 4,
    httpStatus: 500,
    message: (f) => `cannot listen on ${fact(f, 'address')}: ${fact(f, 'problem')}`,
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
  'intake-malformed': {
    exitStatus: 1,
    httpStatus: 400,
    message: (f) => `what was sent cannot be read: ${fact(f, 'problem')}`,
  },
  'intake-too-large': {
    exitStatus: 1,
    httpStatus: 413,
    message: (f) => `the body is too large: ${fact(f, 'problem')}. Send fewer lines at once`,
  },
  'intake-encoding': {
    exitStatus: 1,
    httpStatus: 415,
    message: (f) => `unknown Content-Encoding ${fact(f, 'encoding')}. Known: ${fact(f, 'known')}`,
  },
  'intake-busy': {
    exitStatus: 1,
    httpStatus: 429,
    message: () => 'too much is being sent at once. Send the same again a little later',
  },
  'intake-key-missing': {
    exitStatus: 1,
    httpStatus: 401,
    message: () => 'a key is needed. Send it as Authorization: Bearer KEY',
  },
  'intake-key-refused': {
    exitStatus: 1,
    httpStatus: 403,
    message: () => 'this key is unknown, revoked, or not for sending logs',
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
  'not-signed-in': { exitStatus: 1, httpStatus: 401, message: () => 'sign in first' },
  'sign-in-failed': {
    exitStatus: 1,
    httpStatus: 401,
    message: () => 'e-mail address and password do not fit together, or the account is disabled',
  },
  'not-allowed': {
    exitStatus: 1,
    httpStatus: 403,
    message: (f) => `not allowed: this needs ${fact(f, 'needs')}`,
  },
  'cross-site': {
    exitStatus: 1,
    httpStatus: 403,
    message: () => 'changes are taken from the console itself only: same origin, and the header x-winnow: 1',
  },
  'too-many-attempts': {
    exitStatus: 1,
    httpStatus: 429,
    message: (f) => `too many attempts. Try again in ${fact(f, 'seconds')} s`,
  },
  'too-many-requests': {
    exitStatus: 1,
    httpStatus: 429,
    message: (f) => `too many requests. Try again in ${fact(f, 'seconds')} s`,
  },
  'link-used-up': {
    exitStatus: 1,
    httpStatus: 410,
    message: () => 'this link was used, replaced, or is too old. Get a new one where this one came from',
  },
  'invalid-password': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `this password will not do: ${fact(f, 'problem')}`,
  },
  'last-administrator': {
    exitStatus: 1,
    httpStatus: 409,
    message: () => 'somebody must stay administrator: make another one first',
  },
  'invalid-request': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `invalid request: ${fact(f, 'problem')}`,
  },
  'request-too-large': {
    exitStatus: 2,
    httpStatus: 413,
    message: () => 'the request is too large',
  },
  'unknown-type': {
    exitStatus: 2,
    httpStatus: 415,
    message: () => 'unknown type of body: send JSON, with content-type: application/json',
  },
  'not-found': { exitStatus: 2, httpStatus: 404, message: (f) => `no such ${fact(f, 'what')}` },
  conflict: { exitStatus: 2, httpStatus: 409, message: (f) => `not possible now: ${fact(f, 'problem')}` },
  'sign-in-elsewhere-failed': {
    exitStatus: 1,
    httpStatus: 502,
    message: (f) => `the sign-in elsewhere failed: ${fact(f, 'problem')}`,
  },
  'store-unusable': {
    exitStatus: 4,
    httpStatus: 500,
    message: (f) => `the work state in ${fact(f, 'path')} cannot be used: ${fact(f, 'problem')}`,
  },
  'store-unreachable': {
    exitStatus: 4,
    httpStatus: 503,
    message: (f) => `PostgreSQL does not answer at ${fact(f, 'place')}: ${fact(f, 'problem')}`,
  },
  'store-newer': {
    exitStatus: 4,
    httpStatus: 409,
    message: (f) =>
      `the work state was made by a newer Winnow (${fact(f, 'migration')}). Run that version, or restore a backup`,
  },
  'invalid-backup': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `${fact(f, 'path')} cannot be restored: ${fact(f, 'problem')}`,
  },
  'restore-target-used': {
    exitStatus: 2,
    httpStatus: 409,
    message: (f) =>
      `nothing was restored: there is something in ${fact(f, 'path')} already. Give an empty folder with --data, and an empty database`,
  },
  'backup-by-server': {
    exitStatus: 4,
    httpStatus: 409,
    message: (f) =>
      `a Winnow runs on ${fact(f, 'path')}, so it has to make the backup itself: winnow backup --server ADDRESS. Or stop it first`,
  },
  'server-refused': {
    exitStatus: 4,
    httpStatus: 502,
    message: (f) => `the server at ${fact(f, 'url')} did not make a backup: ${fact(f, 'problem')}`,
  },
  'unknown-incident': {
    exitStatus: 2,
    httpStatus: 404,
    message: (f) => `unknown incident: ${fact(f, 'id')}`,
  },
  'invalid-change': {
    exitStatus: 2,
    httpStatus: 400,
    message: (f) => `this change is not possible: ${fact(f, 'problem')}`,
  },
  'unknown-verdict': {
    exitStatus: 2,
    httpStatus: 404,
    message: (f) => `unknown verdict: ${fact(f, 'id')}`,
  },
  'invalid-cursor': {
    exitStatus: 2,
    httpStatus: 400,
    message: () => 'invalid cursor: give back the one that came with the page before, or none',
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

  get httpStatus(): number {
    return errorTable[this.code].httpStatus
  }
}

/** The text of anything thrown. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)
