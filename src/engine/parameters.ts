import type { RenderedSql } from '../sql/sql.ts'

type Value = RenderedSql['values'][string]

/** A string literal. Backslash and quote are all that ends one early. */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const numberText = (value: number): string =>
  Number.isNaN(value) ? 'nan' : String(value).replace('Infinity', 'inf')

/** A value as ClickHouse reads it from text, in the escaped form. */
const parameterText = (value: Value): string => {
  if (typeof value === 'string') {
    return value
      .replaceAll('\\', '\\\\')
      .replaceAll('\t', '\\t')
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r')
  }
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'number') return numberText(value)
  return `[${value.map((one) => (typeof one === 'string' ? literal(one) : numberText(one))).join(',')}]`
}

/**
 * `SET` for the values of a statement, which the session then fills in by itself. Null where there are none.
 *
 * The package's own way of binding runs one such query at a time in the whole process, so that a long one holds up every
 * other on every session, and the words that would stop it.
 */
export const setParameters = (values: RenderedSql['values']): string | null => {
  const settings = Object.entries(values).map(
    ([name, value]) => `param_${name} = ${literal(parameterText(value))}`,
  )
  return settings.length === 0 ? null : `SET ${settings.join(', ')}`
}
