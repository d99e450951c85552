/**
 * `node dist/bench/generate/main.js --lines 3000000 --seed 1 --days 4 --out access.log`
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { writeLog } from './write-log.ts'

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '3000000' },
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '4' },
    out: { type: 'string' },
    benign: { type: 'boolean', default: false },
  },
})

if (values.out === undefined) {
  console.error('Say where to write the log: --out access.log')
  process.exitCode = 2
} else {
  const startedMs = performance.now()
  const { lines, bytes } = writeLog(values.out, {
    lines: Number(values.lines),
    seed: Number(values.seed),
    days: Number(values.days),
    hostile: !values.benign,
  })
  const seconds = (performance.now() - startedMs) / 1000
  console.error(
    `${values.out}: ${lines} lines, ${bytes} bytes (${(bytes / lines).toFixed(1)} a line), ${Math.round(lines / seconds)} lines/s`,
  )
}
