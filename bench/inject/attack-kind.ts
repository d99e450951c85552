/**
 * Attacks as data: what each does to a log, and how much of it. Nothing here knows a detector, and no detector knows this.
 *
 * @module
 */
import type { Random } from '../generate/draw.ts'
import type { Wire } from '../generate/office-wire.ts'

/**
 * The kind of log an attack shows in: web access; logins of a machine; logins of people with habits; a network sensor;
 * a name server; another tool's alerts.
 */
export type Medium = 'access' | 'auth' | 'staff' | 'wire' | 'names' | 'alerts'

/** Somebody who was in the log before. */
export interface KnownUser {
  readonly name: string
  /** Where they log in, and from where: the most frequent first. */
  readonly hosts: readonly string[]
  readonly sources: readonly string[]
}

/** What an attacker can know of the place; what a medium has not is empty. */
export interface Scene {
  /** Paths that exist. */
  readonly paths: readonly string[]
  readonly hosts: readonly string[]
  /** By a host's name, where the log tells it. */
  readonly hostAddresses: ReadonlyMap<string, string>
  readonly users: readonly KnownUser[]
  /** Addresses of ordinary machines. */
  readonly machines: readonly string[]
  /** How this log writes a time, in milliseconds since 1970. */
  readonly stamp: (timeMs: number) => string
}

/** One time, and whoever is there: no two placements share an attacker or a victim. */
export interface Place {
  readonly scene: Scene
  readonly random: Random
  readonly startMs: number
  /** Counts the placements of one log. */
  readonly number: number
}

export interface InjectedLine {
  readonly timeMs: number
  readonly text: string
}

/** What an attack leaves in the log. */
export interface Injected {
  /** A finding has to be about one of these. */
  readonly names: readonly string[]
  readonly fromMs: number
  readonly toMs: number
  readonly lines?: readonly InjectedLine[]
  /** In an office: everything that sees it writes it down. */
  readonly act?: (wire: Wire) => void
  /** Lines that are missing. */
  readonly cuts?: (timeMs: number, line: string) => boolean
}

export interface AttackKind {
  readonly id: string
  readonly title: string
  readonly medium: Medium
  /** What is doubled, and its values, the smallest first. */
  readonly dose: { readonly unit: string; readonly values: readonly number[] }
  readonly inject: (dose: number, place: Place) => Injected
}

/** `count` values, each twice the one before. */
export const doubling = (first: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first * 2 ** i)

/** So many moments in a stretch of time, at random, in their order. */
export const momentsIn = (
  random: Random,
  fromMs: number,
  lengthMs: number,
  count: number,
): readonly number[] =>
  Array.from({ length: count }, () => fromMs + random() * lengthMs).toSorted((a, b) => a - b)

/** From the first line to the last, or around the start where there is none. */
export const injectedLines = (
  names: readonly string[],
  startMs: number,
  lines: readonly InjectedLine[],
): Injected => {
  const times = lines.map(({ timeMs }) => timeMs)
  return { names, fromMs: Math.min(startMs, ...times), toMs: Math.max(startMs, ...times), lines }
}
