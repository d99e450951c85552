/**
 * A benign week of a company, below a folder: an office, a shop, an API, servers, and what other tools say of them. Nobody
 * in it is hostile. The same seed gives the same bytes.
 *
 * @module
 */
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import path from 'node:path'
import { alertLines } from '../alerts/alerts.ts'
import { apiLines } from '../api/api.ts'
import { ownNetworks as officeNetworks } from '../office-wire.ts'
import { writeOffice } from '../office.ts'
import { serverLines } from '../servers/servers.ts'
import { windowsLines } from '../servers/windows.ts'
import { shopLines } from '../shop/shop.ts'
import type { WeekOptions } from './options.ts'

export const weekParts = ['office', 'shop', 'api', 'servers', 'alerts'] as const

export type WeekPart = (typeof weekParts)[number]

/** What a hunt in it should be told. The server room's addresses are private anyhow. */
export const ownNetworks: readonly string[] = officeNetworks

const bufferLines = 4096

/** Writes files below a folder, many lines at a time; they are closed when `work` is over. */
const withFiles = (
  folder: string,
  work: (write: (name: string, lines: readonly string[]) => void) => void,
): void => {
  mkdirSync(folder, { recursive: true })
  const files = new Map<string, number>()
  try {
    work((name, lines) => {
      const file = files.get(name) ?? openSync(path.join(folder, name), 'w')
      files.set(name, file)
      for (let from = 0; from < lines.length; from += bufferLines)
        writeSync(file, `${lines.slice(from, from + bufferLines).join('\n')}\n`)
    })
  } finally {
    for (const file of files.values()) closeSync(file)
  }
}

/** Gathers single lines. */
const gathered = (
  make: (options: WeekOptions, sink: (line: string) => void) => void,
  options: WeekOptions,
  write: (lines: readonly string[]) => void,
): void => {
  let lines: string[] = []
  make(options, (line) => {
    if (lines.push(line) < bufferLines) return
    write(lines)
    lines = []
  })
  write(lines)
}

/** A week this small is for tests: of the office it has what the sensor saw, and not the same once more. */
const smallScale = 0.2

const writers: Readonly<Record<WeekPart, (folder: string, options: WeekOptions) => void>> = {
  // A smaller company has fewer people, not people who do less.
  office: (folder, { seed, days, scale }) => {
    writeOffice(folder, { seed, days, clients: Math.max(16, Math.round(32 * Math.min(3, scale))) })
    if (scale >= smallScale) return
    for (const view of ['proxy', 'queries']) rmSync(path.join(folder, view), { recursive: true })
  },
  shop: (folder, options) =>
    withFiles(folder, (write) => gathered(shopLines, options, (lines) => write('access.log', lines))),
  api: (folder, options) =>
    withFiles(folder, (write) => gathered(apiLines, options, (lines) => write('api.json', lines))),
  servers: (folder, options) =>
    withFiles(folder, (write) => {
      serverLines(options, (log, lines) => write(`${log}.log`, lines))
      windowsLines(options, (lines) => write('windows.json', lines))
    }),
  alerts: (folder, options) =>
    withFiles(folder, (write) => alertLines(options, (log, lines) => write(`${log}.json`, lines))),
}

export const weekFolder = (folder: string, part: WeekPart): string => path.join(folder, part)

/** Writes one part below the folder. */
export const writePart = (folder: string, part: WeekPart, options: WeekOptions): void =>
  writers[part](weekFolder(folder, part), options)
