import { longestLine } from '../../parse/compile-branches.ts'

/** Whole lines at the beginning of some bytes. */
export interface Cut {
  /** Each ended by `\n`. */
  readonly lines: Buffer
  readonly count: number
  /** How many of the bytes are behind them. */
  readonly taken: number
  /** The bytes end within a line that was cut: what is left of it is to be skipped. */
  readonly skipping: boolean
}

const newline = 10
/** So much of a longer line is enough for it to be told as too long. */
const kept = longestLine + 1

const countIn = (bytes: Buffer): number => {
  let count = 0
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) count++
  return count
}

const none = Buffer.alloc(0)

/**
 * Takes whole lines. Half a line at the end is left, unless it is too long to wait for its end or `isLast`.
 *
 * @param skipping - the bytes begin within a line that was cut
 */
export const cutLines = (bytes: Buffer, skipping: boolean, isLast = false): Cut => {
  const end = skipping ? bytes.indexOf(newline) : -1
  if (skipping && end === -1) return { lines: none, count: 0, taken: bytes.length, skipping: true }
  const from = end + 1
  const whole = bytes.lastIndexOf(newline) + 1
  const lines = bytes.subarray(from, Math.max(from, whole))
  const count = countIn(lines)
  const rest = bytes.subarray(Math.max(from, whole))
  if (rest.length < kept && !(isLast && rest.length > 0))
    return { lines, count, taken: bytes.length - rest.length, skipping: false }
  const cut = Buffer.concat([lines, rest.subarray(0, kept), Buffer.from('\n')])
  return { lines: cut, count: count + 1, taken: bytes.length, skipping: rest.length >= kept }
}
