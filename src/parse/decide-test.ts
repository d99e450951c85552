/**
 * Tests whose result is known before a line is looked at, from what is known of the parts.
 *
 * @module
 */
import type { Test, Value } from './value.ts'

/** All texts a part can be in the lines at hand; undefined where that is not known. */
export type Known = (part: string) => readonly string[] | undefined

/** All texts a value can be. */
const possible = (value: Value, known: Known): readonly string[] | undefined => {
  switch (value.kind) {
    case 'part':
      return known(value.name)
    case 'constant':
      return [String(value.value)]
    case 'once':
      return possible(value.of, known)
    case 'firstOf': {
      const found: string[] = []
      for (const one of value.of) {
        const texts = possible(one, known)
        if (texts === undefined) return undefined
        found.push(...texts.filter((text) => text !== ''))
        if (!texts.includes('')) return found
      }
      return [...found, '']
    }
    case 'when': {
      const decided = isDecided(value.test, known)
      return decided === undefined ? undefined : possible(decided ? value.value : value.otherwise, known)
    }
    case 'text':
    case 'lower':
    case 'upper': {
      const texts = possible(value.of, known)
      return texts?.every((text) => text === '') === true ? [''] : undefined
    }
    default:
      return undefined
  }
}

const settle = (
  texts: readonly string[] | undefined,
  holds: (text: string) => boolean,
): boolean | undefined => {
  if (texts === undefined) return undefined
  if (texts.every(holds)) return true
  return texts.some(holds) ? undefined : false
}

/** Whether a test holds for all lines (true) or for none (false). Undefined where it depends on the line. */
export const isDecided = (test: Test, known: Known): boolean | undefined => {
  switch (test.kind) {
    case 'equals':
      return settle(possible(test.of, known), (text) => test.values.includes(text))
    case 'present':
      return settle(possible(test.of, known), (text) => text !== '')
    case 'not': {
      const inner = isDecided(test.test, known)
      return inner === undefined ? undefined : !inner
    }
    case 'all':
    case 'any': {
      const decides = test.kind === 'any'
      const results = test.of.map((inner) => isDecided(inner, known))
      if (results.includes(decides)) return decides
      return results.includes(undefined) ? undefined : !decides
    }
    case 'matches':
    case 'atLeast':
      return undefined
  }
}
