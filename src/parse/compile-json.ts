/**
 * Parts of a JSON line, found in one pass for keys as they stand and a second one for nested keys, however many parts.
 *
 * @module
 */
import { bound, join, raw, sql, type Sql } from '../sql/sql.ts'
import type { Layer } from './compile-line.ts'

/** The objects that dotted paths lead through; a node without children is text. */
interface Node {
  readonly children: Map<string, Node>
}

export interface JsonParts {
  readonly split: Layer
  readonly locate: (path: string) => Sql
}

const quoteName = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``

const typeOf = (node: Node): string => {
  if (node.children.size === 0) return 'String'
  const members = [...node.children].map(([name, child]) => `${quoteName(name)} ${typeOf(child)}`)
  return `Tuple(${members.join(', ')})`
}

const treeOf = (paths: readonly string[]): Node => {
  const root: Node = { children: new Map() }
  for (const path of paths) {
    let node = root
    for (const key of path.split('.')) {
      const next = node.children.get(key) ?? { children: new Map() }
      node.children.set(key, next)
      node = next
    }
  }
  return root
}

/** Where a path's text is in the tuple of the tree; undefined where the path is an object that other paths go through. */
const placeIn = (tree: Node, tuple: Sql, path: string): Sql | undefined => {
  let node = tree
  let at = tuple
  for (const key of path.split('.')) {
    const next = node.children.get(key)
    if (next === undefined) return undefined
    at = sql`tupleElement(${at}, ${raw(String([...node.children.keys()].indexOf(key) + 1))})`
    node = next
  }
  return node.children.size === 0 ? at : undefined
}

/**
 * The parts at `paths` of the JSON object in `text`: `a.b` is the key `b` in the object `a`, or the key `a.b`.
 * Numbers and booleans come as they are written, null as empty text, objects and arrays as JSON; an object that other
 * paths go into is empty.
 */
export const locateJsonParts = (text: Sql, prefix: string, paths: readonly string[]): JsonParts => {
  const dotted = paths.filter((path) => path.includes('.'))
  const tree = treeOf(dotted)
  const flatType = `Tuple(${paths.map((path) => `${quoteName(path)} String`).join(', ')})`
  const flat = raw(`${prefix}_flat`)
  const nested = raw(`${prefix}_nested`)
  const extracted = (from: Sql, type: string): Sql => sql`JSONExtract(${from}, ${bound('String', type)})`
  // Most lines have no object inside; nothing is looked for in an empty text.
  const entered = sql`if(position(${text}, '{', 2) > 0, ${text}, '')`
  const directly = (path: string): Sql =>
    sql`JSONExtract(${text}, ${join(path.split('.').map((key) => sql`${key}`))}, 'String')`
  return {
    split: [
      ...(paths.length === 0 ? [] : [[`${prefix}_flat`, extracted(text, flatType)] as const]),
      ...(dotted.length === 0 ? [] : [[`${prefix}_nested`, extracted(entered, typeOf(tree))] as const]),
    ],
    locate: (path) => {
      const asKey = sql`tupleElement(${flat}, ${raw(String(paths.indexOf(path) + 1))})`
      if (path.includes('.'))
        return sql`firstNonDefault(${placeIn(tree, nested, path) ?? directly(path)}, ${asKey})`
      const isEntered = dotted.some((other) => other.startsWith(`${path}.`))
      return isEntered ? sql`if(startsWith(${asKey}, '{'), '', ${asKey})` : asKey
    },
  }
}
