/**
 * `node dist/bench/generate/office-main.js --out FOLDER --days 5 --clients 90 --seed 1 [--json]`
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { writeOffice } from './office.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    days: { type: 'string', default: '5' },
    clients: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

if (values.out === undefined) {
  console.error('Say in which folder to write the logs: --out FOLDER')
  process.exitCode = 2
} else {
  const startedMs = performance.now()
  const { days, clients, seed, json } = values
  writeOffice(values.out, { days: Number(days), clients: Number(clients), seed: Number(seed), json })
  console.error(`${values.out}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
}
