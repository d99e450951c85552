/**
 * `npm run bench`: a generated access log through a whole hunt, and through GoAccess, in turn.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { detectors } from '../detectors/index.ts'
import type { Report } from '../src/report/report.ts'
import { logChunks, writeLog } from './generate/write-log.ts'
import { machineText, projectRoot, thisMachine, type Machine } from './place.ts'
import { writeSection } from './results.ts'
import { runMeasured, type Measured } from './run-measured.ts'
import { median, table } from './table.ts'

const webDetectors = detectors
  .filter(({ id, byDefault }) => byDefault && id.startsWith('web-'))
  .map(({ id }) => id)

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '3000000' },
    runs: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '4' },
    // All that a hunt in web logs runs unless told otherwise.
    detector: { type: 'string', multiple: true, default: webDetectors },
    goaccess: { type: 'string', default: 'goaccess' },
    'no-goaccess': { type: 'boolean', default: false },
    folder: { type: 'string', default: os.tmpdir() },
    delete: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    note: { type: 'string', default: '' },
  },
})

const say = (text: string): void => console.error(text)

/** Changes whenever the generator does: an older log is not taken for a newer one. */
const generatorMark = (): string => {
  const hash = createHash('sha256')
  logChunks({ lines: 3000, seed: 1 }, (text) => hash.update(text))
  return hash.digest('hex').slice(0, 8)
}

const makeLog = (lines: number): string => {
  const { seed, days, folder } = values
  const file = path.join(folder, `winnow-bench-${lines}-${days}d-s${seed}-${generatorMark()}.log`)
  if (existsSync(file)) return file
  say(`writing ${lines.toLocaleString('en-US')} lines to ${file} …`)
  writeLog(file, { lines, seed: Number(seed), days: Number(days) })
  return file
}

/** So that the first run finds the file in memory as the others do. */
const warm = async (file: string): Promise<void> => {
  for await (const _ of createReadStream(file, { highWaterMark: 1 << 22 }));
}

interface HuntRun extends Measured {
  readonly report: Report
}

const runHunt = async (file: string): Promise<HuntRun> => {
  const detectors = values.detector.flatMap((id) => ['--detector', id])
  const program = path.join(projectRoot(), 'bin', 'winnow.cjs')
  const measured = await runMeasured(process.execPath, [program, 'hunt', file, '--json', ...detectors])
  // What the program promises to print.
  return { ...measured, report: JSON.parse(measured.stdout) as Report }
}

const runGoAccess = async (file: string): Promise<Measured | null> => {
  const out = path.join(values.folder, `winnow-bench-goaccess-${process.pid}.json`)
  try {
    const args = [file, '--log-format=COMBINED', '--no-progress', '-o', out]
    return await runMeasured(values.goaccess, args, { LC_ALL: 'C' })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  } finally {
    rmSync(out, { force: true })
  }
}

interface Row {
  readonly program: string
  readonly seconds: readonly number[]
  readonly linesPerSecond: number
  readonly peakBytes: number | null
  readonly processorSeconds: number | null
}

const rowOf = (program: string, lines: number, runs: readonly Measured[]): Row => {
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)
  const peaks = known(runs.map((run) => run.peakBytes))
  const processor = known(runs.map((run) => run.processorSeconds))
  return {
    program,
    seconds: runs.map((run) => Math.round(run.seconds * 100) / 100),
    linesPerSecond: Math.round(lines / median(runs.map((run) => run.seconds))),
    peakBytes: peaks.length === 0 ? null : Math.max(...peaks),
    processorSeconds: processor.length === 0 ? null : median(processor),
  }
}

const grouped = (value: number): string => Math.round(value).toLocaleString('en-US')

const tableOf = (rows: readonly Row[]): string => {
  const slowest = rows.at(-1)?.linesPerSecond ?? 1
  return table(
    ['program', 'median s', 'all runs, s', 'processor s', 'lines/s', 'ratio', 'peak memory, MB'],
    rows.map((row) => [
      row.program,
      median(row.seconds).toFixed(2),
      row.seconds.map((one) => one.toFixed(2)).join(' '),
      row.processorSeconds === null ? '–' : row.processorSeconds.toFixed(1),
      grouped(row.linesPerSecond),
      rows.length > 1 ? (row.linesPerSecond / slowest).toFixed(1) : '–',
      row.peakBytes === null ? '–' : grouped(row.peakBytes / 1e6),
    ]),
  )
}

const checked = ({ report }: HuntRun, lines: number): void => {
  const { parsed, rejected } = report.summary
  if (parsed !== lines || rejected !== 0)
    throw new Error(
      `${parsed} of ${lines} lines were parsed and ${rejected} rejected: the figures would mean nothing`,
    )
}

const measure = async (file: string, lines: number) => {
  const hunts: HuntRun[] = []
  const others: Measured[] = []
  await warm(file)
  for (let run = 0; run < Number(values.runs); run++) {
    const hunt = await runHunt(file)
    checked(hunt, lines)
    hunts.push(hunt)
    say(`run ${run + 1}: winnow ${hunt.seconds.toFixed(2)} s`)
    if (values['no-goaccess']) continue
    const other = await runGoAccess(file)
    if (other === null) {
      say('GoAccess is not installed, so there is nothing to compare with: apt-get install goaccess')
      continue
    }
    others.push(other)
    say(`run ${run + 1}: goaccess ${other.seconds.toFixed(2)} s`)
  }
  return { hunts, others }
}

const main = async (): Promise<void> => {
  const machine: Machine = thisMachine()
  const lines = Number(values.lines)
  const file = makeLog(lines)
  try {
    const bytes = statSync(file).size
    const { hunts, others } = await measure(file, lines)
    const rows = [
      rowOf('winnow hunt', lines, hunts),
      ...(others.length === 0 ? [] : [rowOf('goaccess', lines, others)]),
    ]
    const findings = hunts.at(-1)?.report.findings.length ?? 0
    const input = `${grouped(lines)} lines, ${grouped(bytes / 1e6)} MB (${(bytes / lines).toFixed(0)} bytes a line), ${values.days} days, seed ${values.seed}; detectors ${values.detector.join(', ')}; ${findings} findings.`
    const text = [input, machineText(machine), values.note, tableOf(rows)]
      .filter((part) => part !== '')
      .join('\n\n')
    console.log(values.json ? JSON.stringify({ machine, lines, bytes, findings, rows }, null, 2) : text)
    if (values.write)
      say(`written to ${writeSection(`speed ${lines}`, `### ${grouped(lines)} lines\n\n${text}`)}`)
  } finally {
    if (values.delete) rmSync(file, { force: true })
  }
}

await main()
