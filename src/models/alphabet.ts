/**
 * How texts become rows of symbols.
 *
 * @module
 */

/**
 * `names`: letters without case, digits, `-`, `_`, `.`. `text`: every printable character, letters without case.
 * `classes`: letters as one symbol, digits as another, every other printable character as itself.
 */
export type AlphabetName = 'names' | 'text' | 'classes'

export const alphabetNames: readonly AlphabetName[] = ['names', 'text', 'classes']

/** The symbol of the beginning of a text, which is never predicted, and that of its end. */
export const BEGINNING = 0
export const END = 1
/** Characters the alphabet does not have: one symbol for control characters, one for those beyond ASCII, one for the rest. */
const CONTROL = 2
const BEYOND = 3
const OTHER = 4
const marks = ['^', '$', '␀', 'ø', '?'] as const

export interface Alphabet {
  /** How many symbols there are. */
  readonly size: number
  /** The symbol of each ASCII character. */
  readonly symbolOf: Uint8Array
  /** How each symbol is written. */
  readonly written: readonly string[]
}

const folded: Readonly<Record<AlphabetName, (character: string) => string>> = {
  names: (character) => (/[a-z0-9._-]/i.test(character) ? character.toLowerCase() : ''),
  text: (character) => character.toLowerCase(),
  classes: (character) => character.replace(/[a-z]/i, 'a').replace(/\d/, '0'),
}

export function alphabet(name: AlphabetName): Alphabet {
  const written: string[] = [...marks]
  const symbolOf = new Uint8Array(128).fill(CONTROL)
  for (let code = 32; code < 127; code++) {
    const shown = folded[name](String.fromCharCode(code))
    const known = written.indexOf(shown, marks.length)
    symbolOf[code] = shown === '' ? OTHER : known >= 0 ? known : written.push(shown) - 1
  }
  return { size: written.length, symbolOf, written }
}

/** The symbol of a UTF-16 code unit. */
export function symbolAt({ symbolOf }: Alphabet, code: number): number {
  return code < 128 ? (symbolOf[code] ?? OTHER) : BEYOND
}
