/**
 * Numbers as SQL text.
 *
 * @module
 */

/** A number as a Float64 literal that the engine reads back bit for bit; negative ones are safe to subtract. */
export function floatSql(value: number): string {
  return value < 0 ? `(${literal(value)})` : literal(value)
}

/** Many numbers as an array literal of Float64. */
export function floatsSql(values: readonly number[]): string {
  return `[${values.map(literal).join(',')}]`
}

function literal(value: number): string {
  // `-0` and `0` are one number here; a bare `3` would be an integer to the engine.
  const text = String(value === 0 ? 0 : value)
  return /[.e]/.test(text) ? text : `${text}.`
}
