/**
 * Beacons of all sleeps and jitters among a harmless day: how many score above nearly all that is harmless. And labelled
 * captures: at which rank the beacon comes.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import beacon from '../../detectors/beacon.ts'
import { featureSetOf } from '../../src/detect/windows.ts'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { compileWindows } from '../../src/features/compile.ts'
import { rhythm } from '../../src/features/feature.ts'
import type { FeatureSet, Study } from '../../src/features/feature-set.ts'
import { historiesOf } from '../../src/features/history.ts'
import { talliesOf } from '../../src/features/tallies.ts'
import { hunt } from '../../src/hunt.ts'
import { fitModel, rita } from '../../src/models/index.ts'
import type { Matrix } from '../../src/models/model.ts'
import { randomStream } from '../../src/models/random.ts'
import { formatShare } from '../../src/report/format.ts'
import { tables } from '../../src/schema/tables.ts'
import { id, join, raw, sql } from '../../src/sql/sql.ts'
import { beaconPair, harmlessDay, type BeaconSettings, type PairTraffic } from '../generate/pairs.ts'
import { table } from '../table.ts'
import { labelsOf } from './labelled.ts'
import { shownPath } from './log-files.ts'
import { thresholdAt } from './precision.ts'

const jitters = [0, 0.2, 0.5, 0.8] as const
const sleeps = [60, 300, 900, 1800, 3600] as const
const presences = [6, 12, 24] as const
const clients = 500
const perCell = 25
/** Harmless pairs that may score as high. */
const allowedShare = 1e-4

const startMs = Date.UTC(2026, 2, 2)
const dayMs = 86_400_000

const ritaSpec = rita({
  timestamps: 'ritaTimestamps',
  sizes: 'ritaSizes',
  histogram: 'ritaHistogram',
  duration: 'ritaDuration',
})

const models = { periodicity: beacon.model, rita: ritaSpec }
type ModelName = keyof typeof models
const modelNames: readonly ModelName[] = ['periodicity', 'rita']

const set: FeatureSet = {
  ...featureSetOf(beacon),
  features: {
    ...beacon.features,
    ritaTimestamps: rhythm('ritaTimestamps'),
    ritaSizes: rhythm('ritaSizes'),
    ritaHistogram: rhythm('ritaHistogram'),
    ritaDuration: rhythm('ritaDuration'),
  },
}

const addressOf = (client: number): string => `198.51.${Math.floor(client / 250)}.${1 + (client % 250)}`

const insert = async (engine: Engine, pairs: readonly PairTraffic[]): Promise<void> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-beacons-'))
  try {
    const file = path.join(folder, 'pairs.txt')
    const lines = pairs.flatMap(({ client, destination, moments }) =>
      moments.map(
        ({ at, bytes }) => `${startMs + Math.round(at * 1000)} ${addressOf(client)} ${destination} ${bytes}`,
      ),
    )
    writeFileSync(file, `${lines.join('\n')}\n`)
    const field = (n: number) => raw(`splitByChar(' ', line)[${n}]`)
    await engine.loadLines({
      path: file,
      compression: 'none',
      into: sql`INSERT INTO events (timestamp, category, source_ip, destination_address, destination_bytes, event_repeats)`,
      select: (from) =>
        sql`SELECT fromUnixTimestamp64Milli(toInt64OrZero(${field(1)}), 'UTC'), 'proxy', toIPv6OrDefault(${field(2)}), ${field(3)}, toUInt64OrZero(${field(4)}), 1 FROM ${from}`,
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each pair's features over the day, in the order of the set, by destination and client. */
const measure = async (pairs: readonly PairTraffic[]): Promise<Map<string, number[]>> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-beacons-'))
  const engine = openEmbedded({ path: folder })
  try {
    for (const one of tables) await engine.createTable(one)
    await insert(engine, pairs)
    const study: Study = { set, range: { fromMs: startMs, toMs: startMs + dayMs }, prefix: 'bench' }
    const tallies = talliesOf(study, 86_400)
    for (const { table: working, fill } of [...historiesOf(study), tallies]) {
      await engine.createTable(working)
      await engine.run(fill)
    }
    const query = compileWindows(study, {
      seconds: 86_400,
      minEvents: 4,
      tallies: id(tallies.table.name),
      tallySeconds: 86_400,
    })
    const columns = join(Object.keys(set.features).map((name) => id(`f_${name}`)))
    const rows = await engine.rows<{ client: string; destination: string; x: number[] }>(
      sql`SELECT toString(e0) AS client, e1 AS destination, [${columns}] AS x FROM (${query})`,
    )
    return new Map(
      rows.map((row) => [`${row.client.replace('::ffff:', '')} ${row.destination}`, row.x] as const),
    )
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const scoresOf = (name: ModelName, rows: readonly (readonly number[] | undefined)[]): number[] => {
  const spec = models[name]
  const names =
    name === 'rita'
      ? Object.keys(set.features).filter((feature) => feature.startsWith('rita'))
      : beacon.scored
  const columns = names.map((feature) => Object.keys(set.features).indexOf(feature))
  const matrixOf = (chosen: readonly (readonly number[])[]): Matrix => ({
    names,
    rows: chosen.length,
    values: Float64Array.from(chosen.flatMap((row) => columns.map((column) => row[column] ?? 0))),
  })
  const known = rows.filter((row) => row !== undefined)
  const scores = fitModel(spec, matrixOf(known), 1).score(matrixOf(known))
  let next = 0
  // A pair with too few events for a rhythm has none.
  return rows.map((row) => (row === undefined ? 0 : (scores[next++] ?? 0)))
}

export interface BeaconCell extends BeaconSettings {
  readonly beacons: number
  /** The share above the threshold. */
  readonly found: Readonly<Record<ModelName, number>>
}

export interface BeaconGrid {
  readonly harmless: number
  readonly events: number
  readonly cells: readonly BeaconCell[]
  readonly thresholds: Readonly<Record<ModelName, number>>
  /** What scores highest of the harmless pairs, by model. */
  readonly best: Readonly<Record<ModelName, readonly string[]>>
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

/** The grid of beacons among a harmless day, the same in every run. */
export const beaconGrid = async (seed = 1): Promise<BeaconGrid> => {
  const random = randomStream(seed)
  const harmless = harmlessDay(random, clients)
  const settings = presences.flatMap((presenceHours) =>
    sleeps.flatMap((sleep) => jitters.map((jitter) => ({ sleep, jitter, presenceHours }))),
  )
  const beacons = settings.flatMap((setting, cell) =>
    Array.from({ length: perCell }, (_, i) =>
      beaconPair(random, (cell * perCell + i) % clients, `c2-${cell}-${i}.example.org`, setting),
    ),
  )
  const measured = await measure([...harmless, ...beacons])
  const rows = [...harmless, ...beacons].map(({ client, destination }) =>
    measured.get(`${addressOf(client)} ${destination}`),
  )
  const allowed = Math.floor(allowedShare * harmless.length)
  const judged = modelNames.map((name) => {
    const scores = scoresOf(name, rows)
    const ordinary = scores.slice(0, harmless.length)
    const best = [...ordinary.keys()]
      .toSorted((a, b) => (ordinary[b] ?? 0) - (ordinary[a] ?? 0))
      .slice(0, 8)
      .map((at) => `${harmless[at]?.kind ?? ''} (${(ordinary[at] ?? 0).toFixed(2)})`)
    return [name, { scores, threshold: thresholdAt(ordinary, allowed), best }] as const
  })
  const byModel = Object.fromEntries(judged) as Record<ModelName, (typeof judged)[number][1]> // one entry each
  const { periodicity, rita: reference } = byModel
  const both = <T>(of: (name: ModelName) => T): Record<ModelName, T> => ({
    periodicity: of('periodicity'),
    rita: of('rita'),
  })
  return {
    harmless: harmless.length,
    events: [...harmless, ...beacons].reduce((sum, { moments }) => sum + moments.length, 0),
    thresholds: { periodicity: periodicity.threshold, rita: reference.threshold },
    best: { periodicity: periodicity.best, rita: reference.best },
    cells: settings.map((setting, cell) => ({
      ...setting,
      beacons: perCell,
      found: both((name) => {
        const first = harmless.length + cell * perCell
        const { scores, threshold } = byModel[name]
        return mean(scores.slice(first, first + perCell).map((score) => (score > threshold ? 1 : 0)))
      }),
    })),
  }
}

const shareIn = (cells: readonly BeaconCell[], name: ModelName): number =>
  mean(cells.map(({ found }) => found[name]))

export const gridText = (grid: BeaconGrid): string => {
  const rows = presences.flatMap((presenceHours) =>
    sleeps.map((sleep) => [
      `${presenceHours} h, every ${sleep} s`,
      ...jitters.flatMap((jitter) => {
        const cells = grid.cells.filter(
          (cell) => cell.presenceHours === presenceHours && cell.sleep === sleep && cell.jitter === jitter,
        )
        return [
          `${Math.round(100 * shareIn(cells, 'periodicity'))} / ${Math.round(100 * shareIn(cells, 'rita'))}`,
        ]
      }),
    ]),
  )
  const all = modelNames.map((name) => `${name} ${formatShare(shareIn(grid.cells, name))}`).join(', ')
  return [
    `Beacons above all but ${allowedShare * 100} % of ${grid.harmless} harmless pairs (${grid.events} events), in per cent, periodicity / rita; ${perCell} a cell. Over the grid: ${all}.`,
    table(['present, sleep', ...jitters.map((jitter) => `jitter ${jitter * 100} %`)], rows),
    ...modelNames.map((name) => `Highest harmless pairs by ${name}: ${grid.best[name].join(', ')}.`),
  ].join('\n\n')
}

export interface BeaconCapture {
  readonly file: string
  /** The rank of each labelled beacon among beacon findings; null where it is none. */
  readonly ranks: readonly { readonly beacon: string; readonly rank: number | null }[]
  readonly findings: readonly string[]
}

/** The beacon detector alone over a labelled capture. */
export const beaconCapture = async (file: string): Promise<BeaconCapture> => {
  const { findings } = await hunt({ paths: [file], detectors: [beacon.id] })
  return {
    file: shownPath(file),
    ranks: labelsOf(file).malicious.map(({ source, target }) => ({
      beacon: `${source} → ${target}`,
      rank: findings.find(({ entity }) => entity.value === `${source} → ${target}`)?.rank ?? null,
    })),
    findings: findings.slice(0, 10).map(({ title }) => title),
  }
}

export const captureText = ({ file, ranks, findings }: BeaconCapture): string =>
  [
    `${file}: ${ranks.map(({ beacon: name, rank }) => `${name} at rank ${rank ?? '–'}`).join(', ') || 'no labels'}`,
    ...findings.map((title, i) => `${i + 1}. ${title}`),
  ].join('\n')
