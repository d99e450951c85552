/**
 * Makes a backup: work state, events, and how far the intake is, as they would stand after a power cut, which is what a start can
 * deal with. A server may run meanwhile.
 *
 * ```
 * backup.json  work/<table>.jsonl.gz  events/<table>/<part>/…  intake/…
 * ```
 *
 * @module
 */
import { createWriteStream } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { createGzip, type Gzip } from 'node:zlib'
import { intakeFolder } from '../../config/places.ts'
import type { Engine } from '../../engine/engine.ts'
import { freezeTable, type Frozen } from '../../engine/parts.ts'
import { AppError, messageOf } from '../../errors.ts'
import { eventsTable, segmentsTable, suspectsTable, type Table } from '../../schema/tables.ts'
import { asDiskFull } from '../../spool/disk.ts'
import type { Spool } from '../../spool/spool.ts'
import { instant } from '../../sql/instant.ts'
import { sql } from '../../sql/sql.ts'
import type { Db } from '../../store/database.ts'
import { dumpStore, type Dump } from '../../store/dump.ts'
import { version } from '../../version.ts'
import { copyFolder, copyInto, isFree, syncFile, type Sizes } from './copy.ts'
import { manifestName, type Manifest } from './manifest.ts'

export interface BackupOptions {
  /** Where it goes: a folder that is not there yet, or empty. */
  readonly to: string
  readonly dataFolder: string
  /** Null: there is none. */
  readonly engine: Engine | null
  readonly db: Db | null
  /** Of the server that runs; null where none does. */
  readonly spool: Pick<Spool, 'hold'> | null
}

/** Listed lines come first: what is listed is there. The other way around, a segment could be listed whose lines are not. */
const frozenTables: readonly Table[] = [segmentsTable, eventsTable, suspectsTable]

const attempts = 10

const listedUntil = async (engine: Engine, atMs: number): Promise<number> => {
  const [row] = await engine.rows<{ listed: number }>(
    sql`SELECT count() AS listed FROM segments WHERE loaded <= ${instant(atMs)}`,
  )
  return row?.listed ?? 0
}

type FrozenTables = Map<Table, Frozen>

const releaseAll = async (frozen: FrozenTables): Promise<void> => {
  for (const [table, one] of frozen) {
    await one.release()
    frozen.delete(table)
  }
}

/**
 * The tables at one moment, as good as: none of the listed segments was taken back in between.
 *
 * @param frozen is filled. What is in it is the caller's to release, where this throws as well.
 */
const freezeAll = async (engine: Engine, dataFolder: string, frozen: FrozenTables): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    const atMs = Date.now() - 1
    const before = await listedUntil(engine, atMs)
    for (const table of frozenTables) frozen.set(table, await freezeTable(engine, table, dataFolder))
    if ((await listedUntil(engine, atMs)) === before) return
    await releaseAll(frozen)
    if (attempt === attempts)
      throw new AppError('conflict', { problem: 'events are being removed or read again all the time' })
  }
}

const isTable = async (engine: Engine): Promise<boolean> => {
  const rows = await engine.rows<object>(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase() AND name IN ${frozenTables.map(({ name }) => name)}`,
  )
  return rows.length === frozenTables.length
}

/** How far the streams are, then the journals that go on from there. */
const copyIntake = async (dataFolder: string, to: string, sizes: Sizes): Promise<void> => {
  const intake = intakeFolder(dataFolder)
  const names = (await readdir(intake).catch(() => [])).filter((name) =>
    /^(?:[a-z]+\.json|\d+\.journal)$/.test(name),
  )
  const isJournal = (name: string): boolean => name.endsWith('.journal')
  for (const name of names.toSorted(
    (a, b) => Number(isJournal(a)) - Number(isJournal(b)) || (a < b ? -1 : 1),
  ))
    await copyInto(path.join(intake, name), to, path.join('intake', name), sizes)
}

const dumpWork = async (db: Db, to: string, sizes: Sizes): Promise<Dump> => {
  await mkdir(path.join(to, 'work'), { mode: 0o700 })
  let open: { readonly table: string; readonly gzip: Gzip; readonly written: Promise<void> } | null = null
  const end = async (): Promise<void> => {
    if (open === null) return
    const { table, gzip, written } = open
    gzip.end()
    await written
    const place = path.join('work', `${table}.jsonl.gz`)
    sizes[place] = await syncFile(path.join(to, place))
  }
  const dump = await dumpStore(db, async (table, lines) => {
    if (open?.table !== table) {
      await end()
      const gzip = createGzip()
      const file = createWriteStream(path.join(to, 'work', `${table}.jsonl.gz`), { mode: 0o600 })
      const written = finished(gzip.pipe(file))
      written.catch((error: unknown) => gzip.destroy(error instanceof Error ? error : undefined))
      open = { table, gzip, written }
    }
    for (const line of lines) if (!open.gzip.write(`${line}\n`)) await once(open.gzip, 'drain')
  })
  await end()
  return dump
}

const copyEvents = async (
  frozen: ReadonlyMap<Table, Frozen>,
  to: string,
  sizes: Sizes,
): Promise<Record<string, number>> => {
  const parts: Record<string, number> = {}
  for (const [{ name }, one] of frozen) {
    for (const part of one.parts)
      await copyFolder(part, to, path.join('events', name, path.basename(part)), sizes)
    parts[name] = one.parts.length
  }
  return parts
}

const make = async ({ to, dataFolder, engine, db, spool }: BackupOptions): Promise<Manifest> => {
  const made = new Date().toISOString()
  const files: Sizes = {}
  const hasEvents = engine !== null && engine.kind === 'embedded' && (await isTable(engine))
  const frozen: FrozenTables = new Map()
  try {
    // What is loaded from here on stays in the journals as well: whoever starts from the copy loads it again.
    const letGo = await spool?.hold()
    try {
      if (hasEvents) await freezeAll(engine, dataFolder, frozen)
      await copyIntake(dataFolder, to, files)
    } finally {
      letGo?.()
    }
    const work = db === null ? null : await dumpWork(db, to, files)
    const events = hasEvents ? await copyEvents(frozen, to, files) : null
    const manifest: Manifest = { version: 1, winnow: version, made, work, events, files }
    const file = path.join(to, manifestName)
    await writeFile(file, `${JSON.stringify(manifest, null, 1)}\n`, { mode: 0o600 })
    await syncFile(file)
    return manifest
  } finally {
    await releaseAll(frozen)
  }
}

/**
 * @throws AppError `output-unwritable` where something is there already, or it cannot be written; `disk-full`
 */
export const makeBackup = async (options: BackupOptions): Promise<Manifest> => {
  const { to } = options
  if (!(await isFree(to)))
    throw new AppError('output-unwritable', { path: to, problem: 'there is something already' })
  try {
    await mkdir(to, { recursive: true, mode: 0o700 })
    return await make(options)
  } catch (error) {
    // It was free before: nothing of anybody's goes.
    await rm(to, { recursive: true, force: true }).catch(() => undefined)
    const told = asDiskFull(error, to)
    if (told instanceof AppError || !(error instanceof Error && 'syscall' in error)) throw told
    throw new AppError('output-unwritable', { path: to, problem: messageOf(error) }, error)
  }
}
