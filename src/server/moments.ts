/**
 * Times as they are asked for: ISO 8601, `now`, or `24h` (before now).
 *
 * @module
 */
import { AppError } from '../errors.ts'
import { parseMoment } from '../time.ts'

/** ISO 8601, UTC. @throws AppError `invalid-time` */
const momentOf = (text: string, option: string, nowMs: number): string => {
  const ms = text === 'now' ? nowMs : parseMoment(text, option, nowMs)
  // The work state's times begin 4713 BC; nobody means that.
  if (!(ms >= 0 && ms < 4_102_444_800_000)) throw new AppError('invalid-time', { option, value: text })
  return new Date(ms).toISOString()
}

/** What is given of a start and an end. @throws AppError `invalid-time` */
export const momentsOf = (
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): { readonly from?: string; readonly to?: string } => ({
  ...(from === undefined ? {} : { from: momentOf(from, 'from', nowMs) }),
  ...(to === undefined ? {} : { to: momentOf(to, 'to', nowMs) }),
})
