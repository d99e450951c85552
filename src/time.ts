import { AppError } from './errors.ts'

const durationPattern = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w)$/
const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

const isUnit = (text: string | undefined): text is keyof typeof unitMs => text !== undefined && text in unitMs

/**
 * A moment as people give it: a date or time (UTC unless it names a zone), or how long before `lastMs`: `24h`, `7d`.
 *
 * @param option the option it was given to, for the error
 * @param lastMs ms since 1970: what "before" counts from
 * @throws AppError `invalid-time`
 */
export const parseMoment = (text: string, option: string, lastMs: number): number => {
  const [, amount, unit] = text.trim().match(durationPattern) ?? []
  if (amount !== undefined && isUnit(unit)) return lastMs - Number(amount) * unitMs[unit]
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text) || /^\d{4}(?:-\d\d){0,2}$/.test(text)
  const ms = Date.parse(hasZone ? text : `${text.replace(' ', 'T')}Z`)
  if (!/^\d{4}-?/.test(text) || Number.isNaN(ms)) throw new AppError('invalid-time', { option, value: text })
  return ms
}
