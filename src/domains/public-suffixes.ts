/**
 * The Public Suffix List as rules, and what it says of a name.
 *
 * @module
 */
import { createRequire } from 'node:module'
import { parse } from 'tldts'

/**
 * The list as the library keeps it: a tree whose labels lie one after the other in one text. Not part of what it promises,
 * so its version is pinned, and a test compares what is read here with the library's own answers.
 */
interface PackedTree {
  readonly rulesRoot: number
  readonly exceptionsRoot: number
  /** Above 0 where a rule ends. */
  readonly nodeFlags: Uint8Array
  /** The edges of node n: from `edgeStart[n]` to before `edgeStart[n + 1]`. */
  readonly edgeStart: ArrayLike<number>
  readonly edgeChild: ArrayLike<number>
  readonly edgeLength: Uint8Array
  readonly labelText: string
}

// The module has no types of its own.
const trie = createRequire(import.meta.url)('tldts/dist/cjs/src/data/trie.js') as PackedTree

/** Suffixes under which anybody may register a name: `com`, `co.uk`, `github.io`. */
export interface SuffixRules {
  readonly exact: readonly string[]
  /** Every name directly below one of these is a suffix. */
  readonly wildcard: readonly string[]
  /** Names that a wildcard does not mean: they are registered themselves. */
  readonly exception: readonly string[]
}

/** All names below a node where a rule ends. */
const namesIn = (root: number): string[] => {
  const offsets: number[] = []
  let end = 0
  for (const length of trie.edgeLength) {
    offsets.push(end)
    end += length
  }
  const below = (node: number, name: string): string[] => {
    const own = name !== '' && (trie.nodeFlags[node] ?? 0) > 0 ? [name] : []
    const edges = Array.from(
      { length: (trie.edgeStart[node + 1] ?? 0) - (trie.edgeStart[node] ?? 0) },
      (_, i) => (trie.edgeStart[node] ?? 0) + i,
    )
    const children = edges.flatMap((edge) => {
      const from = offsets[edge] ?? 0
      const label = trie.labelText.slice(from, from + (trie.edgeLength[edge] ?? 0))
      return below(trie.edgeChild[edge] ?? 0, name === '' ? label : `${label}.${name}`)
    })
    return [...own, ...children]
  }
  return below(root, '')
}

const read = (): SuffixRules => {
  const rules = namesIn(trie.rulesRoot)
  return {
    exact: rules.filter((rule) => !rule.startsWith('*.')),
    wildcard: rules.filter((rule) => rule.startsWith('*.')).map((rule) => rule.slice(2)),
    exception: namesIn(trie.exceptionsRoot),
  }
}

let rules: SuffixRules | undefined

/** The rules of the list, private suffixes among them. Read once. */
export const suffixRules = (): SuffixRules => (rules ??= read())

/** A name taken apart. */
export interface DomainParts {
  /** What somebody registered: `example.co.uk`; null for addresses, lone labels and suffixes. */
  readonly registered: string | null
  readonly suffix: string | null
  /** Whether the suffix belongs to a company that gives away names below it, such as `github.io`. */
  readonly isPrivate: boolean
}

/** What the list says of one name. */
export const domainParts = (name: string): DomainParts => {
  const { domain, publicSuffix, isPrivate } = parse(name, { allowPrivateDomains: true })
  return { registered: domain, suffix: publicSuffix, isPrivate: isPrivate === true }
}
