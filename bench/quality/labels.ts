/**
 * What is known of a log's clients.
 *
 * @module
 */
import type { ClientProfile } from './access-log.ts'

/**
 * - `blocked`: the web application firewall blocked some of its requests: certainly hostile.
 * - `scraper`: declared as such in the labels.
 * - `bot`: its user agent says that it is one.
 * - `unlabelled`: nothing is known; it may be anything.
 */
export type ClientKind = 'blocked' | 'scraper' | 'bot' | 'unlabelled'

export interface WebLabels {
  readonly blocked: ReadonlySet<string>
  readonly bots: ReadonlySet<string>
  /** Programs (the beginning of a user agent, in lower case) by which bots are known to be scrapers. */
  readonly scraperAgents: readonly string[]
}

export const noLabels: WebLabels = { blocked: new Set(), bots: new Set(), scraperAgents: [] }

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sourceOf = (entry: unknown): string[] =>
  isRecord(entry) && typeof entry['src'] === 'string' ? [entry['src']] : []

/** Reads a labels file: `malicious_clients`, `declared_bots`, and `scraper`, which names programs. */
export const readLabels = (json: unknown): WebLabels => {
  if (!isRecord(json)) return noLabels
  const { malicious_clients: blocked, declared_bots: bots, scraper } = json
  const told = (isRecord(scraper) ? Object.values(scraper) : [scraper]).filter(
    (text) => typeof text === 'string',
  )
  return {
    blocked: new Set(Array.isArray(blocked) ? blocked.flatMap(sourceOf) : []),
    bots: new Set(isRecord(bots) ? Object.keys(bots) : []),
    scraperAgents: told
      .flatMap((text) => text.match(/[\w.]+-\w+/g) ?? [])
      .filter((name) => !/^\d/.test(name)),
  }
}

export const kindOf = (labels: WebLabels, client: string, profile?: ClientProfile): ClientKind => {
  if (labels.blocked.has(client)) return 'blocked'
  if (!labels.bots.has(client)) return 'unlabelled'
  const agent = profile?.agent.toLowerCase() ?? ''
  return labels.scraperAgents.some((name) => agent.includes(name.toLowerCase())) ? 'scraper' : 'bot'
}

/**
 * A second opinion on the unlabelled, by a rule that was written down before any finding was looked at: three requests or
 * more, most of which were refused or for what is not there.
 */
export const evidentlyHostile = (profile: ClientProfile): boolean =>
  profile.requests >= 3 && profile.refused * 2 > profile.requests
