/**
 * A JSON document → one line for each of its elements, as its bytes come by.
 *
 * @module
 */
import { longestLine } from '../parse/compile-branches.ts'
import type { Layout } from './json-document.ts'

export interface Splitter {
  readonly push: (chunk: Uint8Array) => void
  /** Returns whether the document ended before its last element or list did; a half element is no line. */
  readonly end: () => boolean
}

const [lineFeed, space, quote, comma, backslash] = [10, 32, 34, 44, 92]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]
const mark = [0xef, 0xbb, 0xbf]
/** What a line that is too long is cut off at: still long enough to be told from one that is not. */
const most = longestLine + 1

/**
 * Writes each element on a line of its own, without the spaces and line breaks between its parts. What stands between
 * elements and is no JSON becomes lines too, so that nothing is lost unseen; of the object around a wrapped list only the
 * list counts. Holds two lines' worth of memory at most, however deep and long the elements are.
 *
 * @param write takes whole lines; the bytes are used again after it returns
 */
export const splitDocument = (layout: Layout, write: (lines: Uint8Array) => void): Splitter => {
  const listKey = layout.kind === 'wrapped' ? Buffer.from(`"${layout.key}":`) : null
  const out = Buffer.alloc(2 * most + 4)
  /** Up to `done` there are whole lines, from there to `size` the element that is being read. */
  let done = 0
  let size = 0
  let seen = 0
  let depth = 0
  let inText = false
  let escaped = false
  /** In something without brackets or quotes: a number, or no JSON at all. */
  let bare = false
  let inList = false
  /** In the object around a list, and whether a list was found in it. */
  let inShell = false
  let unwrapped = false

  const put = (byte: number): void => {
    if (size - done < most) out[size++] = byte
  }
  const finish = (): void => {
    const isShell = inShell && !inList
    if (isShell) inShell = false
    // Another list of objects beside the one that counts is told, as a line that no format fits.
    const holdsList = out.subarray(done, size).includes('[{')
    if (isShell && unwrapped && !holdsList) {
      size = done
      return
    }
    out[size++] = lineFeed
    done = size
    if (done < most) return
    write(out.subarray(0, done))
    done = size = 0
  }
  const afterListKey = (): boolean => {
    if (listKey === null || size - done >= most) return false
    const from = size - listKey.length
    const before = out[from - 1]
    return (
      from > done && (before === openObject || before === comma) && listKey.equals(out.subarray(from, size))
    )
  }
  const takeText = (byte: number): void => {
    if (byte === lineFeed) {
      // Not allowed there, but it must not break the line.
      if (!escaped) put(backslash)
      put(110)
      escaped = false
      return
    }
    put(byte)
    if (escaped) escaped = false
    else if (byte === backslash) escaped = true
    else if (byte === quote) {
      inText = false
      if (depth === 0) finish()
    }
  }
  const takeInside = (byte: number): void => {
    if (byte <= space) return
    if (byte === openList && depth === 1 && inShell && !inList && afterListKey()) {
      size = done
      depth = 0
      inList = unwrapped = true
      return
    }
    put(byte)
    if (byte === quote) inText = true
    else if (byte === openObject || byte === openList) depth++
    else if (byte === closeObject || byte === closeList) {
      depth--
      if (depth === 0) finish()
    }
  }
  const takeBetween = (byte: number): void => {
    if (bare) {
      const ends = inList ? byte <= space || byte === comma || byte === closeList : byte === lineFeed
      if (!ends) {
        put(byte)
        return
      }
      bare = false
      finish()
    }
    if (byte <= space || byte === comma) return
    if (inList && byte === closeList) {
      inList = false
      // Back in the object around it.
      if (inShell) depth = 1
    } else if (!inList && byte === openList && layout.kind === 'list') inList = true
    else {
      put(byte)
      if (byte === openObject || (inList && byte === openList)) {
        depth = 1
        if (!inList && listKey !== null) {
          inShell = true
          unwrapped = false
        }
      } else if (byte === quote) inText = true
      else bare = true
    }
  }
  return {
    push: (chunk) => {
      for (const byte of chunk) {
        if (seen < mark.length) {
          if (byte === mark[seen++]) continue
          seen = mark.length
        }
        if (inText) takeText(byte)
        else if (depth > 0) takeInside(byte)
        else takeBetween(byte)
      }
    },
    end: () => {
      if (bare && !inList) finish()
      const cut = inText || depth > 0 || inList || inShell
      if (done > 0) write(out.subarray(0, done))
      done = size = 0
      return cut
    },
  }
}
