/**
 * Runs of programs as rows of a table: time, lines a second, processor time, memory.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import path from 'node:path'
import type { Report } from '../src/report/report.ts'
import { projectRoot } from './place.ts'
import { runMeasured, type Measured } from './run-measured.ts'
import { median, table } from './table.ts'

/** So that the first run finds the file in memory as the others do. */
export const warm = async (file: string): Promise<void> => {
  for await (const _ of createReadStream(file, { highWaterMark: 1 << 22 }));
}

export interface HuntRun extends Measured {
  readonly report: Report
}

/** The whole program from start to end; raw lines stored, the data folder removed afterwards. */
export const runHunt = async (file: string, options: readonly string[]): Promise<HuntRun> => {
  const program = path.join(projectRoot(), 'bin', 'winnow.cjs')
  const measured = await runMeasured(process.execPath, [program, 'hunt', file, '--json', ...options])
  // What the program promises to print.
  return { ...measured, report: JSON.parse(measured.stdout) as Report }
}

export interface SpeedRow {
  readonly what: string
  readonly megabytes: number
  readonly seconds: readonly number[]
  readonly linesPerSecond: number
  readonly target: number
  readonly peakBytes: number | null
  readonly processorSeconds: number | null
}

export const speedRow = (
  what: string,
  { lines, bytes, target }: { readonly lines: number; readonly bytes: number; readonly target: number },
  runs: readonly Measured[],
): SpeedRow => {
  const peaks = runs.flatMap((run) => run.peakBytes ?? [])
  const processor = runs.flatMap((run) => run.processorSeconds ?? [])
  return {
    what,
    megabytes: bytes / 1e6,
    seconds: runs.map((run) => Math.round(run.seconds * 100) / 100),
    linesPerSecond: Math.round(lines / median(runs.map((run) => run.seconds))),
    target,
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    processorSeconds: processor.length === 0 ? null : median(processor),
  }
}

export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US')

export const speedTable = (rows: readonly SpeedRow[]): string =>
  table(
    [
      'format',
      'MB',
      'median s',
      'all runs, s',
      'processor s',
      'lines/s',
      'wanted',
      'MB/s',
      'peak memory, MB',
    ],
    rows.map((row) => [
      row.what,
      grouped(row.megabytes),
      median(row.seconds).toFixed(2),
      row.seconds.map((one) => one.toFixed(2)).join(' '),
      row.processorSeconds === null ? '–' : row.processorSeconds.toFixed(1),
      grouped(row.linesPerSecond),
      grouped(row.target),
      grouped(row.megabytes / median(row.seconds)),
      row.peakBytes === null ? '–' : grouped(row.peakBytes / 1e6),
    ]),
  )
