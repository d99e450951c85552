/**
 * `npm run bench:zeek`: generated connections through a whole hunt with all default detectors, as TSV and as JSON in turn.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { existsSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { flowNetwork, generateFlows, writeFlows } from './generate/zeek-flows.ts'
import { zeekTsv } from './generate/zeek-log.ts'
import { machineText, thisMachine } from './place.ts'
import { writeSection } from './results.ts'
import { grouped, runHunt, speedRow, speedTable, warm, type HuntRun, type SpeedRow } from './speed-rows.ts'

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '3000000' },
    runs: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    format: { type: 'string', multiple: true, default: ['tsv', 'json'] },
    detector: { type: 'string', multiple: true, default: [] },
    folder: { type: 'string', default: os.tmpdir() },
    delete: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    note: { type: 'string', default: '' },
  },
})

const say = (text: string): void => console.error(text)

/** Lines a second, end to end on two cores, that are wanted. */
const targets: Readonly<Record<string, number>> = { tsv: 500_000, json: 250_000 }

/** Changes whenever the generator does: an older log is not taken for a newer one. */
const generatorMark = (): string => {
  const hash = createHash('sha256')
  generateFlows({ lines: 2000, seed: 1, json: false }, (record) => hash.update(zeekTsv('conn', record)))
  return hash.digest('hex').slice(0, 8)
}

const makeLog = (lines: number, format: string): string => {
  const { seed, folder } = values
  const file = path.join(folder, `winnow-bench-conn-${lines}-s${seed}-${generatorMark()}.${format}.log`)
  if (existsSync(file)) return file
  say(`writing ${grouped(lines)} lines to ${file} …`)
  writeFlows(file, { lines, seed: Number(seed), json: format === 'json' })
  return file
}

/** The header of a tab-separated log is no event. */
const mostHeaderLines = 9

const checked = ({ report }: HuntRun, lines: number): void => {
  const { parsed, rejected } = report.summary
  if (parsed !== lines || rejected > mostHeaderLines)
    throw new Error(
      `${parsed} of ${lines} lines were parsed and ${rejected} rejected: the figures would mean nothing`,
    )
}

const measure = async (
  files: ReadonlyMap<string, string>,
  lines: number,
): Promise<Map<string, HuntRun[]>> => {
  const options = ['--own-network', flowNetwork, ...values.detector.flatMap((id) => ['--detector', id])]
  const runs = new Map<string, HuntRun[]>([...files.keys()].map((format) => [format, []]))
  for (const file of files.values()) await warm(file)
  for (let run = 0; run < Number(values.runs); run++) {
    for (const [format, file] of files) {
      const hunt = await runHunt(file, options)
      checked(hunt, lines)
      runs.get(format)?.push(hunt)
      say(`run ${run + 1}: ${format} ${hunt.seconds.toFixed(2)} s`)
    }
  }
  return runs
}

const main = async (): Promise<void> => {
  const unknown = values.format.find((format) => targets[format] === undefined)
  if (unknown !== undefined) {
    say(`Name a format: ${Object.keys(targets).join(', ')}`)
    process.exitCode = 2
    return
  }
  const machine = thisMachine()
  const lines = Number(values.lines)
  const files = new Map(values.format.map((format) => [format, makeLog(lines, format)]))
  try {
    const runs = await measure(files, lines)
    const rows = [...files].map(([format, file]): SpeedRow => {
      const facts = { lines, bytes: statSync(file).size, target: targets[format] ?? 0 }
      return speedRow(`Zeek conn, ${format.toUpperCase()}`, facts, runs.get(format) ?? [])
    })
    const last = [...runs.values()].at(-1)?.at(-1)?.report
    const detectors = last?.summary.detectors.join(', ') ?? ''
    const input = `${grouped(lines)} connections of a day, 4,000 clients, seed ${values.seed}; detectors that had something to judge: ${detectors}; ${last?.findings.length ?? 0} findings.`
    const text = [input, machineText(machine), values.note, speedTable(rows)]
      .filter((part) => part !== '')
      .join('\n\n')
    console.log(values.json ? JSON.stringify({ machine, lines, rows }, null, 2) : text)
    if (values.write)
      say(
        `written to ${writeSection(`speed zeek ${lines}`, `### ${grouped(lines)} Zeek connections\n\n${text}`)}`,
      )
  } finally {
    if (values.delete) for (const file of files.values()) rmSync(file, { force: true })
  }
}

await main()
