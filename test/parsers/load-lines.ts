import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { envelopes, parsers } from '../../parsers/index.ts'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readingOf as wholeReading } from '../../src/ingest/reading.ts'
import { compileSelect } from '../../src/parse/compile.ts'
import type { Reading } from '../../src/parse/compile-branches.ts'
import { defaultContext, type ParseContext } from '../../src/parse/context.ts'
import type { Parser } from '../../src/parse/parser.ts'
import { eventsTable } from '../../src/schema/tables.ts'
import { id, join, sql } from '../../src/sql/sql.ts'

/** Times without a year are of 2026 up to this moment, of 2025 after it. The own network is 192.0.2.0/24. */
export const goldenContext: ParseContext = {
  ...defaultContext,
  ownNetworks: ['192.0.2.0/24'],
  timeZone: 'UTC',
  writtenBeforeMs: Date.UTC(2026, 5, 1),
}

/** What reads the lines of one format: the parser, inside an envelope where it needs one. */
export const readingOf = (id: string): Reading => {
  const envelope = envelopes.find((one) => one.id === id)
  const inside = parsers.filter((parser) => parser.programs.length > 0)
  if (envelope?.lines !== undefined) return wholeReading(id, { parsers, envelopes })
  if (envelope !== undefined) return { envelopes: [{ envelope, parsers: inside }], parsers: [] }
  const parser = parsers.find((one) => one.id === id)
  if (parser === undefined) throw new TypeError(`no parser: ${id}`)
  if (parser.standalone) return { envelopes: [], parsers: [parser] }
  return {
    envelopes: envelopes.map((one) => ({ envelope: one, parsers: insideWith(parser, inside) })),
    parsers: [],
  }
}

/** A content parser's cases show what it makes of its lines among its kind. */
const insideWith = (parser: Parser, inside: readonly Parser[]): readonly Parser[] =>
  inside.includes(parser) ? inside : [parser]

export interface Laboratory {
  readonly engine: Engine
  /** Loads the bytes of a log as `source`. */
  readonly load: (source: string, bytes: Uint8Array, reading: Reading, context: ParseContext) => Promise<void>
  readonly loadFile: (source: string, file: string, reading: Reading, context: ParseContext) => Promise<void>
  readonly close: () => Promise<void>
}

/** An engine of its own, with the table `events`. */
export const openLaboratory = async (): Promise<Laboratory> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-parsers-'))
  const engine = openEmbedded({ path: path.join(folder, 'data'), sessions: 1 })
  await engine.createTable(eventsTable)
  const loadFile: Laboratory['loadFile'] = async (source, file, reading, context) => {
    const compiled = compileSelect(reading, { segment: source, source, context })
    await engine.loadLines({
      path: file,
      compression: file.endsWith('.gz') ? 'gzip' : 'none',
      into: sql`INSERT INTO events (${join(compiled.columns.map(id))})`,
      select: compiled.select,
    })
  }
  return {
    engine,
    loadFile,
    load: async (source, bytes, reading, context) => {
      const file = path.join(folder, 'lines.log')
      writeFileSync(file, bytes)
      await loadFile(source, file, reading, context)
    },
    close: async () => {
      await engine.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
