/**
 * How far a hunt is, on stderr: one line rewritten in place on a terminal, a line now and then elsewhere.
 *
 * @module
 */

import { formatBytes, formatDuration, formatNumber, formatShare, inert } from './format.ts'
import { cut } from './terminal/columns.ts'

export interface ProgressUpdate {
  /** What is being done: `reading`, `detecting`. A new phase starts the clock anew. */
  readonly phase: string
  /** What it is done to: a file, a detector. */
  readonly label: string
  /** How much of the phase is behind, in `unit`. */
  readonly done: number
  /** How much there is in all; absent where that isn't known. */
  readonly total?: number
  readonly unit: 'lines' | 'bytes' | 'detectors'
}

export interface Progress {
  update(progress: ProgressUpdate): void
  /** Ends the talk: wipes the line on a terminal. Later updates start it again. */
  done(): void
}

export interface ProgressStream {
  write(text: string): unknown
  readonly columns?: number | undefined
}

const rewriteMs = 100
const plainMs = 5000
/** Before this much time a rate says more about the clock than about the work. */
const settledMs = 300

/**
 * Writes progress to `stream`: at most ten times a second where `interactive`, else a plain line every five seconds.
 *
 * @param options.now - milliseconds on any steady clock
 */
export function createProgress(
  stream: ProgressStream,
  options: { readonly interactive: boolean; readonly now?: () => number },
): Progress {
  const { interactive, now = () => performance.now() } = options
  let phase: { readonly name: string; readonly startedMs: number; readonly from: number } | undefined
  let writtenMs: number | undefined
  let visible = false

  return {
    update(progress) {
      const timeMs = now()
      if (phase === undefined || phase.name !== progress.phase || progress.done < phase.from) {
        phase = { name: progress.phase, startedMs: timeMs, from: progress.done }
      }
      // Off a terminal the first line also waits: what is done within five seconds needs no talk.
      writtenMs ??= interactive ? timeMs - rewriteMs : timeMs
      if (timeMs - writtenMs < (interactive ? rewriteMs : plainMs)) return
      writtenMs = timeMs
      const text = formatProgress(progress, timeMs - phase.startedMs, {
        from: phase.from,
        ...(interactive ? { width: (stream.columns ?? 80) - 1 } : {}),
      })
      stream.write(interactive ? `\r${text}\x1b[K` : `${text}\n`)
      visible = interactive
    },
    done() {
      if (visible) stream.write('\r\x1b[K')
      visible = false
      phase = undefined
      writtenMs = undefined
    },
  }
}

/**
 * One progress line without its end: `reading access.log: 45%, 1.2 GB of 2.7 GB, 310 MB/s, 5 s left`.
 *
 * @param elapsedMs - since the phase began
 * @param options.from - how much of it was already done then
 * @param options.width - columns at most; unlimited where absent
 */
export function formatProgress(
  progress: ProgressUpdate,
  elapsedMs: number,
  options: { readonly from?: number; readonly width?: number } = {},
): string {
  const { done, total, unit } = progress
  const rate = elapsedMs >= settledMs ? ((done - (options.from ?? 0)) / elapsedMs) * 1000 : 0
  const parts = [
    ...(total !== undefined && total > 0
      ? [formatShare(Math.min(1, Math.floor((done / total) * 100) / 100))]
      : []),
    total === undefined ? amount(done, unit) : `${amount(done, unit, false)} of ${amount(total, unit)}`,
    // Detectors differ too much for "per second" or "left" to mean anything.
    ...(rate > 0 && unit !== 'detectors' ? [`${amount(Math.round(rate), unit)}/s`] : []),
    ...(rate > 0 && unit !== 'detectors' && total !== undefined && total > done
      ? [`${formatDuration(Math.ceil((total - done) / rate))} left`]
      : []),
  ]
  const facts = `: ${parts.join(', ')}`
  const name = inert(`${progress.phase} ${progress.label}`.trim())
  if (options.width === undefined) return name + facts
  // The facts matter more than the whole of a long path.
  const room = Math.max(progress.phase.length, options.width - facts.length)
  return cut(cut(name, room) + facts, options.width)
}

function amount(value: number, unit: ProgressUpdate['unit'], named = true): string {
  if (unit === 'bytes') return formatBytes(value)
  return named ? `${formatNumber(value)} ${value === 1 ? unit.slice(0, -1) : unit}` : formatNumber(value)
}
