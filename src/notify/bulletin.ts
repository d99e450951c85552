/**
 * One message: all that waited for a channel, each incident once, the worst first.
 *
 * @module
 */
import { severityLevel } from '../report/severity.ts'
import type { Severity } from '../api/api.ts'
import type { Notice } from './notice.ts'

/** A notice as it is sent. */
export interface Item extends Notice {
  /** Its page in the console; null where nobody said where that is. */
  readonly url: string | null
  /** Lines of logs, for channels that are set to have them. */
  readonly lines: readonly string[]
}

export interface Bulletin {
  /** The same when it is sent again: who gets it twice can tell. */
  readonly id: string
  readonly isTest: boolean
  /** When it is sent, ms since 1970. */
  readonly nowMs: number
  /** The worst first. */
  readonly items: readonly Item[]
  /** Incidents that found no place. */
  readonly more: { readonly count: number; readonly severities: Readonly<Partial<Record<Severity, number>>> }
  /** How many messages an hour the channel gets, where some had to wait for that reason. */
  readonly heldBack: number | null
  /** The list of incidents in the console. */
  readonly url: string | null
}

const byRisk = (a: Notice, b: Notice): number =>
  b.incident.risk - a.incident.risk ||
  severityLevel(b.incident.severity) - severityLevel(a.incident.severity) ||
  a.incident.number - b.incident.number

/** Several notices of an incident are one: as it is now, new if it was new, risen from where it began. */
export const foldNotices = (notices: readonly Notice[]): readonly Notice[] => {
  const folded = new Map<string, Notice>()
  for (const notice of notices) {
    const before = folded.get(notice.incident.id)
    const beginsAnew = before === undefined || notice.change === 'reopened'
    folded.set(
      notice.incident.id,
      beginsAnew ? notice : { ...notice, change: before.change, riskBefore: before.riskBefore },
    )
  }
  return [...folded.values()].toSorted(byRisk)
}

const countsOf = (notices: readonly Notice[]): Bulletin['more'] => {
  const severities: Partial<Record<Severity, number>> = {}
  for (const { incident } of notices) severities[incident.severity] = (severities[incident.severity] ?? 0) + 1
  return { count: notices.length, severities }
}

/** The console's address without what a person may have written behind it. */
const baseOf = (url: string): string => url.replace(/[?#].*$/s, '').replace(/\/+$/, '')

const incidentsUrl = (url: string | null): string | null => (url === null ? null : `${baseOf(url)}/incidents`)

export interface BulletinParts {
  readonly id: string
  readonly notices: readonly Notice[]
  /** Incidents beyond this are counted. */
  readonly most: number
  readonly heldBack: number | null
  /** Where people reach the console. */
  readonly url: string | null
  readonly nowMs: number
}

export const makeBulletin = ({ id, notices, most, heldBack, url, nowMs }: BulletinParts): Bulletin => {
  const folded = foldNotices(notices)
  const list = incidentsUrl(url)
  return {
    id,
    isTest: false,
    nowMs,
    items: folded.slice(0, most).map((notice) => ({
      ...notice,
      url: list === null ? null : `${list}/${encodeURIComponent(notice.incident.id)}`,
      lines: [],
    })),
    more: countsOf(folded.slice(most)),
    heldBack: folded.length > 1 ? heldBack : null,
    url: list,
  }
}

/** What the button on the settings page sends. */
export const testBulletin = (id: string, url: string | null, nowMs: number): Bulletin => ({
  id,
  isTest: true,
  nowMs,
  items: [],
  more: { count: 0, severities: {} },
  heldBack: null,
  url: incidentsUrl(url),
})
