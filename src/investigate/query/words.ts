/**
 * The smallest parts of a query: words with quotes, escapes and wildcards, names in front of a colon, signs.
 *
 * @module
 */
import { isIP } from 'node:net'
import { isKnownField } from '../fields.ts'
import { queryError, type Pattern, type Piece } from './tree.ts'

/** The text of a query and how far it is read. */
export interface Reader {
  readonly text: string
  at: number
}

const space = /\s/

/** The part of the text that fits right here, or null. `pattern` is sticky. */
export const look = (reader: Reader, pattern: RegExp): RegExpExecArray | null => {
  pattern.lastIndex = reader.at
  return pattern.exec(reader.text)
}

export const take = (reader: Reader, pattern: RegExp): string | null => {
  const found = look(reader, pattern)?.[0]
  if (found === undefined) return null
  reader.at += found.length
  return found
}

export const skipSpace = (reader: Reader): void => {
  while (space.test(reader.text[reader.at] ?? '')) reader.at++
}

export const isAtEnd = (reader: Reader): boolean => reader.at >= reader.text.length

const namedEscapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** What stands for one character in quotes: as in JSON. A backslash before anything else is itself. */
const readQuotedEscape = (reader: Reader): string => {
  const code = take(reader, /\\u[0-9A-Fa-f]{4}/y)
  if (code !== null) return String.fromCharCode(Number.parseInt(code.slice(2), 16))
  const next = reader.text[reader.at + 1] ?? ''
  const named = namedEscapes[next]
  reader.at += named === undefined ? 1 : 2
  return named ?? '\\'
}

const readQuoted = (reader: Reader): string => {
  const start = reader.at++
  let text = ''
  for (;;) {
    const character = reader.text[reader.at]
    if (character === undefined) throw queryError('expected a closing quote for the one here', start)
    if (character === '"') {
      reader.at++
      return text
    }
    if (character === '\\') text += readQuotedEscape(reader)
    else {
      text += character
      reader.at++
    }
  }
}

/** Outside quotes a backslash takes the meaning from a sign; before letters and digits it is itself: `CORP\alice`. */
const readBareEscape = (reader: Reader): string => {
  const next = reader.text[reader.at + 1]
  if (next === undefined || /[A-Za-z0-9]/.test(next)) {
    reader.at++
    return '\\'
  }
  reader.at += 2
  return next
}

const endsWord = (character: string, inRange: boolean): boolean =>
  character === ')' || space.test(character) || (inRange && (character === ']' || character === '}'))

const append = (pieces: Piece[], piece: Piece): void => {
  const last = pieces.at(-1)
  if (piece.kind === 'text' && last?.kind === 'text')
    pieces[pieces.length - 1] = { kind: 'text', text: last.text + piece.text }
  else if (piece.kind !== 'any' || last?.kind !== 'any') pieces.push(piece)
}

/**
 * A word up to a space or a closing bracket: `adm*`, `"failed password"`, `C:\\Temp`.
 *
 * @param inRange whether `]` and `}` end it
 */
export const readWord = (reader: Reader, inRange = false): Pattern => {
  const pieces: Piece[] = []
  for (;;) {
    const character = reader.text[reader.at]
    if (character === undefined || endsWord(character, inRange)) break
    if (character === '(') {
      if (look(reader, /\(\)/y) !== null) break
      throw queryError('expected a space before "(", or quotes around text that has brackets', reader.at)
    }
    if (character === '"') append(pieces, { kind: 'text', text: readQuoted(reader) })
    else if (character === '\\') append(pieces, { kind: 'text', text: readBareEscape(reader) })
    else {
      reader.at++
      if (character === '*') append(pieces, { kind: 'any' })
      else if (character === '?') append(pieces, { kind: 'one' })
      else append(pieces, { kind: 'text', text: character })
    }
  }
  const told = pieces.filter((piece) => piece.kind !== 'text' || piece.text !== '')
  return Object.freeze(told.length === 0 ? pieces.slice(0, 1) : told)
}

const isBoundary = (character: string | undefined): boolean =>
  character === undefined || character === ')' || space.test(character)

/** What tells an expression from a path such as `/admin/` or `/api/x/edit/`. */
const expressionSign = /[\\^$[\](){}|+]|\.[*?]/

/**
 * `/expression/`: up to a slash that a space, a bracket or the end follows, outside classes and groups. Null where it is a
 * path rather than an expression; the reader stays where it is then.
 */
export const readExpression = (reader: Reader): string | null => {
  let depth = 0
  let inClass = false
  for (let at = reader.at + 1; at < reader.text.length; at++) {
    const character = reader.text[at]
    if (character === '\\') at++
    else if (inClass) inClass = character !== ']'
    else if (character === '[') inClass = true
    else if (character === '(') depth++
    else if (character === ')') depth--
    else if (character === '/' && depth === 0 && isBoundary(reader.text[at + 1])) {
      const expression = reader.text.slice(reader.at + 1, at)
      if (!expressionSign.test(expression)) return null
      reader.at = at + 1
      return expression
    }
    if (depth < 0) return null
  }
  return null
}

export interface NameBefore {
  readonly name: string
  readonly at: number
  readonly operator: ':' | '>=' | '<=' | '>' | '<'
}

const nameAndSign = /([A-Za-z_@][\w.@-]*)(\s*)(:|>=|<=|>|<)(\/\/)?/y
const addressLike = /[0-9A-Fa-f:.]+(?:\/\d{1,3})?(?=[\s)]|$)/y

const isSign = (text: string | undefined): text is NameBefore['operator'] =>
  text === ':' || text === '>=' || text === '<=' || text === '>' || text === '<'

/** A field's name with the sign after it, taken from the text; null where a word begins here that is none. */
export const takeName = (reader: Reader): NameBefore | null => {
  const [whole, name, gap, operator, slashes] = look(reader, nameAndSign) ?? []
  if (whole === undefined || name === undefined || !isSign(operator)) return null
  // `fe80::1` and `http://example.com` are texts to look for.
  if (slashes !== undefined && operator === ':') return null
  if (isIP(look(reader, addressLike)?.[0].replace(/\/.*/, '') ?? '') > 0) return null
  // With a space in between it is meant as a name only if it is one.
  if (gap !== '' && !isKnownField(name)) return null
  const { at } = reader
  reader.at += name.length + (gap ?? '').length + operator.length
  return { name, at, operator }
}
