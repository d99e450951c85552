/**
 * The benign week's calendar: when people are awake, at work, away, and what was announced for which day.
 *
 * @module
 */
import { dayMs, isWeekend, officeStartMs } from '../office-times.ts'

/** Monday, 2 March 2026, 00:00 UTC: all parts of the week begin with the office. */
export const weekStartS = officeStartMs / 1000
export const dayS = dayMs / 1000
export const hourS = 3600

export const dayAt = (nowS: number): number => Math.floor((nowS - weekStartS) / dayS)
/** 0 to 24. */
export const hourAt = (nowS: number): number => ((nowS - weekStartS) % dayS) / hourS

/** The moment of an hour of a day, counted from 0; in seconds since 1970. */
export const momentS = (day: number, hour: number): number => weekStartS + day * dayS + hour * hourS

/** Days on which something was announced. Weeks after the first are ordinary. */
export const special = {
  /** The shop and the API bring out new versions in the afternoon. */
  deploy: 1,
  /** A newsletter goes out in the morning, with a link that is wrong until noon. */
  newsletter: 2,
  /** Everybody has to choose a new password. */
  passwords: 2,
  /** The shop's sale. */
  sale: 3,
  /** A public holiday where some customers are. */
  holiday: 4,
} as const

/** How busy a moment is, compared with others; about 1 at the busiest. */
export type Curve = (nowS: number) => number

/** People in their free time: mornings, lunch, most of all the evening; more at weekends. */
export const leisure: Curve = (nowS) => {
  const hour = hourAt(nowS)
  const day =
    0.12 +
    0.45 * Math.exp(-((hour - 12.5) ** 2) / 10) +
    0.88 * Math.exp(-((hour - 20.2) ** 2) / 7) +
    0.2 * Math.exp(-((hour - 8) ** 2) / 4)
  const asleep = hour < 6 ? 0.3 : 1
  return asleep * day * (isWeekend(dayAt(nowS)) ? 1.15 : 0.9)
}

/** People at work, with a lunch; some work late, a few at weekends. */
export const working: Curve = (nowS) => {
  const hour = hourAt(nowS)
  const day = isWeekend(dayAt(nowS)) ? 0.06 : 1
  if (hour < 6.5 || hour > 21) return 0.02 * day
  if (hour < 8.5) return ((hour - 6.5) / 2) * day
  if (hour > 12 && hour < 13) return 0.6 * day
  return hour < 17 ? day : Math.max(0.05, 1 - (hour - 17) / 3) * day
}

/** The same where the holiday is kept. */
export const workingWithHoliday: Curve = (nowS) =>
  dayAt(nowS) === special.holiday ? 0.04 * working(nowS) : working(nowS)

/** Crowds that come for the sale: from its opening at ten, and again in the evening. */
export const saleFactor = (nowS: number): number => {
  if (dayAt(nowS) !== special.sale) return 1
  const hour = hourAt(nowS)
  if (hour < 10) return 1.1
  return 2.2 + 5 * Math.exp(-(hour - 10) * 4)
}
