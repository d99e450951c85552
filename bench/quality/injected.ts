/**
 * A log with one attack put into it.
 *
 * @module
 */
import { randomStream } from '../../src/models/random.ts'
import { scanner, scraper } from '../generate/hostile.ts'
import { combinedLine, stampOf, type Request } from '../generate/request.ts'
import type { Actor } from '../generate/simulate.ts'
import type { Site } from '../generate/site.ts'
import { mergeByTime, type TimedLine } from './log-files.ts'

/** The one who attacks; nobody else in any log has this address. */
export const attackerAddress = '203.0.113.77'

/** A slow attack: one request every `gapS` seconds on average, for `minutes`. */
export interface SlowAttack {
  readonly kind: 'scanner' | 'scraper'
  readonly startMs: number
  readonly minutes: number
  readonly gapS: number
  readonly seed: number
}

export const attackLines = (attack: SlowAttack, site: Site): TimedLine[] => {
  const random = randomStream(attack.seed)
  const { gapS, minutes } = attack
  const plan = { client: attackerAddress, requests: Math.round((minutes * 60) / gapS), gapS }
  const actor: Actor = attack.kind === 'scanner' ? scanner(random, plan) : scraper(random, site, plan)
  const lines: TimedLine[] = []
  const endMs = attack.startMs + minutes * 60_000
  let wait: number | undefined = 0
  for (let atMs = attack.startMs; wait !== undefined && atMs < endMs; atMs += Math.round(wait ?? 0) * 1000) {
    const seconds = Math.floor(atMs / 1000)
    wait = actor(seconds, (request: Request) => {
      lines.push({ timeMs: atMs, text: combinedLine(stampOf(seconds), request) })
    })
  }
  return lines
}

export const withAttack = (log: readonly TimedLine[], attack: SlowAttack, site: Site): string[] =>
  mergeByTime(log, attackLines(attack, site))
