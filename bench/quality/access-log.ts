/**
 * Access logs: who asked for what, when.
 *
 * @module
 */
import type { TimedLine } from './log-files.ts'

export interface AccessLine extends TimedLine {
  readonly client: string
  readonly method: string
  readonly target: string
  readonly status: number
  readonly agent: string
}

const combined =
  /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):(\d+:\d+:\d+) ([+-]\d\d)(\d\d)\] "((?:[^"\\]|\\.)*)" (\d{3}) \S+ "(?:[^"\\]|\\.)*" "((?:[^"\\]|\\.)*)"/

/** Null for what is no line of the combined format. */
export const readAccessLine = (text: string): AccessLine | null => {
  const [, client = '', day, month, year, clock, hours, minutes, request = '', status, agent = ''] =
    combined.exec(text) ?? []
  const timeMs = Date.parse(`${day} ${month} ${year} ${clock} ${hours}${minutes}`)
  if (Number.isNaN(timeMs)) return null
  const [method = '', target = ''] = request.split(' ')
  return { timeMs, text, client, method, target, status: Number(status), agent }
}

/** What a client did over the whole log. */
export interface ClientProfile {
  readonly requests: number
  /** Answered with 400 or more. */
  readonly refused: number
  readonly paths: number
  readonly agents: number
  /** The most frequent one. */
  readonly agent: string
}

const most = (values: readonly string[]): string => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as const)[0]
}

export const profileClients = (lines: readonly AccessLine[]): Map<string, ClientProfile> => {
  const byClient = new Map<string, AccessLine[]>()
  for (const line of lines) {
    const own = byClient.get(line.client)
    if (own === undefined) byClient.set(line.client, [line])
    else own.push(line)
  }
  return new Map(
    [...byClient].map(([client, own]) => [
      client,
      {
        requests: own.length,
        refused: own.filter((line) => line.status >= 400).length,
        paths: new Set(own.map((line) => line.target.split('?')[0])).size,
        agents: new Set(own.map((line) => line.agent)).size,
        agent: most(own.map((line) => line.agent)),
      },
    ]),
  )
}

const dayMs = 86_400_000
const fullDayHours = 18

/** Days (their first ms, UTC) on which something happened in most hours; the quietest first. */
export const quietFullDays = (lines: readonly AccessLine[]): number[] => {
  const days = new Map<number, { lines: number; hours: Set<number> }>()
  for (const { timeMs } of lines) {
    const start = Math.floor(timeMs / dayMs) * dayMs
    const day = days.get(start) ?? { lines: 0, hours: new Set<number>() }
    day.lines++
    day.hours.add(Math.floor((timeMs - start) / 3_600_000))
    days.set(start, day)
  }
  return [...days]
    .filter(([, day]) => day.hours.size >= fullDayHours)
    .toSorted((a, b) => a[1].lines - b[1].lines)
    .map(([start]) => start)
}
