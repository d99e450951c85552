/** Stories of people who log in: a small organisation, quiet for some days, and what disturbs it. */
import {
  organisation,
  organisationStartMs,
  type Organisation,
} from '../../bench/quality/users-organisation.ts'
import { logon, type UserEvent } from '../../bench/quality/users-wire.ts'
import type { HuntRequest } from '../../src/hunt.ts'
import { huntLines } from './story.ts'

const dayMs = 86_400_000

export const userDetectors = [
  'user-new-host',
  'lateral-movement',
  'account-new',
  'account-revived',
  'user-daily-activity',
  'host-daily-activity',
] as const

/** Sixty people over so many days. */
export const quietOrganisation = (days: number): Organisation => organisation({ people: 60, days, seed: 3 })

/** A moment: a day from 0, and hours of it. */
export const at = (day: number, hour: number): number => organisationStartMs + day * dayMs + hour * 3_600_000

/** Somebody who goes from one machine to one after the other, `minutes` apart. */
export const visits = (
  startMs: number,
  user: string,
  from: string,
  hosts: readonly string[],
  minutes = 7,
): UserEvent[] => hosts.map((host, n) => logon(startMs + n * minutes * 60_000, { user, host, from }))

export const huntEvents = (events: readonly UserEvent[], request: Omit<HuntRequest, 'paths'> = {}) =>
  huntLines(
    events.map(({ timeMs, text }) => ({ at: timeMs, text })),
    request,
  )
