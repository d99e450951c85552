/**
 * The logs of an invented office in which nobody is hostile: some hundred machines, weekdays, nights and weekends.
 * Zeek's logs, the proxy's and the name server's tell the same days. The same seed gives the same bytes.
 *
 * @module
 */
import { appendFileSync, closeSync, mkdirSync, openSync } from 'node:fs'
import path from 'node:path'
import type { OfficeAttack } from './office-attacks.ts'
import { guestsOf, liveDay, officePeople, shiftOf } from './office-people.ts'
import { serversDay } from './office-servers.ts'
import { dayMs, officeStartMs, streamOf, wholeDay } from './office-times.ts'
import { connectWire, newMemory, type Tap, type Wire } from './office-wire.ts'
import { buildWorld } from './office-world.ts'
import { zeekFooter, zeekHeader, zeekJson, zeekTsv, type ZeekLog, type ZeekRecord } from './zeek-log.ts'

export interface OfficeOptions {
  readonly seed: number
  readonly days: number
  /** People at desks, 60 to 120. */
  readonly clients?: number
  /** Zeek's logs as JSON lines instead of tab-separated. */
  readonly json?: boolean
}

/** A log of the office: one of Zeek's, or `proxy` (Squid, native) or `queries` (BIND). */
export type OfficeLog = ZeekLog | 'proxy' | 'queries'

const officeLogs: readonly OfficeLog[] = ['conn', 'dns', 'http', 'ssl', 'proxy', 'queries']

/** Where each log is, below a folder: views of the same days that are hunted in one by one. */
export const officeFile = (folder: string, log: OfficeLog, name: string = log): string => {
  const view = log === 'proxy' || log === 'queries' ? log : 'zeek'
  return path.join(folder, view, `${name}.log`)
}

interface Written {
  readonly timeMs: number
  readonly text: string
}

/** Lines of each log, to be put in the order of their time. */
const newTap = (
  json: boolean,
): { readonly tap: Tap; readonly take: (log: OfficeLog, untilMs: number) => string } => {
  const waiting = new Map<OfficeLog, Written[]>(officeLogs.map((log) => [log, []]))
  const add = (log: OfficeLog, timeMs: number, text: string): void => {
    waiting.get(log)?.push({ timeMs, text })
  }
  const format = json ? zeekJson : zeekTsv
  return {
    tap: {
      zeek: (log: ZeekLog, timeMs: number, record: ZeekRecord) => add(log, timeMs, format(log, record)),
      line: add,
    },
    take: (log, untilMs) => {
      const lines = waiting.get(log) ?? []
      waiting.set(
        log,
        lines.filter(({ timeMs }) => timeMs >= untilMs),
      )
      // Sorting is stable: equal times keep the order in which they were made.
      const due = lines.filter(({ timeMs }) => timeMs < untilMs).toSorted((a, b) => a.timeMs - b.timeMs)
      return due.map(({ text }) => `${text}\n`).join('')
    },
  }
}

/** What stands before and after the lines of a log. */
const framed = (
  log: OfficeLog,
  json: boolean,
  openedMs: number,
  closedMs: number,
): readonly [string, string] =>
  json || log === 'proxy' || log === 'queries' ? ['', ''] : [zeekHeader(log, openedMs), zeekFooter(closedMs)]

/** Everybody's day; `connect` gives each thing a wire of its own. */
const simulateDay = (
  connect: (kind: number, number: number) => Wire,
  options: OfficeOptions,
  day: number,
): void => {
  serversDay((number) => connect(3, number), wholeDay(day))
  for (const person of officePeople(options.clients)) {
    const shift = shiftOf(options.seed, person, day)
    if (shift !== null) liveDay(connect(4, person.number), person, shift)
  }
  for (const { person, shift } of guestsOf(options.seed, day))
    liveDay(connect(5, person.number), person, shift)
}

/** The logs in chunks, a day at a time, each in the order of time. */
export const officeChunks = (options: OfficeOptions, chunk: (log: OfficeLog, text: string) => void): void => {
  const { seed, days, json = false } = options
  const endMs = officeStartMs + days * dayMs
  const world = buildWorld(seed)
  const { tap, take } = newTap(json)
  for (const log of officeLogs) chunk(log, framed(log, json, officeStartMs, endMs)[0])
  for (let day = 0; day < days; day++) {
    const memory = newMemory()
    simulateDay(
      (kind, number) => connectWire(tap, world, streamOf(seed, kind, number, day), memory),
      options,
      day,
    )
    const untilMs = day === days - 1 ? Number.POSITIVE_INFINITY : officeStartMs + (day + 1) * dayMs
    for (const log of officeLogs) chunk(log, take(log, untilMs))
  }
  for (const log of officeLogs) chunk(log, framed(log, json, officeStartMs, endMs)[1])
}

/** Writes the logs below a folder: `zeek/conn.log` and so on, `proxy/proxy.log`, `queries/queries.log`. */
export const writeOffice = (folder: string, options: OfficeOptions): void => {
  const files = new Map<OfficeLog, number>()
  try {
    for (const log of officeLogs) {
      const file = officeFile(folder, log)
      mkdirSync(path.dirname(file), { recursive: true })
      files.set(log, openSync(file, 'w'))
    }
    officeChunks(options, (log, text) => {
      const target = files.get(log)
      if (target !== undefined && text !== '') appendFileSync(target, text)
    })
  } finally {
    for (const file of files.values()) closeSync(file)
  }
}

/** The lines of an attack in each log that shows it, as a log of its own. */
export const attackTexts = (
  attack: OfficeAttack,
  options: Pick<OfficeOptions, 'seed' | 'json'>,
): ReadonlyMap<OfficeLog, string> => {
  const { seed, json = false } = options
  const { tap, take } = newTap(json)
  attack.act(connectWire(tap, buildWorld(seed), streamOf(seed, 9), newMemory()))
  const texts = officeLogs.map((log) => [log, take(log, Number.POSITIVE_INFINITY)] as const)
  const [opened, closed] = [officeStartMs, officeStartMs]
  return new Map(
    texts
      .filter(([, text]) => text !== '')
      .map(([log, text]) => [log, framed(log, json, opened, closed).join(text)]),
  )
}
