/**
 * Times as the viewer reads them: in their own zone, or in UTC if they prefer it. The choice is kept in the browser.
 *
 * @module
 */
import { useSyncExternalStore } from 'react'

export type Zone = 'local' | 'utc'

/** The browser's, said here as well: tests without a browser's types read this file too. */
declare const localStorage: {
  readonly getItem: (key: string) => string | null
  readonly setItem: (key: string, value: string) => void
}

const storageKey = 'winnow-zone'
const listeners = new Set<() => void>()
let zone: Zone = readZone()

function readZone(): Zone {
  try {
    return localStorage.getItem(storageKey) === 'utc' ? 'utc' : 'local'
  } catch {
    return 'local' // storage may be forbidden; the choice then lasts as long as the page
  }
}

export const setZone = (next: Zone): void => {
  zone = next
  try {
    localStorage.setItem(storageKey, next)
  } catch {
    // as above
  }
  for (const listener of listeners) listener()
}

export const useZone = (): Zone =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => zone,
  )

/** What the zone in use is called: `UTC`, `Europe/Berlin`. */
export const zoneName = (of: Zone): string =>
  of === 'utc' ? 'UTC' : new Intl.DateTimeFormat('en-GB').resolvedOptions().timeZone

/**
 * The moment that a field for dates and times (`datetime-local`) holds, which says nothing of a zone; null where it holds
 * none yet. An hour that the clocks skip is read as the one after it, of an hour that comes twice the first is meant.
 */
export const isoOf = (text: string, of: Zone): string | null => {
  const ms = Date.parse(of === 'utc' ? `${text}Z` : text)
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

const formats = new Map<string, Intl.DateTimeFormat>()

const parts = (ms: number, of: Zone): Readonly<Record<string, string>> => {
  const made =
    formats.get(of) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zoneName(of),
      hourCycle: 'h23',
      year: 'numeric',
      month: 'short',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  formats.set(of, made)
  return Object.fromEntries(made.formatToParts(ms).map(({ type, value }) => [type, value]))
}

export type Precision = 'day' | 'minute' | 'second' | 'millisecond'

/** `22 Nov 06:28`, with the year where it is not this one. A text that is no time comes back as it is. */
export const formatTime = (iso: string, of: Zone, precision: Precision = 'minute'): string => {
  const ms = Date.parse(iso)
  if (Number.isNaN(ms)) return iso
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts(ms, of)
  const date = `${day} ${month.slice(0, 3)}${year === String(new Date().getFullYear()) ? '' : ` ${year}`}`
  if (precision === 'day') return date
  if (precision === 'minute') return `${date} ${hour}:${minute}`
  const seconds = `${date} ${hour}:${minute}:${second}`
  return precision === 'second' ? seconds : `${seconds}.${String(ms % 1000).padStart(3, '0')}`
}

/** `06:28`. */
export const formatClock = (iso: string, of: Zone): string => {
  const { hour = '', minute = '' } = parts(Date.parse(iso), of)
  return `${hour}:${minute}`
}

/** From first to last; the day is written once where both share it. */
export const formatSpan = (
  first: string,
  last: string,
  of: Zone,
  precision: Precision = 'minute',
): string => {
  const [from, to] = [formatTime(first, of, precision), formatTime(last, of, precision)]
  if (from === to) return from
  const day = formatTime(first, of, 'day')
  return day === formatTime(last, of, 'day') ? `${from} – ${to.slice(day.length + 1)}` : `${from} – ${to}`
}

/** `2026-11-22 06:28:12 UTC`. */
export const formatUtc = (iso: string): string => {
  const ms = Date.parse(iso)
  return Number.isNaN(ms) ? iso : `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `3 min ago`, `in 2 d`. */
export const formatAgo = (iso: string, nowMs: number): string => {
  const seconds = (nowMs - Date.parse(iso)) / 1000
  if (Number.isNaN(seconds)) return iso
  const size = Math.abs(seconds)
  if (size < 5) return 'just now'
  const [unit, by] =
    size < 60 ? ['s', 1] : size < 3600 ? ['min', 60] : size < 86_400 ? ['h', 3600] : (['d', 86_400] as const)
  const text = `${Math.floor(size / by)} ${unit}`
  return seconds < 0 ? `in ${text}` : `${text} ago`
}
