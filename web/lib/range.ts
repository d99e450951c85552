/**
 * Time ranges as addresses hold them: `24h` back from now, or a start and an end.
 *
 * @module
 */
import { type Zone, formatSpan } from './time.ts'

export interface Range {
  /** A length before now (`24h`) or a time, ISO 8601. */
  readonly from: string
  /** A time; absent: now. */
  readonly to?: string
}

/** No beginning: everything there is. */
export const allTime = 'all'

export const presets: readonly { readonly from: string; readonly label: string }[] = [
  { from: '15m', label: 'Last 15 minutes' },
  { from: '1h', label: 'Last hour' },
  { from: '4h', label: 'Last 4 hours' },
  { from: '24h', label: 'Last 24 hours' },
  { from: '3d', label: 'Last 3 days' },
  { from: '7d', label: 'Last 7 days' },
  { from: '30d', label: 'Last 30 days' },
  { from: '90d', label: 'Last 90 days' },
  { from: allTime, label: 'All time' },
]

const lengths: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** In ms since 1970; null where it cannot be read. */
export const momentOf = (text: string, nowMs: number): number | null => {
  if (text === 'now') return nowMs
  const [, amount, unit] = /^(\d+)([smhdw])$/.exec(text) ?? []
  if (amount !== undefined && unit !== undefined) return nowMs - Number(amount) * (lengths[unit] ?? 0)
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}

export const rangeLabel = ({ from, to }: Range, zone: Zone): string => {
  const preset = to === undefined ? presets.find((one) => one.from === from) : undefined
  if (preset !== undefined) return preset.label
  if (/^\d+[smhdw]$/.test(from)) return `Last ${from}`
  return formatSpan(from, to ?? new Date().toISOString(), zone, 'second')
}

/** As saved searches hold it: `24h`, or `start..end`. */
export const rangeText = ({ from, to }: Range): string => (to === undefined ? from : `${from}..${to}`)

export const rangeOf = (text: string): Range => {
  const [from = '24h', to] = text.split('..')
  return to === undefined || to === '' ? { from } : { from, to }
}
