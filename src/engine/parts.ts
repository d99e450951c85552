/**
 * A table's rows as files: frozen in a moment (the engine links the files of its parts), copied at leisure, and attached elsewhere.
 * Only the engine inside the process has its files at hand.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Table } from '../schema/tables.ts'
import { id, raw, sql } from '../sql/sql.ts'
import type { Engine } from './engine.ts'

export interface Frozen {
  /** Folders, one a part; empty for an empty table. They stay as they are until `release`. */
  readonly parts: readonly string[]
  readonly release: () => Promise<void>
}

const foldersIn = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name))
}

/** Folders that lie so many levels below. */
const foldersBelow = async (folder: string, levels: number): Promise<string[]> => {
  if (levels === 0) return [folder]
  const found = await foldersIn(folder)
  return (await Promise.all(found.map((one) => foldersBelow(one, levels - 1)))).flat()
}

/** @param dataFolder the engine's own */
export const freezeTable = async (engine: Engine, table: Table, dataFolder: string): Promise<Frozen> => {
  const name = `winnow_${randomUUID().replaceAll('-', '')}`
  const shadow = path.join(dataFolder, 'shadow', name)
  const release = (): Promise<void> => rm(shadow, { recursive: true, force: true })
  try {
    // A name of ours, of letters and digits: a definition takes no bound values.
    await engine.run(sql`ALTER TABLE ${id(table.name)} FREEZE WITH NAME ${raw(`'${name}'`)}`)
    // store / first letters of the table's id / its id / part
    return { parts: (await foldersBelow(path.join(shadow, 'store'), 3)).toSorted(), release }
  } catch (error) {
    await release()
    throw error
  }
}

/** Gives back what a process that was killed had frozen: it takes room as soon as the parts are merged. */
export const clearFrozen = async (dataFolder: string): Promise<void> => {
  for (const folder of await foldersIn(path.join(dataFolder, 'shadow')))
    if (path.basename(folder).startsWith('winnow_')) await rm(folder, { recursive: true, force: true })
}

/** Where a table takes parts in from. */
const detachedOf = async (engine: Engine, table: Table): Promise<string> => {
  const [row] = await engine.rows<{ data_paths: readonly string[] }>(
    sql`SELECT data_paths FROM system.tables WHERE database = currentDatabase() AND name = ${table.name}`,
  )
  const [folder] = row?.data_paths ?? []
  if (folder === undefined) throw new Error(`the table ${table.name} is nowhere`)
  return path.join(folder, 'detached')
}

/**
 * Adds parts to a table.
 *
 * @param folder on the disk of the data folder: its parts are moved, not copied
 */
export const attachParts = async (engine: Engine, table: Table, folder: string): Promise<void> => {
  const detached = await detachedOf(engine, table)
  await mkdir(detached, { recursive: true })
  for (const part of (await foldersIn(folder)).toSorted()) {
    const name = path.basename(part)
    if (!/^\w+$/.test(name)) throw new Error(`${name} is no part of a table`)
    await rename(part, path.join(detached, name))
    await engine.run(sql`ALTER TABLE ${id(table.name)} ATTACH PART ${raw(`'${name}'`)}`)
  }
}
