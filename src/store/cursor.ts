/**
 * Where a page of a list ends, as an opaque text.
 *
 * @module
 */
import { AppError } from '../errors.ts'

/** What the last row is ordered by: first the value, then what tells equal ones apart. */
export type Cursor = readonly [number | string, number | string]

export const encodeCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** What can stand in each place of a cursor: a moment in ms, a whole number as PostgreSQL's `integer` holds it, any number, a text. */
type Part = 'moment' | 'integer' | 'number' | 'text'

/** The year 1: PostgreSQL knows none before 4713 BC. */
const leastMs = -62_135_596_800_000
const mostMs = 8.64e15
const mostInteger = 2 ** 31 - 1

const fits = (value: unknown, part: Part): value is number | string => {
  if (part === 'text') return typeof value === 'string' && !value.includes('\0')
  if (typeof value !== 'number' || !Number.isFinite(value)) return false
  if (part === 'number') return true
  if (part === 'moment') return Number.isInteger(value) && value >= leastMs && value <= mostMs
  return Number.isInteger(value) && Math.abs(value) <= mostInteger
}

/**
 * What a list ended with, as its order needs it: anybody can write a cursor of their own.
 *
 * @throws AppError `invalid-cursor`
 */
export const decodeCursor = (text: string, [first, second]: readonly [Part, Part]): Cursor => {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(parsed) && parsed.length === 2) {
      const [value, id]: readonly unknown[] = parsed
      if (fits(value, first) && fits(id, second)) return [value, id]
    }
  } catch (error) {
    throw new AppError('invalid-cursor', {}, error)
  }
  throw new AppError('invalid-cursor')
}
