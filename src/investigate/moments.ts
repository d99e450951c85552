/**
 * Times in queries: a date or time stands for as much as it says, so that `2026-01-31` is a whole day.
 *
 * @module
 */

/** ms since 1970, UTC; `toMs` is the first that is no longer in it. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

const isUnit = (text: string | undefined): text is keyof typeof unitMs => text !== undefined && text in unitMs

/** What the engine's times hold. */
const earliestMs = Date.UTC(1900, 0, 1)
const latestMs = Date.UTC(2299, 11, 31)

export const clampMs = (ms: number): number => Math.min(latestMs, Math.max(earliestMs, ms))

const written =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?)?)?)?\s?(Z|[+-]\d\d:?\d\d)?$/i

const zoneMs = (zone: string | undefined): number => {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0
  const [, sign, hours, minutes] = zone.match(/^([+-])(\d\d):?(\d\d)$/) ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

const datePart = (text: string | undefined, otherwise: number): number =>
  text === undefined ? otherwise : Number(text)

const spanOfDate = (text: string): Span | null => {
  const found = written.exec(text.trim())
  if (found === null) return null
  const [, year, month, day, hour, minute, second, fraction, zone] = found
  const ms = Math.trunc(Number(`0.${fraction ?? '0'}`) * 1000 + 1e-6)
  const start = Date.UTC(
    Number(year),
    datePart(month, 1) - 1,
    datePart(day, 1),
    datePart(hour, 0),
    datePart(minute, 0),
    datePart(second, 0),
    ms,
  )
  const date = new Date(start)
  // The 30th of February is none.
  if (
    date.getUTCMonth() !== datePart(month, 1) - 1 ||
    date.getUTCDate() !== datePart(day, 1) ||
    date.getUTCHours() !== datePart(hour, 0) ||
    date.getUTCMinutes() !== datePart(minute, 0)
  )
    return null
  const end =
    month === undefined
      ? Date.UTC(Number(year) + 1, 0)
      : day === undefined
        ? Date.UTC(Number(year), Number(month))
        : start +
          (hour === undefined
            ? unitMs.d
            : minute === undefined
              ? unitMs.h
              : second === undefined
                ? unitMs.m
                : fraction === undefined
                  ? unitMs.s
                  : 1)
  const shift = zoneMs(zone)
  return { fromMs: clampMs(start - shift), toMs: clampMs(end - shift) }
}

/**
 * The time a text stands for: `now`, `now-24h`, `24h` (ago), `2026-01`, `2026-01-31`, `2026-01-31T08:30Z`. Null where it is
 * no time.
 */
export const spanOf = (text: string, nowMs: number): Span | null => {
  const [, amount, unit] = /^(?:now\s*-\s*)?(\d{1,9})\s*([smhdw])$/.exec(text.trim()) ?? []
  if (amount !== undefined && isUnit(unit)) {
    const fromMs = clampMs(nowMs - Number(amount) * unitMs[unit])
    return { fromMs, toMs: fromMs + 1 }
  }
  return text.trim() === 'now' ? { fromMs: nowMs, toMs: nowMs + 1 } : spanOfDate(text)
}
