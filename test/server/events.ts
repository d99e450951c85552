/** The real engine with a few events in it, for tests of the server and of live detection. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { bundledFormats } from '../../src/content.ts'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { openEngine } from '../../src/engine/open.ts'
import { loadSources } from '../../src/ingest/load.ts'
import { findSources } from '../../src/ingest/sources.ts'
import { tables } from '../../src/schema/tables.ts'

export interface Events {
  readonly engine: Engine
  /** Loads lines as a file of this name. */
  readonly load: (name: string, lines: readonly string[]) => Promise<void>
  readonly close: () => Promise<void>
}

export const openEvents = async (): Promise<Events> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-events-'))
  const engine = await openEngine({ kind: 'embedded', path: path.join(folder, 'data'), temporary: true })
  for (const table of tables) await ensureTable(engine, table)
  return {
    engine,
    load: async (name, lines) => {
      const file = path.join(folder, name)
      writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
      const { sources } = await findSources([file], { dataFolder: folder })
      await loadSources({ engine, sources, dataFolder: folder, catalogue: await bundledFormats() })
    },
    close: async () => {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A line of a web server's log. @param at ms since 1970 */
export const webLine = (at: number, target = '/', client = '198.51.100.4', agent = 'browser/1.0'): string => {
  const [, day, month, year, time] =
    /^\w+, (\d\d) (\w+) (\d+) ([\d:]+)/.exec(new Date(at).toUTCString()) ?? []
  return `${client} - - [${day}/${month}/${year}:${time} +0000] "GET ${target} HTTP/1.1" 200 512 "-" "${agent}"`
}
