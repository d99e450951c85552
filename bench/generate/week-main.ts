/**
 * `node dist/bench/generate/week-main.js --out FOLDER --days 7 --seed 1 --scale 1 [--places places.mmdb]`; the last is a
 * GeoIP database of its addresses.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { writePlaces } from './week/geoip.ts'
import { weekParts, writePart } from './week/week.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    days: { type: 'string', default: '7' },
    seed: { type: 'string', default: '1' },
    scale: { type: 'string', default: '1' },
    places: { type: 'string' },
  },
})

if (values.out === undefined) {
  console.error('Say in which folder to write the logs: --out FOLDER')
  process.exitCode = 2
} else {
  for (const part of weekParts) {
    const startedMs = performance.now()
    const { out, days, seed, scale } = values
    writePart(out, part, { days: Number(days), seed: Number(seed), scale: Number(scale) })
    console.error(`${part}: ${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  }
  if (values.places !== undefined) writePlaces(values.places)
}
