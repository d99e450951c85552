/**
 * How the console writes numbers, sizes, durations and other people's text.
 *
 * @module
 */
import type { Reason } from '../../src/api/api.ts'

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 })
const threeDigits = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 3 })
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** `12,345`, `0.25`. */
export const formatNumber = (value: number): string => {
  if (!Number.isFinite(value)) return '–'
  return Number.isInteger(value) || Math.abs(value) >= 100 ? whole.format(value) : threeDigits.format(value)
}

/** `12.3k`: for places without room. */
export const formatShort = (value: number): string =>
  Math.abs(value) < 10_000 ? formatNumber(value) : short.format(value).replace('K', 'k').replace('B', 'G')

export const countOf = (count: number, noun: string, nouns = `${noun}s`): string =>
  `${formatNumber(count)} ${count === 1 ? noun : nouns}`

/** Decimal units: 1 kB is 1,000 bytes. */
export const formatBytes = (bytes: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
  let size = bytes
  let step = 0
  while (Math.abs(size) >= 999.5 && step < units.length - 1) {
    size /= 1000
    step += 1
  }
  return `${formatNumber(step === 0 ? size : Number(size.toPrecision(3)))} ${units[step] ?? ''}`
}

/** What is neither none nor all is never written as 0% or 100%. */
export const formatShare = (share: number): string => {
  if (!Number.isFinite(share)) return '–'
  if (share > 0 && share < 0.001) return '<0.1%'
  if (share < 1 && share > 0.999) return '>99.9%'
  const percent = share * 100
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toFixed(1))}%`
}

/** The two largest units that matter: `340 ms`, `3 min 20 s`, `6 d 23 h`. */
export const formatDuration = (seconds: number): string => {
  if (!Number.isFinite(seconds) || seconds < 0) return '–'
  if (seconds === 0) return '0 s'
  if (seconds < 0.9995) return `${Math.max(1, Math.round(seconds * 1000))} ms`
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`
  const two = (value: number, by: number, large: string, small: string): string => {
    const rest = value % by
    return `${whole.format(Math.floor(value / by))} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
  }
  const rounded = Math.round(seconds)
  if (rounded < 60) return `${rounded} s`
  if (rounded < 3600) return two(rounded, 60, 'min', 's')
  const minutes = Math.round(rounded / 60)
  return minutes < 1440 ? two(minutes, 60, 'h', 'min') : two(Math.round(minutes / 60), 24, 'd', 'h')
}

/** A reason's number, by its unit. */
export const formatValue = (value: number, unit: Reason['unit']): string => {
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

const escapes: Readonly<Record<string, string>> = {
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
  '\t': String.raw`\t`,
}

/**
 * Other people's text, made harmless to the eye: control and format characters (bidirectional overrides among them) are
 * spelled out. React takes care of markup; this takes care of what text can do without any.
 */
export const inert = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    const hex = code.toString(16)
    return escapes[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`)
  })

/** `source_ip` is `source ip`. */
export const inWords = (name: string): string => name.replaceAll(/[_-]/g, ' ')

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
