/**
 * Names of rules → kinds. A name may hold a file or a user, so that one rule has hundreds of them: these are one kind.
 *
 * @module
 */

import { compareText } from '../order.ts'
import { groupBy } from './group-by.ts'

interface NamedValue {
  /** The hash that stands for it. */
  readonly value: string
  readonly name: string
  /** The rule it belongs to; empty where the tool names none. */
  readonly family: string
  /** In how many cells it is. */
  readonly cells: number
}

export interface Kinds {
  readonly kindOf: (value: string) => number | undefined
  readonly nameOf: (kind: number) => string
}

/** A rule with fewer names than this has just that many kinds. */
const manyNames = 8
/** Of a rule whose names hold what changes, so many are seen once. */
const mostlyNew = 0.5

/** Without a rule's number, names that differ in their numbers alone are taken for one rule's. */
const familyOf = ({ name, family }: NamedValue): string =>
  family === '' ? `name ${name.replaceAll(/\d+/g, '0')}` : `rule ${family}`

/** Numbers the kinds by name, so that they are the same in every run. */
export const kindsOf = (values: readonly NamedValue[]): Kinds => {
  const families = groupBy(
    values.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.value, b.value)),
    familyOf,
  )
  const names: string[] = []
  const kinds = new Map<string, number>()
  for (const members of families.values()) {
    const single = members.filter(({ cells }) => cells <= 1).length
    const changing = members.length >= manyNames && single >= mostlyNew * members.length
    for (const { value, name } of members) {
      if (!changing || value === members[0]?.value) names.push(name)
      kinds.set(value, names.length - 1)
    }
  }
  return { kindOf: (value) => kinds.get(value), nameOf: (kind) => names[kind] ?? '' }
}
