/**
 * A first glance at lines: which shapes they cannot have. It spares the engine most formats' expressions.
 *
 * @module
 */
import type { ParseContext } from './context.ts'
import type { LineShape } from './line.ts'

/** A key is written plainly, or with escapes. */
const mayHave = (line: string, path: string): boolean =>
  line.includes('\\') || path.split('.').every((key) => line.includes(`${key}`))

/** False only where no line can have the shape. */
export const couldHave = (shape: LineShape, lines: readonly string[], context: ParseContext): boolean => {
  switch (shape.kind) {
    case 'json':
      return lines.some((line) => line.startsWith('{') && shape.require.every((path) => mayHave(line, path)))
    case 'quoted':
      return (
        !shape.fields.some((field) => field.wrap === 'quotes' && !field.optional) ||
        lines.some((line) => line.includes('"'))
      )
    case 'delimited':
      return shape.header === undefined || context.headers.length > 0
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
