/**
 * The logs of an invented company's servers, as one machine collects them: a benign week.
 *
 * @module
 */
import { dayMs, officeStartMs, streamOf } from '../office-times.ts'
import type { WeekOptions } from '../week/options.ts'
import { newBook } from '../week/book.ts'
import { deskAddress } from '../week/places.ts'
import { machineDay } from './automation.ts'
import { onCall, workDay } from './days.ts'
import { logIn, type ServerLog } from './lines.ts'
import { hostAt, numbersOf, staff } from './staff.ts'

const logs: readonly ServerLog[] = ['auth', 'syslog']

/** The lines of both logs, a day at a time, each in the order of time. */
export const serverLines = (
  { seed, days, scale }: WeekOptions,
  sink: (log: ServerLog, lines: readonly string[]) => void,
): void => {
  const book = newBook<ServerLog>()
  const people = staff(Math.max(16, Math.round(47 * Math.min(1, scale * 2))))
  for (let day = 0; day < days; day++) {
    machineDay({ random: streamOf(seed, 51, day), book }, day)
    onCall({ random: streamOf(seed, 52, day), book }, people, seed, day)
    for (const person of people)
      workDay({ random: streamOf(seed, 53, person.number, day), book }, person, day)
    // The newcomer begins to look around.
    const random = streamOf(seed, 54, day)
    const visits = day >= 1 && day % 7 < 5 ? 4 : 0
    for (let i = 0; i < visits; i++) {
      const host = hostAt(numbersOf('dev')[Math.floor(random() * 3)] ?? 1)
      const atMs = officeStartMs + day * dayMs + (9.8 + 6 * random()) * 3_600_000
      logIn(
        { random, book },
        { atMs, host, user: 'zita', source: deskAddress(47), method: 'publickey' },
        1_500_000,
      )
    }
    // Sessions that last longer than the logs do are not over yet.
    const untilMs = officeStartMs + (day + 1) * dayMs
    for (const log of logs) sink(log, book.take(log, untilMs))
  }
}
