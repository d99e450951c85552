/**
 * Incidents with their findings, and their parts in words: the same on the terminal and on the page.
 *
 * @module
 */

import type { Finding, Incident, Report } from './report.ts'

export interface Story {
  readonly incident: Incident
  /** The best-ranked first. */
  readonly findings: readonly Finding[]
}

/** The incidents in their order, each with those of its findings that the report holds. */
export function byIncident({ incidents, findings }: Report): readonly Story[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]))
  return incidents.map((incident) => ({
    incident,
    findings: incident.findings.flatMap((id) => byId.get(id) ?? []),
  }))
}

/** "Credential Access → Discovery". */
export function tacticsText({ tactics }: Incident): string {
  return tactics.map(({ name }) => name).join(' → ')
}
