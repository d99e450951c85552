/**
 * A user's mapping file → a parser for JSON lines or CSV: which key of the object, or which column of the table, becomes which
 * column.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { AppError, messageOf } from '../errors.ts'
import { categories, columnOf, parsedColumns, isParsedColumn, type ParsedColumn } from '../schema/columns.ts'
import { csv, csvFields, json, type Line } from './line.ts'
import { defineParser, type ColumnValues, type Parser } from './parser.ts'
import { constant, firstOf, integer, ip, lookup, object, text, time, type Value } from './value.ts'

type Part = (name: string) => Value
type Fields = Readonly<Record<string, unknown>>
/** Says what is wrong, and throws. */
type Refuse = (problem: string) => never

const units = ['seconds', 'milliseconds', 'microseconds', 'nanoseconds'] as const

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/** How many letters have to be changed, added or left out to make one word of another (Levenshtein). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1]
    for (const [j, other] of b.split('').entries())
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === other ? 0 : 1)),
      )
    row = next
  }
  return row.at(-1) ?? 0
}

const nearest = (word: string, known: readonly string[]): string =>
  known.toSorted((a, b) => distance(word, a) - distance(word, b))[0] ?? ''

const known = (refuse: Refuse, where: string, fields: Fields, names: readonly string[]): void => {
  for (const name of Object.keys(fields)) {
    if (!names.includes(name))
      refuse(
        `${where}: unknown key ${JSON.stringify(name)}; did you mean ${JSON.stringify(nearest(name, names))}?`,
      )
  }
}

const textsOf = (refuse: Refuse, where: string, value: unknown): string[] => {
  const texts = Array.isArray(value) ? value : [value]
  if (texts.length === 0 || !texts.every(isText))
    refuse(`${where} must be a key of the JSON object such as "user.name", or a list of them`)
  return texts.filter(isText)
}

const timeValue = (refuse: Refuse, where: string, of: Value, format: unknown): Value => {
  if (format === undefined) return time(of, 'any')
  const unit = units.find((name) => format === `epoch ${name}`)
  if (unit !== undefined) return time(of, { epoch: unit })
  if (format === 'iso' || format === 'rfc3164' || format === 'any') return time(of, format)
  if (isText(format) && format.includes('%')) return time(of, format)
  return refuse(
    `${where}: "time" must be "iso", "any", "epoch ${units.join('", "epoch ')}", or a format such as "%d/%b/%Y:%H:%i:%s %z", not ${JSON.stringify(format)}`,
  )
}

const mapped = (refuse: Refuse, where: string, of: Value, spec: Fields): Value => {
  if (spec.map === undefined) return of
  const { map, otherwise } = spec
  if (
    !isObject(map) ||
    Object.keys(map).length === 0 ||
    !Object.values(map).every((word) => typeof word === 'string')
  )
    refuse(
      `${where}: "map" must give a text for each word, such as { "true": "success", "false": "failure" }`,
    )
  if (otherwise !== undefined && typeof otherwise !== 'string') refuse(`${where}: "otherwise" must be a text`)
  const table = Object.fromEntries(
    Object.entries(isObject(map) ? map : {}).map(([word, meaning]) => [word, String(meaning)]),
  )
  return typeof otherwise === 'string' ? lookup(of, table, constant(otherwise)) : lookup(of, table)
}

const columnKeys = ['from', 'time', 'map', 'otherwise', 'absent', 'times']

const columnValue = (refuse: Refuse, name: ParsedColumn, spec: unknown, part: Part): Value => {
  const where = `columns.${name}`
  const { type } = columnOf(name)
  if (isObject(spec) && 'constant' in spec) {
    known(refuse, where, spec, ['constant'])
    if (name === 'timestamp') refuse(`${where}: the time of an event cannot be a constant`)
    if (typeof spec.constant !== 'string' && typeof spec.constant !== 'number')
      return refuse(`${where}: "constant" must be a text or a number`)
    return constant(spec.constant)
  }
  if (!isText(spec) && !isObject(spec))
    return refuse(`${where} must be a key such as "user.name", { "from": … } or { "constant": … }`)
  const fields: Fields = isText(spec) ? { from: spec } : spec
  known(refuse, where, fields, columnKeys)
  if (fields.from === undefined) refuse(`${where}: "from" is missing: which key of the JSON object is it?`)
  const sources = textsOf(refuse, `${where}.from`, fields.from).map(part)
  const [only] = sources
  const found = sources.length === 1 && only !== undefined ? only : firstOf(...sources)
  const absent = fields.absent === undefined ? [] : textsOf(refuse, `${where}.absent`, fields.absent)
  const source = absent.length === 0 ? found : text(found, { absent })
  if (type === 'time') return timeValue(refuse, where, source, fields.time)
  if (fields.time !== undefined) refuse(`${where}: "time" is only for timestamp`)
  if (
    fields.times !== undefined &&
    (type !== 'integer' || typeof fields.times !== 'number' || !(fields.times > 0))
  )
    refuse(`${where}: "times" must be a number above 0, and the column a whole number`)
  if (type === 'ip') return ip(source)
  if (typeof fields.times === 'number') return integer(source, { times: fields.times })
  return mapped(refuse, where, source, fields)
}

const otherValue = (refuse: Refuse, spec: unknown, part: Part): Value => {
  if (!isObject(spec) || !Object.values(spec).every(isText))
    return refuse('columns.other must name keys: { "order": "order.id" }')
  return object(Object.fromEntries(Object.entries(spec).map(([name, path]) => [name, part(String(path))])))
}

const columnsOf = (refuse: Refuse, specs: Fields, part: Part): ColumnValues => {
  const names = Object.keys(parsedColumns)
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      if (!isParsedColumn(name))
        return refuse(`columns: there is no column ${name}; did you mean ${nearest(name, names)}?`)
      return [name, name === 'other' ? otherValue(refuse, spec, part) : columnValue(refuse, name, spec, part)]
    }),
  )
}

/** The columns of a table that a mapping names but its header lacks. */
const missingColumns = (names: readonly string[]) => (refuse: Refuse, part: Part) => (name: string) => {
  if (!names.includes(name))
    refuse(
      `"csv": the header has no column ${JSON.stringify(name)}; did you mean ${JSON.stringify(nearest(name, names))}?`,
    )
  return part(name)
}

/** How lines are taken apart, and what a part of them has to be. */
interface Layout {
  readonly line: Line<string>
  readonly checked: (refuse: Refuse, part: Part) => Part
}

const layoutOf = (refuse: Refuse, contents: Fields, required: readonly string[]): Layout => {
  if (contents.csv === undefined) return { line: json({ require: required }), checked: (_, part) => part }
  if (!isObject(contents.csv))
    return refuse('"csv" must be { "header": "time,name,host" }, with "separator" where it is no comma')
  known(refuse, 'csv', contents.csv, ['header', 'separator'])
  const { header, separator = ',' } = contents.csv
  if (!isText(separator)) return refuse('"csv": "separator" must be a text such as ";"')
  if (!isText(header) || !header.includes(separator))
    return refuse(
      `"csv": "header" must be the line that names the columns, with ${JSON.stringify(separator)} between them`,
    )
  if (required.length > 0) return refuse('"require" is only for JSON lines: a table has all its columns')
  return {
    line: csv(header, { separator }),
    checked: missingColumns(csvFields(header, separator).map((name) => name.trim())),
  }
}

/**
 * The parser a mapping file describes. `contents` is the parsed JSON of the file at `path`:
 *
 * ```json
 * {
 *   "id": "shop", "title": "Shop orders", "category": "app", "require": ["orderId"],
 *   "columns": {
 *     "timestamp": { "from": "ts", "time": "epoch milliseconds" },
 *     "user_name": "account.name",
 *     "event_action": { "constant": "order" },
 *     "event_outcome": { "from": "ok", "map": { "true": "success", "false": "failure" } }
 *   }
 * }
 * ```
 *
 * With `"csv": { "header": "time,name,host" }` the lines are comma-separated values, and keys are the columns of that header.
 *
 * `from` may be a list: the first key that is there counts. Throws `invalid-mapping`, which says which key is wrong and
 * what would be right.
 */
export const parserFromMapping = (contents: unknown, path: string): Parser => {
  const refuse: Refuse = (problem) => {
    throw new AppError('invalid-mapping', { path, problem })
  }
  if (!isObject(contents))
    return refuse('it must be a JSON object with "id", "title", "category" and "columns"')
  known(refuse, 'mapping', contents, ['id', 'title', 'category', 'require', 'csv', 'columns'])
  const { id, title = id, require: required = [], columns } = contents
  if (!isText(id) || !/^[a-z][a-z0-9-]*$/.test(id))
    return refuse('"id" must be lower-case letters, digits and hyphens, such as "shop-orders"')
  if (!isText(title)) return refuse('"title" must be a text')
  const category = categories.find((name) => name === (contents.category ?? 'app'))
  if (category === undefined)
    return refuse(
      `"category" must be one of ${categories.join(', ')}, not ${JSON.stringify(contents.category)}`,
    )
  if (!Array.isArray(required) || !required.every(isText))
    return refuse('"require" must be a list of keys that every line of this format has')
  if (!isObject(columns))
    return refuse('"columns" must be an object: a column name and where its value comes from')
  if (columns.timestamp === undefined)
    return refuse('columns.timestamp is missing: { "from": "ts", "time": "iso" } says where the time is')
  const { line, checked } = layoutOf(refuse, contents, required.filter(isText))
  return defineParser({
    id,
    title,
    category,
    line,
    columns: (part) => columnsOf(refuse, columns, checked(refuse, part)),
  })
}

/** {@link parserFromMapping} of the file at `path`; a file that is missing or no JSON is an `invalid-mapping` too. */
export const parserFromFile = async (path: string): Promise<Parser> => {
  let contents: unknown
  try {
    contents = JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new AppError('invalid-mapping', { path, problem: `it cannot be read: ${messageOf(error)}` }, error)
  }
  return parserFromMapping(contents, path)
}
