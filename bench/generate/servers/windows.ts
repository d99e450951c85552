/**
 * Windows' security logs of the same office, as NXLog forwards them: people at their machines, files, a terminal
 * server, services, and a domain controller that hands out tickets.
 *
 * @module
 */
import { below, exponential, geometric, logNormal, pick, scramble, type Random } from '../draw.ts'
import {
  atIntervals,
  dayMs,
  hourMs,
  isWeekend,
  officeStartMs,
  onTheClock,
  streamOf,
  wholeDay,
} from '../office-times.ts'
import { newBook, type Book } from '../week/book.ts'
import { special } from '../week/calendar.ts'
import type { WeekOptions } from '../week/options.ts'
import { deskAddress, serverAddress } from '../week/places.ts'
import { staff } from './staff.ts'

interface Desk {
  readonly random: Random
  readonly book: Book<'security'>
}

type Fields = Readonly<Record<string, string | number>>

const write = (
  { book, random }: Desk,
  timeMs: number,
  host: string,
  code: number,
  fields: Fields,
  failed = false,
): void => {
  const shared = {
    EventTime: new Date(timeMs).toISOString().slice(0, 19).replace('T', ' '),
    Hostname: `${host}.office.example.com`,
    EventType: failed ? 'AUDIT_FAILURE' : 'AUDIT_SUCCESS',
    SeverityValue: 2,
    EventID: code,
    SourceName: 'Microsoft-Windows-Security-Auditing',
    RecordNumber: 100_000 + below(random, 9_000_000),
    Channel: 'Security',
  }
  book.add('security', timeMs, JSON.stringify({ ...shared, ...fields }))
}

interface Logon {
  readonly host: string
  readonly user: string
  readonly source: string
  /** 2 at the keyboard, 3 over the network, 5 a service, 7 unlocked, 10 from afar. */
  readonly type: number
}

const logonId = (random: Random): string => `0x${below(random, 0x7fff_ffff).toString(16)}`

const logon = (desk: Desk, timeMs: number, { host, user, source, type }: Logon, stayMs = 0): void => {
  const id = logonId(desk.random)
  const told = {
    TargetUserName: user,
    TargetDomainName: 'EXAMPLE',
    TargetLogonId: id,
    LogonType: String(type),
  }
  write(desk, timeMs, host, 4624, {
    ...told,
    AuthenticationPackageName: type === 3 ? 'Kerberos' : 'Negotiate',
    IpAddress: source,
    IpPort: String(49_152 + below(desk.random, 16_000)),
  })
  if (stayMs > 0) write(desk, timeMs + stayMs, host, 4634, told)
}

const refuse = (desk: Desk, timeMs: number, { host, user, source, type }: Logon, unknown = false): void =>
  write(
    desk,
    timeMs,
    host,
    4625,
    {
      TargetUserName: user,
      TargetDomainName: 'EXAMPLE',
      Status: '0xc000006d',
      SubStatus: unknown ? '0xc0000064' : '0xc000006a',
      LogonType: String(type),
      IpAddress: source,
      IpPort: '0',
    },
    true,
  )

const ticket = (desk: Desk, timeMs: number, user: string, source: string, service: string): void =>
  write(desk, timeMs, 'dc-1', service === 'krbtgt' ? 4768 : 4769, {
    TargetUserName: service === 'krbtgt' ? user : `${user}@EXAMPLE.COM`,
    TargetDomainName: 'EXAMPLE',
    ServiceName: service,
    TicketEncryptionType: '0x12',
    Status: '0x0',
    IpAddress: `::ffff:${source}`,
    IpPort: String(49_152 + below(desk.random, 16_000)),
  })

const shares = ['files-win-1', 'files-win-2', 'print-1', 'mail-win-1', 'erp-1'] as const

/** Unlocked in the morning, after lunch and after each coffee; files, mail, prints in between. */
const personDay = (desk: Desk, user: string, number: number, day: number): void => {
  const { random } = desk
  if (random() < (isWeekend(day) ? 0.97 : 0.1)) return
  const host = `pc${20 + number}`
  const source = deskAddress(number)
  const startMs =
    officeStartMs + day * dayMs + (8.4 + (scramble(number) % 20) / 10 + 0.6 * (random() - 0.5)) * hourMs
  const endMs = startMs + (isWeekend(day) ? 2 : 8.6) * hourMs
  const atKeys = { host, user, source: '127.0.0.1', type: 7 }
  const forgetful = day === special.passwords || day === special.passwords + 1 ? 4 : 1
  let atMs = startMs
  for (let unlocks = 0; atMs < endMs; unlocks++) {
    if (random() < 0.06 * forgetful)
      for (let tries = geometric(random, 1.5), n = 0; n < tries; n++)
        refuse(desk, atMs - 5000 * (tries - n), atKeys)
    logon(desk, atMs, unlocks === 0 ? { ...atKeys, type: 2 } : atKeys)
    if (unlocks === 0) ticket(desk, atMs + 300, user, source, 'krbtgt')
    atMs += exponential(random, 1.4 * hourMs)
  }
  for (let t = startMs + 60_000; t < endMs; t += exponential(random, 0.35 * hourMs)) {
    const server = pick(random, shares)
    if (random() < 0.4) ticket(desk, t - 20, user, source, `${server.toUpperCase()}$`)
    logon(desk, t, { host: server, user, source, type: 3 }, logNormal(random, 400_000, 1))
  }
  // Every fifth works on the terminal server.
  if (number % 5 === 2)
    logon(desk, startMs + exponential(random, hourMs), { host: 'ts-1', user, source, type: 10 }, 5 * hourMs)
}

/** Administrators have an account of their own for that, and use it on whatever machine somebody calls about. */
const supportDay = (desk: Desk, user: string, number: number, day: number, people: number): void => {
  if (isWeekend(day)) return
  const { random } = desk
  const startMs = officeStartMs + day * dayMs + 9 * hourMs
  for (
    let t = startMs + exponential(random, hourMs);
    t < startMs + 8 * hourMs;
    t += exponential(random, 0.9 * hourMs)
  ) {
    const host =
      random() < 0.6 ? `pc${20 + below(random, people)}` : pick(random, ['dc-1', ...shares, 'ts-1'])
    const id = { host, user: `adm-${user}`, source: deskAddress(number), type: random() < 0.5 ? 3 : 10 }
    if (random() < 0.05) refuse(desk, t - 9000, id)
    logon(desk, t, id, logNormal(random, 600_000, 1))
    write(desk, t + 5, host, 4672, {
      SubjectUserName: `adm-${user}`,
      SubjectDomainName: 'EXAMPLE',
      PrivilegeList: 'SeSecurityPrivilege',
    })
  }
}

/** Services log in by the clock; one on a print server has had a wrong password for months. */
const servicesDay = (desk: Desk, day: number): void => {
  const { random } = desk
  for (const [i, user] of ['svc-backup', 'svc-sql', 'svc-scan', 'svc-erp'].entries()) {
    onTheClock(wholeDay(day), [3600, 900, 1800, 600][i] ?? 900, i / 5, (t) =>
      logon(
        desk,
        t,
        { host: shares[i] ?? 'erp-1', user, source: serverAddress(70 + i), type: i === 1 ? 5 : 3 },
        9000,
      ),
    )
  }
  atIntervals(random, wholeDay(day), 1800, 0.05, (t) =>
    refuse(desk, t, { host: 'print-1', user: 'scanner', source: '192.0.2.203', type: 3 }),
  )
  // Inventory of all machines at night.
  for (let n = 0; n < 60; n++)
    logon(
      desk,
      officeStartMs + day * dayMs + 3 * hourMs + n * 11_000,
      { host: `pc${20 + n}`, user: 'svc-inventory', source: serverAddress(80), type: 3 },
      4000,
    )
}

/** The lines, a day at a time, in the order of time. */
export const windowsLines = (
  { seed, days, scale }: WeekOptions,
  sink: (lines: readonly string[]) => void,
): void => {
  const book = newBook<'security'>()
  const known = staff()
  const people = Math.max(20, Math.round(90 * Math.min(1, scale * 2)))
  const nameOf = (n: number): string => known[n]?.name ?? `${known[n % known.length]?.name ?? 'guest'}${n}`
  for (let day = 0; day < days; day++) {
    for (let n = 0; n < people; n++)
      personDay({ random: streamOf(seed, 71, n, day), book }, nameOf(n), n, day)
    for (const { name, number } of known.filter(({ role }) => role === 'administrator').slice(0, 4))
      supportDay({ random: streamOf(seed, 72, number, day), book }, name, number, day, people)
    servicesDay({ random: streamOf(seed, 73, day), book }, day)
    sink(book.take('security', officeStartMs + (day + 1) * dayMs))
  }
}
