/**
 * A request, and its line in the combined format.
 *
 * @module
 */

export interface Request {
  readonly client: string
  readonly user?: string | undefined
  readonly method: string
  /** Path and query. */
  readonly target: string
  readonly http: '1.0' | '1.1' | '2.0'
  readonly status: number
  readonly bytes: number
  /** `-` where there is none. */
  readonly referrer: string
  readonly agent: string
}

export type Emit = (request: Request) => void

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number): string => (value < 10 ? `0${value}` : String(value))

/** `02/Mar/2026:07:15:00 +0000`, from seconds since 1970. */
export const stampOf = (seconds: number): string => {
  const at = new Date(seconds * 1000)
  const month = months[at.getUTCMonth()] ?? ''
  return `${two(at.getUTCDate())}/${month}/${at.getUTCFullYear()}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`
}

/** Without the line end. Answers without a body have `-` for their size. */
export const combinedLine = (stamp: string, request: Request): string => {
  const { client, user, method, target, http, status, bytes, referrer, agent } = request
  return `${client} - ${user ?? '-'} [${stamp}] "${method} ${target} HTTP/${http}" ${status} ${bytes === 0 ? '-' : bytes} "${referrer}" "${agent}"`
}
