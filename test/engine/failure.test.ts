import { expect, test } from 'vitest'
import { isOutage, toAppError } from '../../src/engine/failure.ts'
import { AppError } from '../../src/errors.ts'

const at = { path: 'http://192.0.2.1:8123', memoryBytes: 1e9, seconds: 0 }

/** What the embedded engine throws. */
const thrown = (message: string): AppError => toAppError(new Error(message), at)

/** What the network client throws. */
const answered = (code: string, type: string, message: string): AppError =>
  toAppError(Object.assign(new Error(message), { code, type }), at)

test('a server that cannot take anything at the moment is an outage', () => {
  const outages = [
    answered('242', 'TABLE_IS_READ_ONLY', 'Table is in readonly mode (replica path: /x)'),
    answered('999', 'KEEPER_EXCEPTION', 'Coordination error: Connection loss.'),
    answered('252', 'TOO_MANY_PARTS', 'Too many parts (3000 with average size of 1 MiB)'),
    answered('202', 'TOO_MANY_SIMULTANEOUS_QUERIES', 'Too many simultaneous queries. Maximum: 100'),
    thrown('Code: 242. DB::Exception: Table is in readonly mode. (TABLE_IS_READ_ONLY)'),
    toAppError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }), at),
    new AppError('disk-full', { path: '/' }),
    new AppError('cancelled'),
  ]
  for (const one of outages) expect([one.message, isOutage(one)]).toEqual([one.message, true])
})

test('what it refuses for what it was asked is none, whatever it quotes, and neither is want of memory', () => {
  const others = [
    answered('6', 'CANNOT_PARSE_TEXT', 'Cannot parse string: (TABLE_IS_READ_ONLY)'),
    thrown('Code: 6. DB::Exception: Cannot parse string (KEEPER_EXCEPTION)'),
    thrown('Code: 47. DB::Exception: Unknown identifier. (UNKNOWN_IDENTIFIER)'),
    thrown('Code: 241. DB::Exception: Query memory limit exceeded. (MEMORY_LIMIT_EXCEEDED)'),
    new Error('the lines did not become as many rows'),
  ]
  for (const one of others) expect([one.message, isOutage(one)]).toEqual([one.message, false])
})
