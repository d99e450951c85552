/**
 * A first glance at lines: which shapes they cannot have. It spares the engine most formats' expressions.
 *
 * @module
 */
import type { ParseContext } from './context.ts'
import type { LineShape } from './line.ts'

/** False only where no line can have the shape. */
export const couldHave = (shape: LineShape, lines: readonly string[], context: ParseContext): boolean => {
  switch (shape.kind) {
    case 'json':
      return lines.some((line) => line.startsWith('{'))
    case 'quoted':
      return (
        !shape.fields.some((field) => field.wrap === 'quotes' && !field.optional) ||
        lines.some((line) => line.includes('"'))
      )
    case 'delimited':
      return shape.header === undefined || context.headers.length > 0
    case 'keyValue':
      return lines.some((line) => line.includes(shape.pair))
    case 'regex':
    case 'plain':
      return true
  }
}
