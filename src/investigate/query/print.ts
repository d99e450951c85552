import type { FieldTest, Pattern, Query, RangeEnd } from './tree.ts'

const keyword = /^(?:and|or|not|to)$/i

/** Text that reads as itself wherever a word may stand. */
const isBare = (text: string): boolean => /^[\w.@][\w.@-]*$/.test(text) && !keyword.test(text)

const quoted = (text: string): string => (isBare(text) ? text : JSON.stringify(text))

const patternText = (pattern: Pattern): string =>
  pattern
    .map((piece) => (piece.kind === 'text' ? quoted(piece.text) : piece.kind === 'any' ? '*' : '?'))
    .join('')

const endText = (end: RangeEnd | null): string => (end === null ? '*' : quoted(end.text))

const testText = (test: FieldTest): string => {
  switch (test.kind) {
    case 'is':
      return patternText(test.pattern)
    case 'exists':
      return '*'
    case 'range': {
      const open = test.from?.included === false ? '{' : '['
      const close = test.to?.included === false ? '}' : ']'
      return `${open}${endText(test.from)} TO ${endText(test.to)}${close}`
    }
    case 'matches':
      return `/${test.expression}/`
    case 'known':
      return `${test.what}()`
  }
}

const inBrackets = (query: Query): string =>
  query.kind === 'and' || query.kind === 'or' ? `(${printQuery(query)})` : printQuery(query)

/** A query as text that {@link parseQuery} reads back into the same. */
export const printQuery = (query: Query): string => {
  switch (query.kind) {
    case 'all':
      return '*'
    case 'text':
      return patternText(query.pattern)
    case 'field':
      return `${query.name}:${testText(query.test)}`
    case 'not':
      return `NOT ${inBrackets(query.of)}`
    case 'and':
    case 'or':
      return query.of.map(inBrackets).join(query.kind === 'and' ? ' AND ' : ' OR ')
  }
}
