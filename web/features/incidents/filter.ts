/**
 * The queue's filter, as its address holds it.
 *
 * @module
 */
import type { IncidentFilter, IncidentState, Severity } from '../../../src/api/api.ts'
import { severities } from '../../ui/marks.tsx'

/** What the address holds: lists are joined by commas. */
export interface FilterText {
  readonly state?: string | undefined
  readonly severity?: string | undefined
  readonly detector?: string | undefined
  readonly entity?: string | undefined
  readonly owner?: string | undefined
  readonly q?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly sort?: string | undefined
}

const states: readonly IncidentState[] = ['open', 'acknowledged', 'closed']
const sorts = ['risk', 'updated', 'opened'] as const

const listed = <Value extends string>(
  text: string | undefined,
  known: readonly Value[],
): readonly Value[] => {
  const given = new Set(text?.split(','))
  return known.filter((value) => given.has(value))
}

/** Open ones where nothing else is asked for. */
export const filterOf = (text: FilterText): IncidentFilter => {
  const state = text.state === undefined ? (['open'] as const) : listed(text.state, states)
  const severity: readonly Severity[] = listed(text.severity, severities)
  const sort = sorts.find((one) => one === text.sort)
  const { detector, entity, owner, q, from, to } = text
  return {
    ...(state.length === 0 ? {} : { state }),
    ...(severity.length === 0 ? {} : { severity }),
    ...(sort === undefined ? {} : { sort }),
    ...(detector === undefined ? {} : { detector }),
    ...(entity === undefined ? {} : { entity }),
    ...(owner === undefined ? {} : { owner }),
    ...(q === undefined ? {} : { q }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    limit: 50,
  }
}

export const isFiltered = ({ severity, detector, entity, owner, q, from, to }: FilterText): boolean =>
  [severity, detector, entity, owner, q, from, to].some((value) => value !== undefined)

/** As the address takes it: what is absent is not there at all. */
export const withoutAbsent = (text: FilterText): { [name in keyof FilterText]?: string } =>
  Object.fromEntries(
    Object.entries(text).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
