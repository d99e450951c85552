import { AppError } from '../errors.ts'
import type { QueryCheck } from '../api/search.ts'
import { queryCondition } from './compile.ts'

/** Whether a query can be read: its form, the names of its fields, and the kinds of their values. */
export const checkQuery = (text: string, nowMs: number): QueryCheck => {
  try {
    queryCondition(text, nowMs)
    return { ok: true }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-query') throw error
    return {
      ok: false,
      position: Number(error.facts['position'] ?? 0),
      message: String(error.facts['problem'] ?? ''),
    }
  }
}
