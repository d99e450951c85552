/**
 * What an attacker can know of a log: paths that exist, machines, people with habits. Read by expressions of our own.
 *
 * @module
 */
import type { KnownUser, Scene } from '../inject/attack-kind.ts'
import { readAccessLine } from './access-log.ts'
import { syslogStamp, timeOfLine } from './auth-log.ts'
import type { TimedLine } from './log-files.ts'

export const emptyScene: Scene = {
  paths: [],
  hosts: [],
  hostAddresses: new Map(),
  users: [],
  machines: [],
  stamp: (timeMs) => new Date(timeMs).toISOString(),
}

/** The most frequent first. */
const byCount = (values: readonly string[]): string[] => {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value)
}

export const accessScene = (lines: readonly TimedLine[]): Scene => {
  const paths = lines.flatMap(({ text }) => {
    const line = readAccessLine(text)
    return line !== null && line.status === 200 && line.method === 'GET'
      ? [line.target.split('?')[0] ?? '/']
      : []
  })
  return { ...emptyScene, paths: byCount(paths) }
}

/** RFC 3164 has no year: any will do, as long as it is the same everywhere. */
const assumedYear = 2026

export const timeOfAuthLine = (text: string): number | null => {
  const iso = /^\d{4}-\d\d-\d\dT\S+/.exec(text)?.[0]
  return iso === undefined ? timeOfLine(text, assumedYear) : Date.parse(iso)
}

const accepted = /^(?:\w{3} +\d+ [\d:]{8}|\S+) (\S+) \S*sshd\S*: Accepted \S+ for (\S+) from (\S+) port/
const connection = /^\S+ (\S+) \S*sshd\S*: Connection from \S+ port \d+ on (\S+) port/
const host = /^(?:\w{3} +\d+ [\d:]{8}|\S+) (\S+) /

/** People, not programs: some days' logins, on a few machines. */
const isPerson = ({ logins, hosts }: { logins: number; hosts: number }): boolean =>
  logins >= 12 && logins <= 400 && hosts <= 8

export const authScene = (lines: readonly TimedLine[]): Scene => {
  const logins = new Map<string, { hosts: string[]; sources: string[] }>()
  const hosts: string[] = []
  const hostAddresses = new Map<string, string>()
  for (const { text } of lines) {
    const [, on] = host.exec(text) ?? []
    if (on !== undefined) hosts.push(on)
    const [, where, address] = connection.exec(text) ?? []
    if (where !== undefined && address !== undefined) hostAddresses.set(where, address)
    const [, at, user, source] = accepted.exec(text) ?? []
    if (at === undefined || user === undefined || source === undefined) continue
    const known = logins.get(user) ?? { hosts: [], sources: [] }
    known.hosts.push(at)
    known.sources.push(source)
    logins.set(user, known)
  }
  const users: KnownUser[] = [...logins]
    .map(([name, own]) => ({
      name,
      count: own.hosts.length,
      hosts: byCount(own.hosts),
      sources: byCount(own.sources),
    }))
    .filter((user) => isPerson({ logins: user.count, hosts: user.hosts.length }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const isIso = /^\d{4}-/.test(lines[0]?.text ?? '')
  return {
    ...emptyScene,
    hosts: byCount(hosts),
    hostAddresses,
    users,
    stamp: isIso ? (timeMs) => `${new Date(timeMs).toISOString().slice(0, 23)}000+00:00` : syslogStamp,
  }
}

/** Machines that set off a few alerts now and then. */
export const alertScene = (lines: readonly TimedLine[]): Scene => {
  const sources = lines.flatMap(({ text }) => /"src_ip":"(192\.0\.2\.\d+)"/.exec(text)?.[1] ?? [])
  return { ...emptyScene, machines: byCount(sources).toReversed() }
}
