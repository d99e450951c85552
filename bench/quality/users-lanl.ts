/**
 * Logins in the form of the LANL data set (Kent 2015): `auth.txt` and, beside it, `redteam.txt` with what is known to be
 * hostile. Nothing of that data set comes with Winnow; whoever has it may run this.
 *
 * @module
 */
import { createReadStream, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { createGunzip, gunzipSync } from 'node:zlib'
import { hunt } from '../../src/hunt.ts'
import type { Finding } from '../../src/report/report.ts'
import { table } from '../table.ts'
import { everything } from './named.ts'
import { userDetectors } from './users.ts'
import { organisationStartMs } from './users-organisation.ts'
import { logon } from './users-wire.ts'

const dayMs = 86_400_000

/** A user and a day on which it is known to be hostile. */
export interface HostileDay {
  readonly user: string
  readonly day: number
}

export interface LanlQuality {
  readonly folder: string
  readonly logins: number
  readonly days: number
  readonly seconds: number
  readonly findings: number
  readonly hostile: readonly (HostileDay & { readonly rank: number | null; readonly detector: string })[]
  /** Of the first findings, as many as there are hostile days, how many are about one. */
  readonly precision: number
}

const nameOf = (account: string): string => account.split('@')[0] ?? ''

/**
 * A line of `auth.txt` (time in seconds, source user, destination user, source computer, destination computer, authentication,
 * logon type, orientation, outcome) as a Windows event; null for what is no login of a person.
 */
export const lanlLogin = (line: string): { readonly day: number; readonly text: string } | null => {
  const [time = '', , account = '', from = '', host = '', , , orientation, outcome] = line.trim().split(',')
  const user = nameOf(account)
  const seconds = Number(time)
  if (orientation !== 'LogOn' || !Number.isFinite(seconds) || user === '' || user.endsWith('$')) return null
  if (user === 'ANONYMOUS LOGON' || from === '?' || host === '?') return null
  const { text } = logon(organisationStartMs + seconds * 1000, {
    user,
    host,
    from,
    failed: outcome === 'Fail',
  })
  return { day: Math.floor(seconds / 86_400), text }
}

const open = (file: string) => {
  const bytes = createReadStream(file)
  return file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes
}

const find = (folder: string, name: string): string | null =>
  [name, `${name}.gz`].map((file) => path.join(folder, file)).find((file) => existsSync(file)) ?? null

/** `redteam.txt`: time, user, source computer, destination computer. */
const hostileDays = (folder: string): HostileDay[] => {
  const file = find(folder, 'redteam.txt')
  if (file === null) return []
  const bytes = readFileSync(file)
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n')
  const days = new Map(
    lines
      .filter((line) => line.includes(','))
      .map((line) => {
        const [time = '', account = ''] = line.split(',')
        const one = { user: nameOf(account), day: Math.floor(Number(time) / 86_400) }
        return [`${one.user} ${one.day}`, one] as const
      }),
  )
  return [...days.values()]
}

const convert = async (from: string, to: string): Promise<{ logins: number; days: number }> => {
  const out = createWriteStream(to)
  let logins = 0
  let last = 0
  for await (const line of createInterface({ input: open(from) })) {
    const login = lanlLogin(line)
    if (login === null) continue
    logins++
    last = Math.max(last, login.day)
    if (!out.write(`${login.text}\n`)) await once(out, 'drain')
  }
  out.end()
  await finished(out)
  return { logins, days: last + 1 }
}

const isAbout = (finding: Finding, { user, day }: HostileDay): boolean => {
  const fromMs = organisationStartMs + day * dayMs
  const own = finding.entity.value === user
  return own && Date.parse(finding.first) < fromMs + dayMs && Date.parse(finding.last) >= fromMs
}

export const lanlQuality = async (folder: string): Promise<LanlQuality> => {
  const auth = find(folder, 'auth.txt')
  if (auth === null) throw new Error(`there is no auth.txt in ${folder}`)
  const hostile = hostileDays(folder)
  const work = mkdtempSync(path.join(os.tmpdir(), 'winnow-lanl-'))
  try {
    const file = path.join(work, 'security.json')
    const { logins, days } = await convert(auth, file)
    const { findings, summary } = await hunt({
      paths: [file],
      detectors: [...userDetectors],
      budget: everything,
    })
    const first = findings.slice(0, Math.max(1, hostile.length))
    const right = first.filter((finding) => hostile.some((one) => isAbout(finding, one)))
    return {
      folder,
      logins,
      days,
      seconds: summary.seconds,
      findings: findings.length,
      hostile: hostile.map((one) => {
        const found = findings.find((finding) => isAbout(finding, one))
        return { ...one, rank: found?.rank ?? null, detector: found?.detector ?? '–' }
      }),
      precision: right.length / first.length,
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

export const lanlText = ({
  folder,
  logins,
  days,
  seconds,
  findings,
  hostile,
  precision,
}: LanlQuality): string => {
  const found = hostile.filter(({ rank }) => rank !== null).length
  return [
    `#### ${path.basename(folder)}: ${logins.toLocaleString('en-US')} logins of people in ${days} days, ${seconds.toFixed(1)} s`,
    `${findings} findings, ${(findings / days).toFixed(1)} a day. Of ${hostile.length} hostile user days ${found} were found; of the first ${Math.max(1, hostile.length)} findings ${(100 * precision).toFixed(0)} % are about one.`,
    table(
      ['user', 'day', 'rank', 'detector'],
      hostile.map(({ user, day, rank, detector }) => [
        user,
        String(day),
        String(rank ?? 'not found'),
        detector,
      ]),
      false,
    ),
  ].join('\n\n')
}
