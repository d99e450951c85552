/**
 * JSON that strangers sent: read without trust.
 *
 * @module
 */
import { AppError } from '../../errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an object has of its own under a name: never what all objects have. */
export const own = (value: unknown, name: string): unknown =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

export const listOf = (value: unknown, name: string): readonly unknown[] => {
  const list = own(value, name)
  return Array.isArray(list) ? list : []
}

/** Text, or a number as text; empty where it is neither. */
export const textOf = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'bigint'
      ? String(value)
      : ''

/** @throws AppError `intake-malformed` */
export const parseBody = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    throw new AppError('intake-malformed', { problem: 'it is no JSON' })
  }
}

const [quote, backslash, colon, open, close, openList, closeList] = [34, 92, 58, 123, 125, 91, 93]
const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9
/** Deeper objects are no log lines. */
const deepest = 100

/** The end of the object that begins at `from`; -1 where it has none, or goes too deep. */
const objectEnd = (body: Buffer, from: number): number => {
  let depth = 0
  for (let at = from; at < body.length; at += 1) {
    const byte = body[at]
    if (byte === quote) {
      at += 1
      while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1
    } else if (byte === open || byte === openList) {
      depth += 1
      if (depth > deepest) return -1
    } else if (byte === close || byte === closeList) {
      depth -= 1
      if (depth === 0) return at + 1
    }
  }
  return -1
}

/** The object that a member of an object is, as it was sent; null where it is none. The first of two alike. */
export const memberObject = (object: Buffer, name: string): Buffer | null => {
  const skip = (from: number): number => {
    let at = from
    while (isSpace(object[at])) at += 1
    return at
  }
  let depth = 0
  for (let at = 0; at < object.length; at += 1) {
    const byte = object[at]
    if (byte === open || byte === openList) depth += 1
    else if (byte === close || byte === closeList) depth -= 1
    else if (byte === quote) {
      const from = at
      at += 1
      while (at < object.length && object[at] !== quote) at += object[at] === backslash ? 2 : 1
      const after = skip(at + 1)
      if (depth !== 1 || object[after] !== colon) continue
      // It was parsed before: a key is a text.
      if (JSON.parse(object.toString('utf8', from, at + 1)) !== name) continue
      const start = skip(after + 1)
      const end = object[start] === open ? objectEnd(object, start) : -1
      return end === -1 ? null : object.subarray(start, end)
    }
  }
  return null
}

export interface JsonPiece {
  /** As it was sent. */
  readonly bytes: Buffer
  /** Null: from here on the body cannot be read. */
  readonly value: JsonObject | null
}

/** The objects of a body that has one after the other, with or without space between them. */
export function* jsonObjects(body: Buffer): Generator<JsonPiece> {
  for (let from = 0; ;) {
    while (isSpace(body[from])) from += 1
    if (from >= body.length) return
    const end = body[from] === open ? objectEnd(body, from) : -1
    const bytes = body.subarray(from, end === -1 ? body.length : end)
    let value: unknown = null
    try {
      if (end !== -1) value = JSON.parse(bytes.toString())
    } catch {
      // Said by the value.
    }
    yield { bytes, value: isObject(value) ? value : null }
    if (!isObject(value)) return
    from = end
  }
}

/** On one line: inside JSON's texts there are no ends of lines, and between its values they are space. */
export const onOneLine = (json: Buffer): Buffer =>
  json.includes(10) || json.includes(13)
    ? Buffer.from(json.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)))
    : json
