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

/** One request every `gapS` seconds on average, for `minutes`. */
export interface SlowAttack {
  readonly kind: 'scanner' | 'scraper'
  /** What it calls itself; a browser if absent. */
  readonly agent?: string
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
      const sent = attack.agent === undefined ? request : { ...request, agent: attack.agent }
      lines.push({ timeMs: atMs, text: combinedLine(stampOf(seconds), sent) })
    })
  }
  return lines
}

export const withAttack = (log: readonly TimedLine[], attack: SlowAttack, site: Site): string[] =>
  mergeByTime(log, attackLines(attack, site))

/** What somebody really asked for, from the attacker's address and at a pace of its own. */
export const replayed = (
  own: readonly TimedLine[],
  { startMs, minutes, gapS }: Pick<SlowAttack, 'startMs' | 'minutes' | 'gapS'>,
): TimedLine[] =>
  own.slice(0, Math.round((minutes * 60) / gapS)).map(({ text }, i) => {
    const seconds = Math.floor(startMs / 1000) + Math.round(i * gapS)
    return {
      timeMs: seconds * 1000,
      text: text.replace(/^\S+/, attackerAddress).replace(/\[[^\]]*\]/, `[${stampOf(seconds)}]`),
    }
  })

/** An attack to put into a log, and what is asked of it. */
export interface Injected {
  readonly name: string
  readonly lines: (startMs: number) => readonly TimedLine[]
  /** Which share of its windows is found, when it is first found, or both. */
  readonly judged: readonly ('windows' | 'first')[]
  /** Whose own lines are taken out of the log. */
  readonly instead?: string
}

const declaredAgent = 'ExampleArchiver/1.2 (+https://archiver.example.com/about)'

/** What is put into every log. */
export const usualAttacks = (site: Site): Injected[] => {
  const slow =
    (attack: Omit<SlowAttack, 'startMs' | 'seed'>): Injected['lines'] =>
    (startMs) =>
      attackLines({ ...attack, startMs, seed: 1 + (Math.floor(startMs / 3_600_000) % 1000) }, site)
  return [
    {
      name: 'scanner, 5 a minute, 3 h',
      lines: slow({ kind: 'scanner', minutes: 180, gapS: 12 }),
      judged: ['windows', 'first'],
    },
    {
      name: 'scanner, 3 a second',
      lines: slow({ kind: 'scanner', minutes: 2, gapS: 0.3 }),
      judged: ['first'],
    },
    {
      name: 'scraper, 5 a minute, 1 h',
      lines: slow({ kind: 'scraper', minutes: 60, gapS: 12 }),
      judged: ['windows', 'first'],
    },
    {
      name: 'declared scraper, 5 a minute, 1 h',
      lines: slow({ kind: 'scraper', minutes: 60, gapS: 12, agent: declaredAgent }),
      judged: ['windows', 'first'],
    },
  ]
}
