import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { envelopes, parsers } from '../../parsers/index.ts'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { loadSources, type LoadRequest, type LoadResult } from '../../src/ingest/load.ts'
import { recover } from '../../src/ingest/segments.ts'
import { findSources } from '../../src/ingest/sources.ts'
import { tables } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'

/** A folder with logs in it and a data folder beside them. */
export interface Place {
  readonly folder: string
  readonly data: string
  readonly engine: Engine
  readonly load: (paths: readonly string[], more?: Partial<LoadRequest>) => Promise<LoadResult>
}

export const catalogue = { parsers, envelopes }

export const openData = async (data: string, threads?: number): Promise<Engine> => {
  const engine = openEmbedded({ path: data, ...(threads === undefined ? {} : { threads }) })
  for (const table of tables) await engine.createTable(table)
  await recover(engine, data)
  return engine
}

/** Most tests are not about how a format is found, which takes longer than all the rest. */
export const access = { format: 'apache-access' } as const

export const loadInto =
  (engine: Engine, data: string): Place['load'] =>
  async (paths, more = {}) => {
    const { sources } = await findSources(paths, { dataFolder: data })
    return loadSources({ engine, sources, catalogue, dataFolder: data, ...more })
  }

export const withFolder = async (use: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'winnow-ingest-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs a test in a fresh folder with a fresh engine. */
export const inPlace = (use: (place: Place) => Promise<void>, threads?: number) => () =>
  withFolder(async (folder) => {
    const data = path.join(folder, '.data')
    const engine = await openData(data, threads)
    try {
      await use({ folder, data, engine, load: loadInto(engine, data) })
    } finally {
      await engine.close()
    }
  })

/** Invented access log lines, all different. */
export const accessLines = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, i) => {
    const n = from + i
    const time = new Date(Date.UTC(2026, 2, 1) + n * 1000).toISOString()
    const clock = `01/Mar/2026:${time.slice(11, 19)} +0000`
    return `192.0.2.${n % 250} - - [${clock}] "GET /page/${n}?q=${n * 7} HTTP/1.1" 200 ${n} "-" "Mozilla/5.0 (${n % 13})"`
  })

export const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** How often each line is stored: the number of rows, and of different messages. */
export const stored = async (engine: Engine): Promise<{ rows: number; different: number }> => {
  const [row] = await engine.rows<{ rows: number; different: number }>(
    sql`SELECT count() AS rows, uniqExact(message) AS different FROM events`,
  )
  return row ?? { rows: -1, different: -1 }
}
