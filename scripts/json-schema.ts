/** JSON schemas as people read types. */

/** As much of a schema as ours use. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly description?: string
}

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? ''

/** `{ id: string, owner?: { name: string } | null }`. */
export const typeText = (schema: JsonSchema): string => {
  const { $ref, anyOf, type, items, properties, required = [], additionalProperties } = schema
  if ($ref !== undefined) return nameOf($ref)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (anyOf !== undefined) return [...new Set(anyOf.map(typeText))].join(' | ')
  if (Array.isArray(type)) return type.join(' | ')
  if (type === 'array') {
    const inner = typeText(items ?? {})
    return `${inner.includes(' | ') ? `(${inner})` : inner}[]`
  }
  if (properties !== undefined) {
    const fields = Object.entries(properties).map(
      ([name, field]) => `${name}${required.includes(name) ? '' : '?'}: ${typeText(field)}`,
    )
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  if (typeof additionalProperties === 'object') return `{ [name]: ${typeText(additionalProperties)} }`
  return typeof type === 'string' ? type : 'anything'
}
