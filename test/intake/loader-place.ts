import path from 'node:path'
import { pino } from 'pino'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import type { Told } from '../../src/ingest/reading.ts'
import { recover } from '../../src/ingest/segments.ts'
import { startLoader, type Loaded, type Loader } from '../../src/intake/loader.ts'
import { tables } from '../../src/schema/tables.ts'
import { openSpool, type Spool, type Stream } from '../../src/spool/spool.ts'
import { catalogue, withFolder } from '../ingest/place.ts'

/** A spool and a loader at work. */
export interface Intake {
  readonly data: string
  readonly engine: Engine
  readonly spool: Spool
  readonly loader: Loader
  readonly loaded: readonly Loaded[]
  /** Appends lines, without line ends. */
  readonly give: (stream: Stream, lines: readonly string[], position?: string) => Promise<void>
  /** Resolves when all that was appended is loaded. */
  readonly settled: () => Promise<void>
  readonly close: () => Promise<void>
}

export const log = pino({ level: 'silent' })

interface Conditions {
  readonly told?: Told
  /** What the loader has for an engine: one that fails, say. */
  readonly wrap?: (engine: Engine) => Engine
  readonly retryMs?: number
}

export const openIntake = async (
  data: string,
  { told = {}, wrap = (engine) => engine, ...more }: Conditions = {},
): Promise<Intake> => {
  const engine = openEmbedded({ path: data })
  for (const table of tables) await engine.createTable(table)
  await recover(engine, data)
  const folder = path.join(data, 'intake', 'spool')
  const spool = await openSpool({ folder, maxBytes: 500_000_000, segmentMs: 50 })
  const loaded: Loaded[] = []
  const loader = await startLoader({
    ...more,
    engine: wrap(engine),
    spool,
    catalogue,
    told,
    dataFolder: data,
    onLoaded: (one) => loaded.push(one),
    log,
  })
  const settled = async (): Promise<void> => {
    while (spool.stats().streams.some(({ waiting }) => waiting > 0)) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await loader.idle()
  }
  return {
    data,
    engine,
    spool,
    loader,
    loaded,
    give: (stream, lines, position) =>
      spool.append(stream, Buffer.from(lines.map((line) => `${line}\n`).join('')), lines.length, position),
    settled,
    close: async () => {
      await loader.close()
      await spool.close()
      await engine.close()
    },
  }
}

/** Opens a spool and a loader for as long as something is done. */
export const withIntake = async (
  data: string,
  use: (intake: Intake) => Promise<void>,
  conditions: Conditions = {},
): Promise<void> => {
  const intake = await openIntake(data, conditions)
  try {
    await use(intake)
  } finally {
    await intake.close()
  }
}

/** Runs a test in a fresh folder with a spool and a loader. */
export const inIntake =
  (use: (intake: Intake) => Promise<void>, conditions: Conditions = {}) =>
  (): Promise<void> =>
    withFolder((folder) => withIntake(path.join(folder, 'data'), use, conditions))
