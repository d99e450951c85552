/**
 * Messages in words, for people. Values of logs in them are inert, but not yet fit for a format: HTML and chats escape them further.
 *
 * @module
 */
import { countOf, formatTimeRange, inert } from '../report/format.ts'
import type { Severity } from '../api/api.ts'
import type { Bulletin, Item } from './bulletin.ts'

const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low']

const changeText = ({ change, riskBefore, incident }: Item): string => {
  if (change !== 'risen') return change === 'opened' ? 'New incident' : 'Open again'
  return riskBefore !== null && riskBefore < incident.risk
    ? `Risk rose from ${riskBefore} to ${incident.risk}`
    : 'Got worse'
}

/** "New incident #12 · high · risk 72". */
export const statusText = (item: Item): string => {
  const { number, severity, risk } = item.incident
  const rose = item.change === 'risen' && item.riskBefore !== null && item.riskBefore < risk
  return `${changeText(item)}${rose ? ', ' : ' '}#${number} · ${severity}${rose ? '' : ` · risk ${risk}`}`
}

export const titleText = ({ incident }: Item): string => inert(incident.title)

/** "2 high, 33 low". */
const countsText = (counts: Bulletin['more']['severities']): string =>
  severities.flatMap((one) => (counts[one] === undefined ? [] : [`${counts[one]} ${one}`])).join(', ')

/** "And 35 more incidents: 2 high, 33 low."; null where all are told. */
export const moreText = ({ more: { count, severities: counts } }: Bulletin): string | null =>
  count === 0 ? null : `And ${countOf(count, 'more incident')}: ${countsText(counts)}.`

export const heldBackText = ({ heldBack }: Bulletin): string | null =>
  heldBack === null
    ? null
    : `Told together: this channel gets at most ${countOf(heldBack, 'message')} an hour.`

export const testText = 'This is a test. Messages about incidents will arrive here.'

/** One line for the whole: the subject of a mail. */
export const headline = (bulletin: Bulletin): string => {
  const [worst] = bulletin.items
  if (bulletin.isTest || worst === undefined) return 'Test message'
  const count = bulletin.items.length + bulletin.more.count
  if (count > 1)
    return `${count} incidents, the worst ${worst.incident.severity} (#${worst.incident.number}): ${titleText(worst)}`
  return `${statusText(worst)}: ${titleText(worst)}`
}

export const spanText = ({ incident: { first, last } }: Item): string =>
  `${formatTimeRange(first, last, false)} UTC`

/** "12,345 events in 3 findings". */
export const sizeText = ({ incident: { events, findings } }: Item): string =>
  `${countOf(events, 'event')} in ${countOf(findings, 'finding')}`

export interface EntityText {
  readonly kind: string
  readonly value: string
}

/** Who acts and who is concerned; details are left to the console. */
export const entityTexts = ({ incident }: Item, most: number): readonly EntityText[] =>
  incident.entities
    .filter(({ role }) => role !== 'detail')
    .slice(0, most)
    .map(({ kind, value }) => ({ kind: inert(kind.replaceAll('_', ' ')), value: inert(value) }))

export const lineTexts = ({ lines }: Item): readonly string[] => lines.map(inert)
