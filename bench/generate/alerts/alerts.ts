/**
 * Other tools' alerts in a week in which nothing happens: they never stop.
 *
 * @module
 */
import { dayMs, officeStartMs, streamOf } from '../office-times.ts'
import { newBook } from '../week/book.ts'
import type { WeekOptions } from '../week/options.ts'
import { suricataDay } from './suricata.ts'
import { wazuhDay } from './wazuh.ts'

export type AlertLog = 'eve' | 'wazuh'

/** The lines of both tools, a day at a time, each in the order of time. */
export const alertLines = (
  { seed, days, scale }: WeekOptions,
  sink: (log: AlertLog, lines: readonly string[]) => void,
): void => {
  const book = newBook<AlertLog>()
  const machines = Math.max(20, Math.round(90 * Math.min(1, scale * 2)))
  for (let day = 0; day < days; day++) {
    suricataDay(streamOf(seed, 81, day), day, machines, (atMs, line) => book.add('eve', atMs, line))
    wazuhDay(streamOf(seed, 82, day), day, (atMs, line) => book.add('wazuh', atMs, line))
    for (const log of ['eve', 'wazuh'] as const) sink(log, book.take(log, officeStartMs + (day + 1) * dayMs))
  }
}
