/**
 * One login, and the line that a log has of it.
 *
 * @module
 */
import type { Source } from './world.ts'

export interface Login {
  readonly timeMs: number
  readonly user: string
  readonly source: Source
  readonly agent: string
  readonly success: boolean
}

/** The machine that all log in at. */
export const loginHost = 'login.example.com'

/** JSON in the names of the Elastic Common Schema. */
export const loginLine = ({ timeMs, user, source, agent, success }: Login): string =>
  JSON.stringify({
    '@timestamp': new Date(Math.round(timeMs)).toISOString(),
    event: { category: ['authentication'], action: 'login', outcome: success ? 'success' : 'failure' },
    user: { name: user },
    source: {
      ip: source.address,
      as: { number: source.provider },
      geo: {
        country_iso_code: source.city.country,
        location: { lat: source.city.latitude, lon: source.city.longitude },
      },
    },
    user_agent: { original: agent },
    host: { name: loginHost },
  })
