/** Stories for detectors: quiet days, seeded, as the lines a real log would have. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { hunt, type HuntRequest } from '../../src/hunt.ts'
import { randomStream } from '../../src/models/random.ts'
import type { Finding, Report } from '../../src/report/report.ts'

export interface Line {
  /** Seconds after 2026-03-02T00:00:00Z. */
  readonly at: number
  readonly text: string
}

const startMs = Date.UTC(2026, 2, 2)
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

const two = (value: number): string => String(value).padStart(2, '0')

const clock = (at: Date): string =>
  `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`

interface Request {
  readonly client: string
  readonly target: string
  readonly method?: string
  readonly status?: number
  readonly bytes?: number
  readonly referrer?: string
  readonly agent?: string
}

const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'

/** A line of a combined access log. */
export const requestLine = (at: number, request: Request): Line => {
  const time = new Date(startMs + at * 1000)
  const stamp = `${two(time.getUTCDate())}/${months[time.getUTCMonth()] ?? ''}/${time.getUTCFullYear()}:${clock(time)} +0000`
  const {
    client,
    target,
    method = 'GET',
    status = 200,
    bytes = 5120,
    referrer = '-',
    agent = browser,
  } = request
  return {
    at,
    text: `${client} - - [${stamp}] "${method} ${target} HTTP/1.1" ${status} ${bytes} "${referrer}" "${agent}"`,
  }
}

/** A line of sshd in a syslog file; its times have no year. */
export const sshLine = (at: number, outcome: 'Accepted' | 'Failed', user: string, source: string): Line => {
  const time = new Date(startMs + at * 1000)
  const stamp = `${months[time.getUTCMonth()] ?? ''} ${String(time.getUTCDate()).padStart(2)} ${clock(time)}`
  return {
    at,
    text: `${stamp} gate sshd[${1000 + (Math.floor(at) % 9000)}]: ${outcome} password for ${user} from ${source} port 40022 ssh2`,
  }
}

const pages = Array.from(
  { length: 60 },
  (_, i) => `/articles/${['garden', 'kitchen', 'travel'][i % 3] ?? ''}/${i}`,
)

/** Visitors of a small site over some days: a few pages each with their pictures, now and then a missing one. */
export const quietSite = (days: number, visitorsPerDay: number): Line[] => {
  const random = randomStream(11)
  const lines: Line[] = []
  for (let day = 0; day < days; day++) {
    for (let visitor = 0; visitor < visitorsPerDay; visitor++) {
      const client = `198.51.${100 + Math.floor(random() * 3)}.${1 + Math.floor(random() * 250)}`
      let at = day * 86_400 + random() * 80_000
      let referrer = random() < 0.5 ? 'https://search.example.com/' : '-'
      const views = 1 + Math.floor(random() * random() * 9)
      for (let view = 0; view < views; view++) {
        const target = random() < 0.3 ? '/' : (pages[Math.floor(random() * random() * pages.length)] ?? '/')
        lines.push(requestLine(at, { client, target, referrer, bytes: 2000 + Math.floor(random() * 20_000) }))
        referrer = `https://www.example.com${target}`
        for (let asset = 0; asset < 2; asset++) {
          lines.push(
            requestLine(at + 1, {
              client,
              target: `/static/${asset}.css`,
              referrer,
              status: random() < 0.5 ? 200 : 304,
            }),
          )
        }
        if (random() < 0.02)
          lines.push(
            requestLine(at + 2, { client, target: '/favicon.ico', status: 404, bytes: 196, referrer }),
          )
        at += 5 + random() * 120
      }
    }
  }
  return lines
}

/** Ten people who log in from their own desks for some days, and mistype now and then. */
export const quietLogins = (days: number): Line[] => {
  const random = randomStream(5)
  const lines: Line[] = []
  for (let day = 0; day < days; day++) {
    for (let person = 0; person < 10; person++) {
      for (let login = 0; login < 4; login++) {
        const at = day * 86_400 + 28_800 + random() * 30_000
        const source = `192.0.2.${10 + person}`
        if (random() < 0.06) lines.push(sshLine(at - 8, 'Failed', `user${person}`, source))
        lines.push(sshLine(at, 'Accepted', `user${person}`, source))
      }
    }
  }
  return lines
}

/** Hunts in lines as one file, in time order. */
export const huntLines = async (
  lines: readonly Line[],
  request: Omit<HuntRequest, 'paths'> = {},
): Promise<Report> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-story-'))
  try {
    const file = path.join(folder, 'story.log')
    writeFileSync(
      file,
      `${lines
        .toSorted((a, b) => a.at - b.at)
        .map((line) => line.text)
        .join('\n')}\n`,
    )
    return await hunt({ year: 2026, threads: 2, ...request, paths: [file] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Who was found, best first: detector and entity. */
export const named = (report: Report): string[] =>
  report.findings.map((finding: Finding) => `${finding.detector}: ${finding.entity.value}`)
