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
import type { Line } from '../detectors/story.ts'

/** An engine that logs are loaded into, to be detected in. */
export interface Place {
  readonly engine: Engine
  readonly load: (name: string, lines: readonly Line[]) => Promise<void>
  readonly close: () => Promise<void>
}

export const openPlace = async (): Promise<Place> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-live-'))
  const engine = await openEngine({ kind: 'embedded', path: path.join(folder, 'data'), temporary: true })
  for (const table of tables) await ensureTable(engine, table)
  return {
    engine,
    load: async (name, lines) => {
      const file = path.join(folder, name)
      writeFileSync(file, lines.map(({ text }) => `${text}\n`).join(''))
      const { sources } = await findSources([file], { dataFolder: folder })
      const { parsers, envelopes } = await bundledFormats()
      await loadSources({ engine, sources, dataFolder: folder, catalogue: { parsers, envelopes } })
    },
    close: async () => {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
