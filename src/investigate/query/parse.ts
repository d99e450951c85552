/**
 * The query language: text to {@link Query}. Lucene's and KQL's common part, in one pass over the text.
 *
 * ```
 * query  = and { ("OR" | "||") and }
 * and    = not { ["AND" | "&&"] not }
 * not    = ["NOT" | "!" | "-" | "+"] clause
 * clause = "(" query ")" | name ":" value | name (">=" | "<=" | ">" | "<") word | word
 * value  = word | "/" expression "/" | "[" word "TO" word "]" | (">=" …) word | "(" values ")"
 * ```
 *
 * @module
 */
import { joined, plainText, queryError, type FieldTest, type Query, type RangeEnd } from './tree.ts'
import {
  isAtEnd,
  look,
  readExpression,
  readWord,
  skipSpace,
  take,
  takeName,
  type NameBefore,
  type Reader,
} from './words.ts'

export const longestQuery = 20_000
const deepest = 50
const mostClauses = 1000

interface State extends Reader {
  clauses: number
}

const orSign = /(?:OR|or)(?=[\s()]|$)|\|\|/y
const andSign = /(?:AND|and)(?=[\s()]|$)|&&/y
const notSign = /NOT(?=[\s(]|$)|!(?=[^\s)])|-(?=[^\s)-])/y
/** In small letters it is a word of its own, unless a field or a bracket follows. */
const smallNot = /not\s+(?=\(|[A-Za-z_@][\w.@-]*:)|not(?=\()/y

const isClause = (state: State): boolean =>
  !isAtEnd(state) && look(state, /\)/y) === null && look(state, orSign) === null

const checkDepth = (depth: number, at: number): void => {
  if (depth > deepest) throw queryError(`expected at most ${deepest} brackets inside each other`, at)
}

const counted = (state: State): void => {
  if (++state.clauses > mostClauses) throw queryError(`expected at most ${mostClauses} conditions`, state.at)
}

type ReadOne = (state: State, depth: number) => Query

/** What must follow; `after` is what it follows. */
const expectClause = (state: State, after: string): void => {
  skipSpace(state)
  if (isAtEnd(state) || look(state, /\)/y) !== null)
    throw queryError(`expected a condition after "${after}"`, state.at)
  const sign = look(state, orSign)?.[0] ?? look(state, andSign)?.[0]
  if (sign !== undefined) throw queryError(`expected a condition before "${sign}"`, state.at)
}

const readNot = (state: State, depth: number, readOne: ReadOne): Query => {
  skipSpace(state)
  checkDepth(depth, state.at)
  const sign = take(state, notSign) ?? take(state, smallNot)
  if (sign !== null) {
    expectClause(state, sign.trim())
    return Object.freeze({ kind: 'not', of: readNot(state, depth + 1, readOne) })
  }
  // Everything is required already.
  take(state, /\+(?=[^\s)+])/y)
  return readOne(state, depth)
}

/** @param kind what it means when nothing stands between two */
const readAnd = (state: State, depth: number, readOne: ReadOne, kind: 'and' | 'or'): Query => {
  const first = look(state, andSign)?.[0] ?? look(state, orSign)?.[0]
  if (first !== undefined) throw queryError(`expected a condition before "${first}"`, state.at)
  const groups: Query[] = []
  let group: Query[] = [readNot(state, depth, readOne)]
  for (;;) {
    skipSpace(state)
    const sign = isAtEnd(state) ? null : take(state, andSign)
    if (sign !== null) expectClause(state, sign)
    else if (!isClause(state)) break
    else if (kind === 'or') {
      groups.push(joined('and', group))
      group = []
    }
    group.push(readNot(state, depth, readOne))
  }
  return joined(kind, [...groups, joined('and', group)])
}

const readOr = (state: State, depth: number, readOne: ReadOne, kind: 'and' | 'or'): Query => {
  const alternatives = [readAnd(state, depth, readOne, kind)]
  for (;;) {
    skipSpace(state)
    const sign = isAtEnd(state) ? null : take(state, orSign)
    if (sign === null) return joined('or', alternatives)
    expectClause(state, sign)
    alternatives.push(readAnd(state, depth, readOne, kind))
  }
}

/** After the opening bracket. */
const readGroup = (state: State, depth: number, readOne: ReadOne, kind: 'and' | 'or'): Query => {
  const opened = state.at - 1
  checkDepth(depth + 1, opened)
  skipSpace(state)
  if (look(state, /\)/y) !== null) throw queryError('expected a condition inside the brackets', state.at)
  const inside = readOr(state, depth + 1, readOne, kind)
  if (take(state, /\)/y) === null) throw queryError('expected ")" for the bracket here', opened)
  return inside
}

const readPlain = (state: State, after: string, inRange = false): string => {
  const { at } = state
  const pattern = readWord(state, inRange)
  if (pattern.length === 0) throw queryError(`expected a value after "${after}"`, at)
  const text = plainText(pattern)
  if (text === null) throw queryError('expected a value without * or ?', at)
  return text
}

const readEnd = (state: State, after: string, included: boolean): RangeEnd | null => {
  skipSpace(state)
  if (take(state, /\*(?=[\s\]}]|$)/y) !== null) return null
  const { at } = state
  return { text: readPlain(state, after, true), included, at }
}

const readRange = (state: State): FieldTest => {
  const opened = state.at
  const open = take(state, /[[{]/y) ?? ''
  const from = readEnd(state, open, open === '[')
  skipSpace(state)
  if (take(state, /(?:TO|to)(?=\s|$)/y) === null)
    throw queryError('expected "TO" between the two ends of the range', state.at)
  const to = readEnd(state, 'TO', true)
  skipSpace(state)
  const close = take(state, /[\]}]/y)
  if (close === null) throw queryError('expected "]" or "}" for the range that begins here', opened)
  return { kind: 'range', from, to: to === null ? null : { ...to, included: close === ']' } }
}

const comparison = (sign: string, text: string, at: number): FieldTest => {
  const end: RangeEnd = { text, included: sign.endsWith('='), at }
  return sign.startsWith('>')
    ? { kind: 'range', from: end, to: null }
    : { kind: 'range', from: null, to: end }
}

const readComparison = (state: State, sign: string): FieldTest => {
  skipSpace(state)
  const { at } = state
  return comparison(sign, readPlain(state, sign), at)
}

const readTest = (state: State, after: string): FieldTest => {
  if (look(state, /[[{]/y) !== null) return readRange(state)
  const sign = take(state, /[<>]=?/y)
  if (sign !== null) return readComparison(state, sign)
  const expression = look(state, /\//y) === null ? null : readExpression(state)
  if (expression !== null) return { kind: 'matches', expression }
  const { at } = state
  const pattern = readWord(state)
  if (pattern.length === 0) throw queryError(`expected a value after "${after}"`, at)
  if (take(state, /\(\)/y) !== null) {
    const what = plainText(pattern)
    if (what === 'listed' || what === 'uncategorised') return { kind: 'known', what }
    throw queryError('expected listed() or uncategorised()', at)
  }
  return pattern.length === 1 && pattern[0]?.kind === 'any' ? { kind: 'exists' } : { kind: 'is', pattern }
}

const fieldQuery = (name: NameBefore, valueAt: number, test: FieldTest): Query =>
  name.name === '*' && test.kind === 'exists'
    ? { kind: 'all' }
    : Object.freeze({ kind: 'field', name: name.name, at: name.at, test: Object.freeze(test), valueAt })

const readValue =
  (name: NameBefore): ReadOne =>
  (state, depth) => {
    skipSpace(state)
    // Nothing between two values means either of them: nothing has two at once.
    if (take(state, /\((?!\))/y) !== null) return readGroup(state, depth, readValue(name), 'or')
    const { at } = state
    counted(state)
    return fieldQuery(name, at, readTest(state, `${name.name}:`))
  }

const readClause: ReadOne = (state, depth) => {
  if (take(state, /\(/y) !== null) return readGroup(state, depth, readClause, 'and')
  if (take(state, /\*:\*(?=[\s)]|$)/y) !== null) return { kind: 'all' }
  const name = takeName(state)
  if (name?.operator === ':') return readValue(name)(state, depth)
  counted(state)
  if (name !== null) {
    skipSpace(state)
    const { at } = state
    return fieldQuery(name, at, readComparison(state, name.operator))
  }
  const { at } = state
  const pattern = readWord(state)
  if (take(state, /\(\)/y) !== null || pattern.length === 0) throw queryError('expected a condition', at)
  if (pattern.length === 1 && pattern[0]?.kind === 'any') return { kind: 'all' }
  if (plainText(pattern) === '') throw queryError('expected text between the quotes', at)
  return Object.freeze({ kind: 'text', pattern, at })
}

/**
 * What a query asks for. Nothing but `invalid-query` is ever thrown, whatever the text.
 *
 * @throws AppError `invalid-query`, with the `position` (from 0) where the text stops making sense
 * @example
 * ```ts
 * parseQuery('source_ip:198.51.100.0/24 AND status:(404 OR 403) AND NOT path:/images/*')
 * ```
 */
export const parseQuery = (text: string): Query => {
  if (text.length > longestQuery)
    throw queryError(`expected a query of at most ${longestQuery} characters`, longestQuery)
  const state: State = { text, at: 0, clauses: 0 }
  skipSpace(state)
  if (isAtEnd(state)) return { kind: 'all' }
  const query = readOr(state, 0, readClause, 'and')
  if (!isAtEnd(state)) throw queryError('expected "(" somewhere before this ")"', state.at)
  return query
}
