/**
 * Quiet logs that attacks are put into, by the kind of log: the user's own, else real ones that are at hand, else
 * generated ones.
 *
 * @module
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { officePeople } from '../generate/office-people.ts'
import { officeStartMs } from '../generate/office-times.ts'
import { ownNetworks } from '../generate/office-wire.ts'
import { attackTexts, officeFile, writeOffice, type OfficeLog } from '../generate/office.ts'
import { writePlaces } from '../generate/week/geoip.ts'
import { weekFolder, writePart, type WeekPart } from '../generate/week/week.ts'
import type { Injected, Medium, Scene } from '../inject/attack-kind.ts'
import { sharedData } from '../place.ts'
import type { HuntRequest } from '../../src/hunt.ts'
import { readAccessLine } from './access-log.ts'
import { accessScene, alertScene, authScene, emptyScene, timeOfAuthLine } from './dose-scenes.ts'
import { logFiles, mergeByTime, readLines, shownPath, type TimedLine } from './log-files.ts'

export interface DoseHaystack {
  readonly name: string
  readonly scene: Scene
  /** The time of its first line; times are told as the injection reads them. */
  readonly firstMs: number
  /** Moments at which something happens anyhow, in order. */
  readonly moments: readonly number[]
  readonly request: Omit<HuntRequest, 'paths'>
  /** Puts attacks into the log. @returns what to hunt in */
  readonly splice: (injected: readonly Injected[]) => string
}

const splitTimes = (lines: readonly string[], timeOf: (text: string) => number | null): TimedLine[] => {
  let last: number | null = null
  return lines.flatMap((text) => {
    last = timeOf(text) ?? last
    return last === null || Number.isNaN(last) ? [] : [{ text, timeMs: last }]
  })
}

const timesOf: Readonly<Record<Exclude<Medium, 'wire' | 'names'>, (text: string) => number | null>> = {
  access: (text) => readAccessLine(text)?.timeMs ?? null,
  auth: timeOfAuthLine,
  staff: timeOfAuthLine,
  alerts: (text) => {
    const stamp = /"timestamp":"([^"]+)"/.exec(text)?.[1]
    return stamp === undefined ? null : Date.parse(stamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  },
}

const scenes: Readonly<Record<Exclude<Medium, 'wire' | 'names'>, (lines: readonly TimedLine[]) => Scene>> = {
  access: accessScene,
  auth: authScene,
  staff: authScene,
  alerts: alertScene,
}

/** A log of lines in memory, written anew for each hunt. */
const textHaystack = (
  medium: Exclude<Medium, 'wire' | 'names'>,
  name: string,
  texts: readonly string[],
  folder: string,
): DoseHaystack => {
  const lines = splitTimes(texts, timesOf[medium])
  const file = path.join(folder, medium === 'alerts' ? 'eve.json' : `${medium}.log`)
  const places = path.join(folder, '..', `${path.basename(folder)}.mmdb`)
  writePlaces(places)
  return {
    name,
    scene: scenes[medium](lines),
    firstMs: Math.min(...lines.slice(0, 1).map(({ timeMs }) => timeMs)),
    moments: lines.map(({ timeMs }) => timeMs),
    request: { ownNetworks, ...(medium === 'access' ? {} : { geoip: [places] }) },
    splice: (injected) => {
      const cut = lines.filter(
        ({ timeMs, text }) => !injected.some(({ cuts }) => cuts?.(timeMs, text) === true),
      )
      const more = injected.flatMap((one) => one.lines ?? [])
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, `${mergeByTime(cut, more).join('\n')}\n`, 'latin1')
      return folder
    },
  }
}

const office = { seed: 5, days: 2, clients: 24 } as const

/** What a sensor, or a name server, writes in an office; attacks stand in files of their own beside it. */
const officeHaystack = (medium: 'wire' | 'names', folder: string): DoseHaystack => {
  writeOffice(folder, office)
  // What a name server tells has a log of its own.
  if (medium === 'wire') rmSync(officeFile(folder, 'dns'))
  const logs: readonly OfficeLog[] = medium === 'wire' ? ['conn', 'http', 'ssl'] : ['queries']
  const place = path.dirname(officeFile(folder, logs[0] ?? 'conn'))
  const hours = Array.from({ length: office.days * 24 }, (_, hour) => hour).filter(
    (hour) => hour % 24 > 8 && hour % 24 < 17,
  )
  return {
    name: `generated office, ${office.clients} people, ${office.days} days`,
    scene: {
      ...emptyScene,
      machines: officePeople(office.clients)
        .filter(({ kind }) => kind === 'worker')
        .map(({ address }) => address),
    },
    firstMs: officeStartMs,
    moments: hours.map((hour) => officeStartMs + hour * 3_600_000),
    request: { ownNetworks },
    splice: (injected) => {
      const act = (wire: Parameters<NonNullable<Injected['act']>>[0]): void => {
        for (const one of injected) one.act?.(wire)
      }
      const texts = attackTexts({ what: '', attacker: '', target: '', views: [], act }, office)
      for (const log of logs) {
        const more = officeFile(folder, log, `${log}-more`)
        const text = injected.length === 0 ? undefined : texts.get(log)
        if (text === undefined) rmSync(more, { force: true })
        else writeFileSync(more, text)
      }
      return place
    },
  }
}

const parts: Readonly<
  Record<
    Exclude<Medium, 'wire' | 'names'>,
    readonly [part: WeekPart, file: string, scale: number, days: number]
  >
> = {
  access: ['shop', 'access.log', 0.06, 3],
  auth: ['servers', 'auth.log', 0.4, 7],
  staff: ['servers', 'auth.log', 0.4, 7],
  alerts: ['alerts', 'eve.json', 0.5, 5],
}

/** Real logs beside the project: what a site and a machine of somebody's really saw. */
const realLogs: Readonly<Partial<Record<Medium, string>>> = { access: 'web', auth: 'auth' }

/**
 * @param own the user's own logs of that kind
 * @param folder where what is hunted in is written
 */
export const doseHaystack = (medium: Medium, folder: string, own: string | undefined): DoseHaystack => {
  if (medium === 'wire' || medium === 'names') return officeHaystack(medium, folder)
  const real = realLogs[medium]
  const [file] = logFiles(own ?? (real === undefined ? '' : sharedData(real)))
  if (file !== undefined) return textHaystack(medium, shownPath(file), readLines(file), folder)
  const [part, name, scale, days] = parts[medium]
  const written = `${folder}-written`
  writePart(written, part, { seed: 5, days, scale })
  const texts = readFileSync(path.join(weekFolder(written, part), name), 'latin1')
    .split('\n')
    .slice(0, -1)
  rmSync(written, { recursive: true })
  return textHaystack(medium, `generated ${part}, ${days} days`, texts, folder)
}
