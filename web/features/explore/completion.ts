/**
 * What can stand where the caret is: names of fields, or values of one.
 *
 * @module
 */

export type Place =
  | { readonly kind: 'field'; readonly typed: string; readonly from: number }
  | { readonly kind: 'value'; readonly field: string; readonly typed: string; readonly from: number }

/** The word before the caret. `from` is where it begins. */
export const placeOf = (text: string, caret: number): Place => {
  const before = text.slice(0, caret)
  const value = /([A-Za-z_@][\w.@-]*):(?:"([^"]*)|([^\s"()[\]{}]*))$/.exec(before)
  if (value !== null) {
    const [, field = '', quoted, bare = ''] = value
    const typed = quoted ?? bare
    return {
      kind: 'value',
      field,
      typed,
      from: before.length - typed.length - (quoted === undefined ? 0 : 1),
    }
  }
  const typed = /[A-Za-z_@][\w.@-]*$/.exec(before)?.[0] ?? ''
  return { kind: 'field', typed, from: before.length - typed.length }
}

/** The text with what was chosen in the place of the word before the caret, and where the caret then stands. */
export const completed = (
  text: string,
  caret: number,
  place: Place,
  chosen: string,
): { readonly text: string; readonly caret: number } => {
  const rest = text.slice(caret).replace(/^[^\s()]*/, '')
  const head = `${text.slice(0, place.from)}${chosen}${place.kind === 'field' ? ':' : ' '}`
  return { text: `${head}${place.kind === 'field' ? rest : rest.trimStart()}`, caret: head.length }
}
