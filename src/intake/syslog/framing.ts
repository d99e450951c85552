/**
 * Messages out of a stream of bytes: RFC 6587, either way, told apart message by message.
 *
 * @module
 */

export interface Messages {
  /** Each ended by `\n`. */
  readonly lines: Buffer
  readonly count: number
  /** How many of them were longer than allowed; their beginning is kept. */
  readonly cut: number
}

export interface Framing {
  /** Takes what was received, and gives the messages that are whole now. */
  readonly take: (bytes: Buffer) => Messages
  /** What is left when the sender is gone. */
  readonly end: () => Messages
}

const newline = 10
/** A count is written in so many digits at most. */
const mostDigits = 10
const lineFeeds = /\n/g

/**
 * A message as one line. A line feed within is written `#012`, as rsyslog does; empty where there is no message.
 */
export const asLine = (message: Buffer): Buffer => {
  let end = message.length
  // What ends a message beside its line feed.
  for (; end > 0; end--) {
    const last = message[end - 1]
    if (last !== newline && last !== 13 && last !== 0) break
  }
  const text = message.subarray(0, end)
  if (!text.includes(newline)) return text
  // Byte by byte: it need not be UTF-8.
  return Buffer.from(text.toString('latin1').replaceAll(lineFeeds, '#012'), 'latin1')
}

const lineEnd = Buffer.from('\n')

/** The count before a message: how long it is, and where it begins. `wait` while that cannot be seen yet. */
const countAt = (bytes: Buffer, at: number): { from: number; length: number } | 'none' | 'wait' => {
  let place = at
  let length = 0
  for (; place < bytes.length && place - at < mostDigits; place++) {
    const digit = (bytes[place] ?? 0) - 48
    if (digit < 0 || digit > 9 || (place === at && digit === 0)) break
    length = length * 10 + digit
  }
  if (place === at) return 'none'
  // A line may well begin with a number; a message that is counted begins with its priority.
  if (place >= bytes.length || (bytes[place] === 32 && place + 1 >= bytes.length))
    return place - at < mostDigits ? 'wait' : 'none'
  return bytes[place] === 32 && bytes[place + 1] === 60 ? { from: place + 1, length } : 'none'
}

/** @param longest - in bytes */
export const openFraming = (longest: number): Framing => {
  let held: Buffer = Buffer.alloc(0)
  /** Of a message that was cut: so many bytes are still to come, or all up to a line feed. */
  let skip: number | 'line' = 0

  const parse = (isEnd: boolean): Messages => {
    const found: Buffer[] = []
    let cut = 0
    let at = 0
    const add = (message: Buffer): void => {
      if (message.length > longest) cut++
      const line = asLine(message.subarray(0, longest))
      if (line.length > 0) found.push(line, lineEnd)
    }
    while (at < held.length) {
      if (skip === 'line') {
        const end = held.indexOf(newline, at)
        at = end === -1 ? held.length : end + 1
        if (end !== -1) skip = 0
        continue
      }
      if (skip > 0) {
        const some = Math.min(skip, held.length - at)
        skip -= some
        at += some
        continue
      }
      const counted = countAt(held, at)
      if (counted === 'wait' && !isEnd) break
      if (counted !== 'none' && counted !== 'wait') {
        const { from, length } = counted
        const there = held.length - from
        if (there < length && there <= longest && !isEnd) break
        add(held.subarray(from, from + Math.min(length, there)))
        at = from + Math.min(length, there)
        skip = Math.max(0, length - there)
        continue
      }
      const end = held.indexOf(newline, at)
      if (end === -1 && held.length - at <= longest && !isEnd) break
      add(held.subarray(at, end === -1 ? held.length : end))
      at = end === -1 ? held.length : end + 1
      if (end === -1) skip = 'line'
    }
    // A copy: what is held must not keep a whole chunk in memory.
    held = Buffer.from(held.subarray(at))
    return { lines: Buffer.concat(found), count: found.length / 2, cut }
  }

  return {
    take: (bytes) => {
      held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
      return parse(false)
    },
    end: () => parse(true),
  }
}
