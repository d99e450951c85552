/**
 * SQL as data: text with bound values. Values never become part of the text; only identifiers that pass a check do.
 *
 * @module
 */

type BoundValue = string | number | boolean | readonly string[] | readonly number[]

interface Bound {
  readonly type: string
  readonly value: BoundValue
}

/** A piece of SQL. Build it with {@link sql}; turn it into text and parameters with {@link render}. */
export interface Sql {
  readonly kind: 'sql'
  readonly pieces: readonly (string | Bound)[]
}

/** What a driver takes: text with `{p0:String}` placeholders, and the values by name. */
export interface RenderedSql {
  readonly text: string
  readonly values: Readonly<Record<string, BoundValue>>
}

const typeOf = (value: BoundValue): string => {
  if (typeof value === 'string') return 'String'
  if (typeof value === 'boolean') return 'Bool'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'Int64' : 'Float64'
  return typeof value[0] === 'number' ? 'Array(Float64)' : 'Array(String)'
}

const isSql = (value: unknown): value is Sql =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'sql'

/**
 * A template whose interpolated fragments are spliced in and whose interpolated values are bound.
 *
 * @example
 * ```ts
 * const query = sql`SELECT count() FROM events WHERE user_name = ${'root'}`
 * render(query).text // SELECT count() FROM events WHERE user_name = {p0:String}
 * ```
 */
export const sql = (strings: TemplateStringsArray, ...inserted: readonly (Sql | BoundValue)[]): Sql => {
  const pieces: (string | Bound)[] = []
  strings.forEach((text, i) => {
    if (text !== '') pieces.push(text)
    const value = inserted[i]
    if (value === undefined) return
    // One by one: large statements have more pieces than a call may have arguments.
    if (isSql(value)) for (const piece of value.pieces) pieces.push(piece)
    else pieces.push({ type: typeOf(value), value })
  })
  return { kind: 'sql', pieces }
}

/** A bound value of a stated ClickHouse type. */
export const bound = (type: string, value: BoundValue): Sql => ({ kind: 'sql', pieces: [{ type, value }] })

/** Text that is SQL already. Only for text this program wrote itself. */
export const raw = (text: string): Sql => ({ kind: 'sql', pieces: [text] })

/** A column, table or alias name. Throws `TypeError` where it is not a plain identifier. */
export const id = (name: string): Sql => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw new TypeError(`not an identifier: ${JSON.stringify(name)}`)
  return raw(name)
}

/** Fragments with a separator between them. */
export const join = (fragments: readonly Sql[], separator = ', '): Sql => ({
  kind: 'sql',
  pieces: fragments.flatMap((fragment, i) => (i === 0 ? fragment.pieces : [separator, ...fragment.pieces])),
})

/** The text with numbered placeholders and the values they stand for; equal values share a placeholder. */
export const render = (fragment: Sql): RenderedSql => {
  const names = new Map<string, string>()
  const values: Record<string, BoundValue> = {}
  const text = fragment.pieces.map((piece) => {
    if (typeof piece === 'string') return piece
    const key = `${piece.type} ${JSON.stringify(piece.value)}`
    const known = names.get(key)
    const name = known ?? `p${names.size}`
    if (known === undefined) {
      names.set(key, name)
      values[name] = piece.value
    }
    return `{${name}:${piece.type}}`
  })
  return { text: text.join(''), values }
}
