/**
 * How the report writes numbers, times and other people's text: the same on every machine, whatever its locale or time zone.
 *
 * @module
 */

import type { Reason } from './report.ts'

const unknown = '–'

/** Whole numbers grouped by commas, others with three significant digits. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return unknown
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  const sign = value < 0 ? '−' : ''
  if (size >= 1e15) return sign + size.toExponential(2)
  if (Number.isInteger(value) || size >= 100) return sign + group(Math.round(size).toFixed(0))
  if (size < 0.001) return sign + size.toExponential(1)
  return sign + trimZeros(size.toPrecision(3))
}

/** One decimal place always, so that a column of them lines up. */
export function formatSurprise(value: number): string {
  return Number.isFinite(value) ? value.toFixed(1) : formatNumber(value)
}

/** `bytes` in decimal units: `1.5 MB` is 1,500,000 bytes. */
export function formatBytes(bytes: number): string {
  return scaled(bytes, ['B', 'kB', 'MB', 'GB', 'TB', 'PB'])
}

/** `share` of 1 as a percentage; what is neither none nor all never rounds to 0% or 100%. */
export function formatShare(share: number): string {
  if (!Number.isFinite(share)) return unknown
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '<0.1%'
  if (percent < 100 && percent > 99.9) return '>99.9%'
  const digits = Math.abs(percent) >= 10 && percent <= 99 ? 0 : 1
  return `${trimZeros(percent.toFixed(digits))}%`
}

/** The two largest units that matter: `340 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`, `6 d 23 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return unknown
  if (seconds === 0) return '0 s'
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`
  if (seconds < 9.95) return `${trimZeros(seconds.toFixed(1))} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return twoUnits(whole, 60, 'min', 's')
  const minutes = Math.round(whole / 60)
  if (minutes < 24 * 60) return twoUnits(minutes, 60, 'h', 'min')
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h')
}

/** An ISO 8601 time as `YYYY-MM-DD HH:MM:SS` in UTC; a text that is no time comes back inert. */
export function formatTime(iso: string): string {
  const time = Date.parse(iso)
  return Number.isNaN(time) ? inert(iso) : new Date(time).toISOString().slice(0, -5).replace('T', ' ')
}

/** From first to last, in UTC; the day is written once where both share it. `precise` adds the seconds. */
export function formatTimeRange(first: string, last: string, precise = true): string {
  const short = (iso: string): string => {
    const text = formatTime(iso)
    return precise || Number.isNaN(Date.parse(iso)) ? text : text.slice(0, -3)
  }
  const [from, to] = [short(first), short(last)]
  if (from === to) return from
  const sameDay = from.slice(0, 11) === to.slice(0, 11) && !Number.isNaN(Date.parse(last))
  return `${from} – ${sameDay ? to.slice(11) : to}`
}

/** A reason's number, written by its unit. */
export function formatValue(value: number, unit: Reason['unit']): string {
  switch (unit) {
    case 'share':
      return formatShare(value)
    case 'bytes':
      return formatBytes(value)
    case 'seconds':
      return formatDuration(value)
    case 'bits':
      return `${formatNumber(value)} ${value === 1 ? 'bit' : 'bits'}`
    default:
      return formatNumber(value)
  }
}

/** `1 line`, `2,000 lines`, `2 addresses`. */
export function countOf(count: number, noun: string, nouns = `${noun}s`): string {
  return `${formatNumber(count)} ${count === 1 ? noun : nouns}`
}

const shortEscapes: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

/**
 * Text that can be shown anywhere without acting: controls (escape sequences start with one), format characters
 * (bidirectional overrides among them), line and paragraph separators and halves of surrogate pairs are written as
 * `\x1b` or `\u{202e}`. A backslash stays as it is: this is for reading, not for reading back.
 */
export function inert(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    const hex = code.toString(16)
    return shortEscapes[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`)
  })
}

function group(digits: string): string {
  return digits.replace(/\B(?=(?:\d{3})+$)/g, ',')
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function scaled(value: number, units: readonly string[]): string {
  if (!Number.isFinite(value)) return formatNumber(value)
  let size = value
  let step = 0
  // 999.5 would be written as 1,000 of its unit.
  while (Math.abs(size) >= 999.5 && step < units.length - 1) {
    size /= 1000
    step++
  }
  return `${formatNumber(size)} ${units[step] ?? ''}`
}

function twoUnits(value: number, divisor: number, large: string, small: string): string {
  const rest = value % divisor
  const whole = `${group(String(Math.floor(value / divisor)))} ${large}`
  return rest === 0 ? whole : `${whole} ${rest} ${small}`
}
