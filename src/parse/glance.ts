/**
 * A first glance at lines: which shapes they cannot have. It spares the engine most formats' expressions. No pattern of a
 * parser is run here: lines are hostile, and only the engine's patterns take linear time.
 *
 * @module
 */
import type { ParseContext } from './context.ts'
import { isDecided } from './decide-test.ts'
import type { Variant } from './parser.ts'

/** Objects are gone into so deep. */
const deepest = 8

const collect = (value: unknown, prefix: string, depth: number, keys: Set<string>): void => {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth > deepest) return
  for (const [key, inner] of Object.entries(value)) {
    const path = `${prefix}${key}`
    keys.add(path)
    collect(inner, `${path}.`, depth + 1, keys)
  }
}

/** The keys of the JSON objects among the lines: `a.b` for the key `b` in `a` as for the key `a.b`. */
export const jsonKeys = (lines: readonly string[]): ReadonlySet<string> => {
  const keys = new Set<string>()
  for (const line of lines) {
    if (!line.startsWith('{')) continue
    try {
      collect(JSON.parse(line), '', 1, keys)
    } catch {
      // Not JSON for the engine either.
    }
  }
  return keys
}

const hasShape = ({ shape }: Variant, lines: readonly string[], context: ParseContext): boolean => {
  switch (shape.kind) {
    case 'json': {
      const keys = context.jsonKeys
      const has = (path: string): boolean => keys === undefined || keys.has(path)
      return (
        lines.some((line) => line.startsWith('{')) &&
        shape.require.every((path) => (typeof path === 'string' ? has(path) : path.some(has)))
      )
    }
    case 'quoted':
      return (
        !shape.fields.some((field) => field.wrap === 'quotes' && !field.optional) ||
        lines.some((line) => line.includes('"'))
      )
    case 'delimited':
      return shape.header === undefined || context.headers.some(({ zeek }) => zeek === undefined)
    case 'csv':
      return lines.some((line) => line.includes(shape.separator))
    case 'zeek':
      return context.headers.some(({ zeek }) => zeek !== undefined)
    case 'keyValue':
      return lines.some(
        (line) =>
          line.includes(shape.containing ?? shape.pair) && shape.require.every((key) => line.includes(key)),
      )
    case 'regex': {
      const { containing } = shape
      return containing === undefined || lines.some((line) => line.includes(containing))
    }
    case 'plain':
      return true
  }
}

/** Whether JSON lines have what a variant asks of them, as far as the keys tell. */
const mayHold = ({ shape, test }: Variant, { jsonKeys: keys }: ParseContext): boolean =>
  shape.kind !== 'json' ||
  keys === undefined ||
  test === null ||
  isDecided(test, (part) => (keys.has(part) ? undefined : [''])) !== false

/** False only where no line can be of the variant. */
export const couldBe = (variant: Variant, lines: readonly string[], context: ParseContext): boolean =>
  hasShape(variant, lines, context) && mayHold(variant, context)
