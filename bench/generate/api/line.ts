/**
 * A call to the API, and its line in NGINX's JSON log.
 *
 * @module
 */
import { logNormal, type Random } from '../draw.ts'
import type { Stage } from '../week/agenda.ts'
import { momentS, special } from '../week/calendar.ts'
import { hexText } from '../week/places.ts'

export interface Call {
  readonly client: string
  /** Whose key it came with; absent: none. */
  readonly key?: string
  readonly method: string
  readonly target: string
  readonly status: number
  readonly bytes: number
  /** Seconds until it was answered. */
  readonly seconds: number
  readonly agent: string
  readonly id: string
}

export type ApiStage = Stage<Call>

/** The new version comes out, and its first minute is rough. */
const deployS = momentS(special.deploy, 15)
/** A database that is moved at night: slow, and sometimes not there. */
const moveS = momentS(special.deploy + 1, 2.25)

export const troubleAt = (nowS: number): { readonly errors: number; readonly slow: number } => {
  if (nowS >= deployS && nowS < deployS + 50) return { errors: 0.3, slow: 1 }
  if (nowS >= moveS && nowS < moveS + 900) return { errors: 0.06, slow: 6 }
  return { errors: 0.0006, slow: 1 }
}

export interface Caller {
  readonly client: string
  readonly key?: string
  readonly agent: string
}

export interface Wanted {
  readonly method?: string
  readonly status?: number
  readonly bytes?: number
  /** Median of the seconds it takes. */
  readonly seconds?: number
}

const sized = (random: Random, bytes: number): number => Math.round(bytes * (0.8 + 0.4 * random()))

/** One call. @returns the status it got */
export const call = (stage: ApiStage, caller: Caller, target: string, wanted: Wanted = {}): number => {
  const { random } = stage
  const { method = 'GET', status = 200, bytes = 900, seconds = 0.03 } = wanted
  const { errors, slow } = troubleAt(stage.nowS)
  const broken = random() < errors
  const told = broken ? (random() < 0.6 ? 502 : 504) : status
  stage.say({
    ...caller,
    method,
    target,
    status: told,
    bytes: broken ? 167 : told === 204 || told === 304 ? 0 : sized(random, bytes),
    seconds: told === 504 ? 30 : logNormal(random, seconds * slow, 0.6),
    id: hexText(random, 16),
  })
  return told
}

/** As programs do: again after a while, at most three times, each time later. */
export function* insist(
  stage: ApiStage,
  caller: Caller,
  target: string,
  wanted: Wanted = {},
): Generator<number, number> {
  let status = call(stage, caller, target, wanted)
  for (let tries = 0, waitS = 1; status >= 500 && tries < 3; tries++, waitS *= 4) {
    yield waitS
    status = call(stage, caller, target, wanted)
  }
  return status
}

/** @param stamp `2026-03-07T04:05:06+00:00` */
export const callLine = (stamp: string, one: Call): string =>
  `{"time_iso8601":"${stamp}","remote_addr":"${one.client}","remote_user":"${one.key ?? ''}","request":"${one.method} ${one.target} HTTP/1.1","status":${one.status},"body_bytes_sent":${one.bytes},"request_time":${one.seconds.toFixed(3)},"http_host":"api.example.com","http_user_agent":"${one.agent}","request_id":"${one.id}"}`
