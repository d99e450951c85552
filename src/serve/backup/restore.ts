/**
 * Brings a backup back into an empty data folder, and into an empty PostgreSQL where the work state is kept in one.
 *
 * @module
 */
import { createReadStream } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createGunzip } from 'node:zlib'
import { attachParts } from '../../engine/parts.ts'
import type { Config } from '../../config/config.ts'
import { storeAt } from '../../config/places.ts'
import { ensureTable } from '../../engine/ensure-table.ts'
import { indexLines } from '../../engine/line-index.ts'
import { openEngine } from '../../engine/open.ts'
import { AppError, messageOf } from '../../errors.ts'
import { prepareFolder } from '../../logs.ts'
import { tables } from '../../schema/tables.ts'
import { fillStore, isEmptyStore } from '../../store/dump.ts'
import { migrations } from '../../store/migrations.ts'
import { openStore } from '../../store/store.ts'
import { copyFolder, exists, isFree } from './copy.ts'
import { readManifest, type Manifest } from './manifest.ts'

export type RestoreTarget = Pick<Config, 'data' | 'engine' | 'store' | 'memoryBytes'>

/** Lies in a data folder while it is filled: nothing starts on a half of it. */
export const unfinishedName = 'unfinished-restore'

const checkFiles = async (from: string, { files }: Manifest): Promise<void> => {
  for (const [place, bytes] of Object.entries(files)) {
    const size = await stat(path.join(from, place)).then(
      (found) => found.size,
      () => null,
    )
    if (size === bytes) continue
    const problem = size === null ? `${place} is missing` : `${place} has ${size} bytes in place of ${bytes}`
    throw new AppError('invalid-backup', { path: from, problem })
  }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const gunzip = createGunzip()
  const stream = createReadStream(file)
  stream.on('error', (error) => gunzip.destroy(error))
  // Only \n ends a row: JSON escapes it, but not the other characters that a reader of lines takes for ends.
  let rest = ''
  for await (const piece of stream.pipe(gunzip).setEncoding('utf8')) {
    const lines = `${rest}${String(piece)}`.split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

const restoreWork = async (
  from: string,
  work: NonNullable<Manifest['work']>,
  target: RestoreTarget,
): Promise<void> => {
  const newer = work.migrations.find((name) => !migrations.some((known) => known.name === name))
  if (newer !== undefined) throw new AppError('store-newer', { migration: newer })
  const steps = migrations.filter(({ name }) => work.migrations.includes(name))
  const opened = await openStore({ ...storeAt(target), steps })
  try {
    if (!(await isEmptyStore(opened.db)))
      throw new AppError('restore-target-used', { path: 'the database of the work state' })
    await fillStore(opened.db, work, (table) => linesOf(path.join(from, 'work', `${table}.jsonl.gz`)))
  } finally {
    await opened.close()
  }
}

const restoreEvents = async (from: string, target: RestoreTarget): Promise<void> => {
  const staging = path.join(target.data, 'restoring')
  const engine = await openEngine({ kind: 'embedded', path: target.data, memoryBytes: target.memoryBytes })
  try {
    for (const table of tables) await ensureTable(engine, table)
    await indexLines(engine)
    for (const table of tables) {
      const parts = path.join(from, 'events', table.name)
      if (!(await exists(parts))) continue
      await copyFolder(parts, staging, table.name, {})
      await attachParts(engine, table, path.join(staging, table.name))
    }
  } finally {
    await engine.close()
    await rm(staging, { recursive: true, force: true })
  }
}

const restoreIntake = async (from: string, data: string): Promise<void> => {
  const source = path.join(from, 'intake')
  if (await exists(source)) await copyFolder(source, data, 'intake', {})
}

/** What a restore that failed has made; a folder that was given stays. */
const empty = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder))
    await rm(path.join(folder, name), { recursive: true, force: true })
}

/**
 * @returns what was restored
 * @throws AppError `invalid-backup`, `restore-target-used` where anything is there already, `store-newer`, `data-folder-unusable`
 */
export const restoreBackup = async (from: string, target: RestoreTarget): Promise<Manifest> => {
  const manifest = await readManifest(from)
  await checkFiles(from, manifest)
  if (!(await isFree(target.data))) throw new AppError('restore-target-used', { path: target.data })
  if (manifest.events !== null && target.engine?.kind === 'cluster')
    throw new AppError('invalid-backup', {
      path: from,
      problem:
        'its events are those of the engine inside the process: they do not go into ClickHouse servers',
    })
  await prepareFolder(target.data)
  const unfinished = path.join(target.data, unfinishedName)
  await writeFile(unfinished, `${from}\n`)
  try {
    if (manifest.events !== null) await restoreEvents(from, target)
    await restoreIntake(from, target.data)
    if (manifest.work !== null) await restoreWork(from, manifest.work, target)
    await rm(unfinished)
    return manifest
  } catch (error) {
    await empty(target.data)
    if (error instanceof AppError) throw error
    throw new AppError('invalid-backup', { path: from, problem: messageOf(error) }, error)
  }
}

/** @throws AppError `data-folder-unusable` where a restore was cut short */
export const mustBeWhole = async (data: string): Promise<void> => {
  if (await exists(path.join(data, unfinishedName)))
    throw new AppError('data-folder-unusable', {
      path: data,
      problem: 'a restore into it was cut short. Empty the folder, and restore again',
    })
}
