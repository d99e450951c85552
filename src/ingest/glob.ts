import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

/** Whether a path has characters that a shell would have expanded. */
export const isPattern = (text: string): boolean => /[*?[{]/.test(text)

/** `a{b,c}d` → `abd`, `acd`. Braces without a comma stand for themselves. */
export const expandBraces = (pattern: string): string[] => {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(pattern)
  if (found === null) return [pattern]
  const before = pattern.slice(0, found.index)
  const after = pattern.slice(found.index + found[0].length)
  const expanded = (found[1] ?? '').split(',').flatMap((choice) => expandBraces(`${before}${choice}${after}`))
  return [...new Set(expanded)]
}

/** One path segment with `*`, `?` and `[a-z]`, `[!a-z]` as a regular expression; `\` takes the next one literally. */
export const segmentPattern = (segment: string): RegExp => {
  const tokens = segment.match(/\\.|\[[!^]?\]?[^\]]*\]|./gsu) ?? []
  const source = tokens.map((token) => {
    if (token === '*') return '[^/]*'
    if (token === '?') return '[^/]'
    if (token.startsWith('[') && token.length > 2) {
      const inner = token.slice(1, -1).replaceAll('\\', '\\\\').replaceAll('[', '\\[').replaceAll(']', '\\]')
      return /^[!^]/.test(inner) ? `[^${inner.slice(1)}]` : `[${inner}]`
    }
    const literal = token.length > 1 && token.startsWith('\\') ? token.slice(1) : token
    return literal.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
  })
  try {
    return new RegExp(`^${source.join('')}$`, 'su')
  } catch {
    // A class such as [z-a]: no name is in it.
    return /^\b$/
  }
}

const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder === '' ? '.' : folder)).toSorted()
  } catch {
    return []
  }
}

const isFolder = async (file: string): Promise<boolean> => {
  try {
    return (await stat(file)).isDirectory()
  } catch {
    return false
  }
}

const descend = async (folder: string, segments: readonly string[], depth: number): Promise<string[]> => {
  const [segment, ...rest] = segments
  if (segment === undefined) return [folder]
  const names = await namesIn(folder)
  const results: string[] = []
  if (segment === '**') {
    results.push(...(await descend(folder, rest.length === 0 ? ['*'] : rest, depth)))
    // Deep enough for any tree of logs; a loop of links ends here.
    if (depth >= 40) return results
    for (const name of names) {
      const child = path.join(folder, name)
      if (!name.startsWith('.') && (await isFolder(child)))
        results.push(...(await descend(child, segments, depth + 1)))
    }
    return results
  }
  const wanted = segmentPattern(segment)
  for (const name of names) {
    if (!wanted.test(name) || (name.startsWith('.') && !segment.startsWith('.'))) continue
    const child = path.join(folder, name)
    if (rest.length === 0) results.push(child)
    else if (await isFolder(child)) results.push(...(await descend(child, rest, depth)))
  }
  return results
}

/**
 * The files and folders a pattern names: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any number of folders. Hidden names
 * match only where the pattern writes the dot.
 */
export const expandPattern = async (pattern: string): Promise<string[]> => {
  const found = new Set<string>()
  for (const one of expandBraces(pattern)) {
    const segments = one.split('/')
    const first = segments.findIndex(isPattern)
    if (first === -1) {
      if (
        await stat(one).then(
          () => true,
          () => false,
        )
      )
        found.add(one)
      continue
    }
    const root = segments.slice(0, first).join('/')
    const start = root === '' && one.startsWith('/') ? '/' : root
    const wanted = segments.slice(first).filter((segment) => segment !== '')
    for (const match of await descend(start, wanted, 0)) found.add(match)
  }
  return [...found].toSorted()
}
