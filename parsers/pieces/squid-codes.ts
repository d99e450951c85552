/**
 * Squid's `logformat` text → tokens: what stands between the codes, and each code with the pattern its values have.
 *
 * @module
 */

/** A directive such as `%03>Hs`, `%{User-Agent}>h`, `%[un` or `%{%Y-%m-%d}tl`. */
export interface Code {
  readonly kind: 'code'
  /** Without `%` and modifiers: `>Hs`, `ssl::>sni`. */
  readonly name: string
  /** What stands in braces: a header's name or a time's form. */
  readonly argument: string
  /** Whether a width pads its values with spaces. */
  readonly padded: boolean
  /** The named group of its values. */
  readonly group: string
  /** What a value can be, as a regular expression (RE2) without groups. */
  readonly pattern: string
}

export type Token = Code | { readonly kind: 'text'; readonly text: string }

const number = '-?[0-9]+|-'
const word = '[A-Z_]+|-'
const seconds = '[0-9]+(?:[.][0-9]+)?'

/** Codes whose values have a form of their own. */
const forms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ts: '[0-9]+',
    tu: '[0-9]+',
    tS: seconds,
    tr: number,
    dt: number,
    '<pt': number,
    '<tt': number,
    '>p': number,
    '<p': number,
    lp: number,
    '>lp': number,
    '<lp': number,
    '>rP': number,
    '>Hs': number,
    '<Hs': number,
    Hs: number,
    Ss: word,
    Sh: word,
    st: number,
    '>st': number,
    '<st': number,
    '>sh': number,
    '<sh': number,
    '<bs': number,
    sn: number,
  }),
)

/** The other codes that Squid documents; those with `::` are known by it. */
const others =
  '>a >A >eui la >la <la <a <A >h >ha <h h un ul ui us ue ea et rm ru rp rv rd rs >rm >ru >rs >rd >rp >rv <rm <ru <rs <rd <rP <rp <rv mt tl tg tag note err_code err_detail ext_tag credentials master_xaction request_attempts handshake >handshake busy_time >qos <qos >nfmark <nfmark byte'.split(
    ' ',
  )

/** Squid takes the longest code that fits, and so does this: `%<tt` is not `%<t` and a `t`, `%trms` is `%tr` and `ms`. */
const known = [...forms.keys(), ...others].toSorted((a, b) => b.length - a.length)

/** Codes whose values may hold spaces although nothing quotes them. */
const spaced = new Set([
  '>h',
  '>ha',
  '<h',
  'note',
  'err_detail',
  'ea',
  'et',
  'tag',
  'un',
  'ul',
  'ue',
  'us',
  'ui',
])

const inQuotes = String.raw`(?:[^"\\]|\\.)*?`

/** What a value can be, by how it is encoded: explicitly, or by the quotes and brackets it stands in. */
const patternOf = (name: string, encoding: string, around: string): string => {
  const form = forms.get(name)
  if (form !== undefined) return form
  if (encoding === '/') return `"${inQuotes}"|\\S+?`
  if (encoding === "'") return '.*?'
  if (encoding === '"' || around === '"') return inQuotes
  if (around === '[') return '[^\\[\\]]*?'
  if (encoding === '[') return '[^\\[\\]]+?'
  if (encoding === '#') return '\\S+?'
  return spaced.has(name) || name.includes('::') ? '\\S(?:.*?\\S)??' : '\\S+?'
}

const modifiers = /^%(["[#'/]?)(-?[0-9]*)(?:[.][0-9]+)?(?:\{([^}]*)\})?/

const nameAt = (text: string): string => {
  const spaceName = text.match(/^[a-z_]+::[<>]?[A-Za-z_]+/)?.[0]
  if (spaceName !== undefined) return spaceName
  return known.find((name) => text.startsWith(name)) ?? text.match(/^[<>]?[A-Za-z_]*/)?.[0] ?? ''
}

/** Whether the text up to a place leaves a quote or a bracket open. */
const openedBy = (text: string, before: string): string => {
  let open = before
  for (const letter of text) {
    if (open === '' && (letter === '"' || letter === '[')) open = letter
    else if ((open === '"' && letter === '"') || (open === '[' && letter === ']')) open = ''
  }
  return open
}

/** The tokens of a format; `logformat NAME` in front is taken for what it is. */
export const tokensOf = (logformat: string): readonly Token[] => {
  const tokens: Token[] = []
  let left = logformat
    .trim()
    .replace(/^logformat\s+\S+\s+/, '')
    .replaceAll('\\t', '\t')
  let open = ''
  const push = (text: string): void => {
    open = openedBy(text, open)
    const last = tokens.at(-1)
    if (last?.kind === 'text') tokens[tokens.length - 1] = { kind: 'text', text: last.text + text }
    else tokens.push({ kind: 'text', text })
  }
  while (left !== '') {
    const at = left.indexOf('%')
    const text = at === -1 ? left : left.slice(0, at)
    if (text !== '') push(text)
    left = left.slice(text.length)
    const [written, encoding = '', width = '', before = ''] = left.match(modifiers) ?? ['']
    if (written === '') continue
    const rest = left.slice(written.length)
    if (rest.startsWith('%')) {
      push('%')
      left = rest.slice(1)
      continue
    }
    const full = nameAt(rest)
    const name = full.replace(/^http::/, '')
    const after = rest.slice(full.length).match(/^\{([^}]*)\}/)
    const argument = before === '' ? (after?.[1] ?? '') : before
    left = rest.slice(full.length + (before === '' ? (after?.[0].length ?? 0) : 0))
    const group = `c${tokens.length}`
    const pattern = patternOf(name, encoding, open)
    tokens.push({ kind: 'code', name, argument, padded: width !== '', group, pattern })
  }
  return tokens
}
