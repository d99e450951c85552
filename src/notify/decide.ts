/**
 * Whether a channel is told of an incident: when it is new, open again, or worse by a step; and of nothing twice.
 *
 * @module
 */
import { severityLevel } from '../report/severity.ts'
import type { IncidentRow } from '../api/api.ts'
import { toldIncident, type Notice } from './notice.ts'

/** So much more risk, of 100, is told; so is a worse severity. */
const stepRisk = 20

/** What is older is no news to a channel that has never heard of it. */
const newsMs = 86_400_000

export interface Situation {
  readonly incident: IncidentRow
  readonly channel: { readonly leastRisk: number; readonly createdMs: number }
  /** What this channel was told of it, oldest first. */
  readonly told: readonly Notice[]
  /** When it was last opened again, by itself. */
  readonly reopening: { readonly id: number; readonly ms: number } | null
  readonly nowMs: number
}

/** The risk an incident had at a time; what it had first, where that was later. */
const riskAt = ({ risks, risk }: IncidentRow, ms: number): number =>
  (risks.findLast(({ time }) => Date.parse(time) <= ms) ?? risks[0])?.risk ?? risk

type News = Pick<Notice, 'change' | 'riskBefore'> | null

const firstNews = ({ incident, channel, reopening, nowMs }: Situation): News => {
  const sinceMs = Math.max(channel.createdMs, nowMs - newsMs)
  if (reopening !== null && reopening.ms >= sinceMs) return { change: 'reopened', riskBefore: null }
  const isNew = Date.parse(incident.opened) >= sinceMs
  const before = riskAt(incident, isNew ? Number.NEGATIVE_INFINITY : sinceMs)
  if (before < channel.leastRisk) return { change: 'risen', riskBefore: before }
  if (isNew) return { change: 'opened', riskBefore: null }
  return incident.risk - before >= stepRisk ? { change: 'risen', riskBefore: before } : null
}

/** Measured against the worst that was told since it was last opened, so that what goes up and down is told once. */
const furtherNews = ({ incident, told, reopening }: Situation): News => {
  const round = Math.max(0, ...told.map((notice) => notice.reopening ?? 0))
  if ((reopening?.id ?? 0) > round) return { change: 'reopened', riskBefore: null }
  const own = told.filter((notice) => (notice.reopening ?? 0) === round).map((notice) => notice.incident)
  const risk = Math.max(...own.map((one) => one.risk))
  const level = Math.max(...own.map(({ severity }) => severityLevel(severity)))
  const isWorse = incident.risk - risk >= stepRisk || severityLevel(incident.severity) > level
  return isWorse ? { change: 'risen', riskBefore: risk } : null
}

/** What the channel is to be told; null: nothing. */
export const decide = (situation: Situation): Notice | null => {
  const { incident, channel, told, reopening, nowMs } = situation
  if (incident.state === 'closed' || incident.risk < channel.leastRisk) return null
  const news = told.length === 0 ? firstNews(situation) : furtherNews(situation)
  if (news === null) return null
  return {
    ...news,
    time: new Date(nowMs).toISOString(),
    reopening: reopening?.id ?? null,
    incident: toldIncident(incident),
  }
}
