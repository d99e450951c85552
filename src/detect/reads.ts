/**
 * What a detector must be given to have something to say.
 *
 * @module
 */
import type { Filter, KnownComparison } from '../features/filter.ts'
import type { Detector } from './detector.ts'

/** Whether a filter compares with what the user's files say. */
const asksOf = ({ or, ...named }: Filter, kind: KnownComparison['kind']): boolean =>
  Object.values(named).some(
    (comparison) => typeof comparison === 'object' && 'kind' in comparison && comparison.kind === kind,
  ) || (or ?? []).some((other) => asksOf(other, kind))

/** Whether it goes by lists of the user's own. */
export const readsLists = ({ from }: Detector): boolean => asksOf(from, 'listed')

/** The categories of events it reads; null for all. */
export const categoriesOf = ({ from }: Detector): readonly string[] | null => {
  if (from.category === undefined) return null
  return typeof from.category === 'string' ? [from.category] : from.category.values
}
