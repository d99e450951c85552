/**
 * Features of novelty-weighted risk, as data.
 *
 * @module
 */
import type { TextColumn } from '../schema/columns.ts'
import type { Filter } from './filter.ts'

/**
 * How unexpected the kinds of alerts of the window are, by novelty (`models/novelty-risk.ts`): in bits of the column `of`, of
 * which the values of one `family` (a rule) may be one kind; how many `kinds` add to that; how many other entities are
 * unusual at the time (`company`); or how `often` a day anybody's window is as unusual.
 */
export interface RiskFeature {
  readonly kind: 'risk'
  readonly of: TextColumn
  readonly family: TextColumn
  readonly statistic: 'bits' | 'kinds' | 'company' | 'often'
  readonly where: Filter
}

/** How unexpected the kinds of alerts are. Features of risk of one detector share `of`, `family` and `where`. */
export const risk = (
  of: TextColumn,
  options: Pick<RiskFeature, 'family' | 'statistic'>,
  where: Filter = {},
): RiskFeature => ({ kind: 'risk', of, ...options, where })
