/**
 * Files that are one JSON document rather than lines: a list of objects, a list inside an object, or objects written over
 * many lines. They are recognised by their first bytes.
 *
 * @module
 */

/** How a document holds its elements. */
export type Layout =
  /** `[ {…}, {…} ]`, several one after the other among them. */
  | { readonly kind: 'list' }
  /** Objects one after the other, written over several lines. */
  | { readonly kind: 'objects' }
  /** `{"Records":[ {…}, {…} ]}`: a list under a key of the outermost object. */
  | { readonly kind: 'wrapped'; readonly key: string }

/** What lists of events are called: CloudTrail, Kubernetes, cloud consoles and their exports. */
const listKeys: ReadonlySet<string> = new Set([
  'Records',
  'records',
  'items',
  'events',
  'logs',
  'entries',
  'value',
])

/** What may stand beside such a list and says nothing of an event of its own. */
const shellKeys: ReadonlySet<string> = new Set([
  'kind',
  'apiVersion',
  'metadata',
  'nextToken',
  'NextToken',
  'next_token',
  'nextPageToken',
  'nextForwardToken',
  'nextBackwardToken',
  'searchedLogStreams',
  'count',
  'total',
  'totalCount',
  'hasMore',
  '@odata.context',
  '@odata.nextLink',
])

/** Bytes of a beginning that are looked at. */
const headBytes = 65_536

/** The place after the value that begins at `at`; undefined where the text ends within it. */
const afterValue = (text: string, at: number): number | undefined => {
  let depth = 0
  const tokens = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]|[^\s,:[\]{}"]+|[\s,:]+|"/gsy
  tokens.lastIndex = at
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    const [found] = token
    if (found === '"') return undefined
    if (found === '[' || found === '{') depth++
    else if (found === ']' || found === '}') depth--
    else if (/^[\s,:]/.test(found)) continue
    if (depth <= 0) return tokens.lastIndex
  }
  return undefined
}

const spacesAt = (text: string, at: number): string => {
  const spaces = /\s*/y
  spaces.lastIndex = at
  return spaces.exec(text)?.[0] ?? ''
}

interface Member {
  readonly key: string
  /** Where the value begins. */
  readonly at: number
}

interface Outline {
  readonly members: readonly Member[]
  /** Whether the lines break between its parts. */
  readonly broken: boolean
  /** The place after it; absent where the text ends before it does. */
  readonly end?: number
}

/** The keys of the object that begins at `at`, as far as the text goes; undefined where it is no JSON. */
const outlineOf = (text: string, at: number): Outline | undefined => {
  const members: Member[] = []
  let broken = false
  const member = /(\s*)(?:\}|"((?:[^"\\\n]|\\.)*)"(\s*):(\s*)|$)/y
  for (let from = at + 1; ;) {
    member.lastIndex = from
    const found = member.exec(text)
    if (found === null) return broken ? { members, broken } : undefined
    const [whole, before = '', key, ...spaces] = found
    broken ||= [before, ...spaces].some((space) => space?.includes('\n'))
    if (key === undefined)
      return whole.endsWith('}') ? { members, broken, end: member.lastIndex } : { members, broken }
    members.push({ key, at: member.lastIndex })
    const after = afterValue(text, member.lastIndex)
    if (after === undefined) return { members, broken }
    const space = spacesAt(text, after)
    from = after + space.length
    broken ||= space.includes('\n')
    if (text[from] === ',') from++
    else if (text[from] !== '}' && from < text.length) return undefined
  }
}

/** A list of objects, or an empty one, begins here. */
const listAt = (text: string, at: number): boolean => /^\[\s*(?:[{\]]|$)/.test(text.slice(at, at + 1024))

const wrapperOf = (text: string, { members, broken, end }: Outline): Layout | null => {
  const place = members.findIndex(({ key, at }) => listKeys.has(key) && listAt(text, at))
  const list = members[place]
  if (list === undefined) return null
  const others = members.filter((member) => member !== list)
  if (!others.every(({ key }) => shellKeys.has(key))) return null
  const named = list.key === 'Records' || others.some(({ key }) => key === 'kind')
  // Lines that each hold a list may be events of their own: an order with its items.
  const followed = end !== undefined && !broken && text.slice(end).trim() !== ''
  return followed && !named ? null : { kind: 'wrapped', key: list.key }
}

/**
 * How the document is laid out that begins with these decompressed bytes; null where they are lines, JSON lines among
 * them.
 */
export const layoutOf = (head: Uint8Array): Layout | null => {
  const text = Buffer.from(head.subarray(0, headBytes))
    .toString('latin1')
    .replace(/^\xEF\xBB\xBF/, '')
  const at = spacesAt(text, 0).length
  if (text[at] === '[') {
    const inside = at + 1 + spacesAt(text, at + 1).length
    return text[inside] === '{' || (text[inside] === ']' && text.slice(inside + 1).trim() === '')
      ? { kind: 'list' }
      : null
  }
  if (text[at] !== '{') return null
  const outline = outlineOf(text, at)
  if (outline === undefined) return null
  const wrapper = wrapperOf(text, outline)
  if (wrapper !== null) return wrapper
  return outline.broken ? { kind: 'objects' } : null
}
