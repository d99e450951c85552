/**
 * Reads saved models. Their JSON comes from disk and may be damaged or of another version: every field is checked, and
 * the error names the field.
 *
 * @module
 */

/** A JSON object whose fields are read one by one; `path` names it in errors. */
export interface Saved {
  readonly path: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** @throws TypeError if `json` is not an object. */
export function savedObject(json: unknown, path: string): Saved {
  if (!isObject(json)) throw unexpected(path, 'an object', json)
  return { path, fields: json }
}

/** A saved model of this kind. @throws TypeError if it is of another. */
export function savedModel(json: unknown, kind: string): Saved {
  const saved = savedObject(json, 'model')
  if (saved.fields['kind'] !== kind) throw unexpected('model.kind', `"${kind}"`, saved.fields['kind'])
  return saved
}

/** A finite number, not below `least`. */
export function savedNumber(saved: Saved, field: string, least = -Infinity): number {
  return finite(saved.fields[field], `${saved.path}.${field}`, least)
}

/** An array of finite numbers, of the given length if one is given. */
export function savedNumbers(saved: Saved, field: string, length?: number): number[] {
  const path = `${saved.path}.${field}`
  return array(saved.fields[field], path, length).map((item, index) =>
    finite(item, `${path}[${index}]`, -Infinity),
  )
}

/** Positions among `names`, so many of them if that is given; the last `optional` of them may be −1 for none. */
export function savedColumns(
  saved: Saved,
  field: string,
  names: readonly string[],
  length?: number,
  optional = 0,
): number[] {
  const columns = savedNumbers(saved, field, length)
  columns.forEach((column, place) => {
    if (names[column] !== undefined || (column === -1 && place >= columns.length - optional)) return
    throw new TypeError(`Unexpected ${saved.path}.${field}: ${column} is no feature`)
  })
  return columns
}

/** An array of strings, of the given length if one is given. */
export function savedStrings(saved: Saved, field: string, length?: number): string[] {
  const path = `${saved.path}.${field}`
  return array(saved.fields[field], path, length).map((item, index) => {
    if (typeof item !== 'string') throw unexpected(`${path}[${index}]`, 'a string', item)
    return item
  })
}

/** One of the given strings. */
export function savedChoice<Choice extends string>(
  saved: Saved,
  field: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === saved.fields[field])
  if (choice === undefined)
    throw unexpected(`${saved.path}.${field}`, choices.join(' or '), saved.fields[field])
  return choice
}

/** An array of objects, each read by `read`. */
export function savedList<Item>(
  saved: Saved,
  field: string,
  read: (item: Saved) => Item,
  length?: number,
): Item[] {
  const path = `${saved.path}.${field}`
  return array(saved.fields[field], path, length).map((item, index) =>
    read(savedObject(item, `${path}[${index}]`)),
  )
}

/** What every saved model holds. */
export interface SavedHead {
  readonly names: readonly string[]
  /** Rows of the reference; a model fitted on none says so here, and scores 0 unless it has a prior. */
  readonly rows: number
  /** Median of each feature. */
  readonly typical: readonly number[]
}

/** Reads the fields that all models share. */
export function savedHead(saved: Saved): SavedHead {
  const names = savedStrings(saved, 'names')
  return {
    names,
    rows: savedNumber(saved, 'rows', 0),
    typical: savedNumbers(saved, 'typical', names.length),
  }
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function array(value: unknown, path: string, length?: number): unknown[] {
  if (!Array.isArray(value)) throw unexpected(path, 'an array', value)
  if (length !== undefined && value.length !== length) {
    throw new TypeError(`Unexpected length of ${path}: ${value.length}, expected ${length}`)
  }
  return value
}

function finite(value: unknown, path: string, least: number): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw unexpected(path, 'a finite number', value)
  if (value < least) throw unexpected(path, `a number not below ${least}`, value)
  return value
}

function unexpected(path: string, wanted: string, found: unknown): TypeError {
  const shown = found === undefined ? 'nothing' : (JSON.stringify(found)?.slice(0, 40) ?? typeof found)
  return new TypeError(`Unexpected ${path}: ${shown}, expected ${wanted}`)
}
