/**
 * OpenTelemetry's values and attributes → plain ones.
 *
 * @module
 */
import { isObject, listOf, own, textOf } from './json.ts'

export type Attributes = readonly (readonly [name: string, value: unknown])[]

/** Deeper values are cut. */
const deepest = 20

const integerOf = (value: unknown): unknown => {
  const text = textOf(value)
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}

/** `AnyValue` → what it holds; whole numbers that a JSON number cannot hold stay text. */
export const valueOf = (any: unknown, depth = 0): unknown => {
  if (!isObject(any) || depth > deepest) return null
  if (Object.hasOwn(any, 'stringValue')) return textOf(any['stringValue'])
  if (Object.hasOwn(any, 'intValue')) return integerOf(any['intValue'])
  if (Object.hasOwn(any, 'doubleValue')) return any['doubleValue']
  if (Object.hasOwn(any, 'boolValue')) return any['boolValue'] === true
  if (Object.hasOwn(any, 'arrayValue'))
    return listOf(any['arrayValue'], 'values').map((one) => valueOf(one, depth + 1))
  if (Object.hasOwn(any, 'kvlistValue'))
    return Object.fromEntries(attributesOf(listOf(any['kvlistValue'], 'values'), depth + 1))
  const bytes = any['bytesValue']
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : textOf(bytes)
}

/** A list of `KeyValue`. */
export const attributesOf = (list: readonly unknown[], depth = 0): Attributes =>
  list.map((one) => [textOf(own(one, 'key')), valueOf(own(one, 'value'), depth)] as const)

export const attribute = (attributes: Attributes, ...names: readonly string[]): string =>
  names.map((name) => textOf(attributes.find(([key]) => key === name)?.[1])).find((text) => text !== '') ?? ''

/** Ids of traces are bytes in protobuf, hexadecimal text in JSON. */
export const idOf = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value).toString('hex') : textOf(value)
