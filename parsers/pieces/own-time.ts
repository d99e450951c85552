import {
  allOf,
  groups,
  isPresent,
  joined,
  lookup,
  once,
  time,
  variant,
  type Category,
  type ColumnValues,
  type Line,
  type Test,
  type Value,
  type Variant,
} from 'winnow'

/** Each column worked out once a line, however many variants have it: that keeps the query short. */
export const onceEach = (columns: ColumnValues): ColumnValues =>
  Object.fromEntries(
    Object.entries(columns).map(([name, value]) => [
      name,
      value.kind === 'part' || value.kind === 'constant' ? value : once(value),
    ]),
  )

const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const twoDigits = (number: number): string => String(number).padStart(2, '0')
const months = Object.fromEntries(names.map((name, i) => [name, twoDigits(i + 1)]))
const days = Object.fromEntries(names.slice(0, 9).map((_, i) => [String(i + 1), twoDigits(i + 1)]))

/**
 * ISO 8601 of `Mar 07 2026 04:05:06.123 UTC`, of `Sat Mar  7 04:05:06 2026`, and of what is ISO 8601 already, wherever it
 * stands behind `before` in a text. The times of devices are few in form; reading any time makes a query ten times longer.
 */
export const writtenTime = (text: Value, before: string): Value => {
  const found = groups(
    text,
    `${before}(?:(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +([0-9]{1,2})(?: ([0-9]{4}))? ([0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]+)?)(?: ([0-9]{4})\\b)?(?: (?:UTC|GMT)?([+-][0-9]{2}:?[0-9]{2}|UTC|GMT)\\b)?|([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]+)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?))`,
  )
  const date = joined([found(3), found(5), lookup(found(1), months), lookup(found(2), days)], '-')
  return joined([date, found(4), found(6), found(7)], ' ')
}

interface Description<Part extends string> {
  readonly line: Line<Part>
  /** The time as the line itself has it, in ISO 8601; empty where it has none. */
  readonly written: (part: (name: Part) => Value) => Value
  /** The same where it is a number: milliseconds since 1970. */
  readonly milliseconds?: (part: (name: Part) => Value) => Value
  readonly columns: (part: (name: Part) => Value) => ColumnValues
  /** Columns an envelope would otherwise give; made only where the line has its own time. */
  readonly bare?: (part: (name: Part) => Value) => ColumnValues
  readonly where?: (part: (name: Part) => Value) => Test
  readonly category?: Category
}

/**
 * One shape, with the time that the line says of itself, and without, for lines that have none and get the time of the
 * envelope around them. Bare lines without a time are rejects.
 */
export const withOwnTime = <Part extends string>(description: Description<Part>): readonly Variant[] => {
  const { line, written, milliseconds, bare, where, category } = description
  type Parts = (name: Part) => Value
  const columns = (part: Parts) => onceEach(description.columns(part))
  const timed = (text: (part: Parts) => Value, timestamp: (text: Value) => Value): Variant =>
    variant(
      line,
      (part) => ({
        ...columns(part),
        ...onceEach(bare?.(part) ?? {}),
        timestamp: once(timestamp(once(text(part)))),
      }),
      (part) => allOf(isPresent(once(text(part))), ...(where === undefined ? [] : [where(part)])),
      category,
    )
  return [
    ...(milliseconds === undefined
      ? []
      : [timed(milliseconds, (number) => time(number, { epoch: 'milliseconds' }))]),
    timed(written, (text) => time(text, 'iso')),
    variant(line, columns, where, category),
  ]
}
