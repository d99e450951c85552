/**
 * What a backup says of itself: `backup.json`, written last. A folder without it is no backup.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import { AppError, messageOf } from '../../errors.ts'
import type { Dump } from '../../store/dump.ts'

const manifest = z.object({
  /** Counts up when an older Winnow could not read it any more. */
  version: z.literal(1),
  winnow: z.string(),
  made: z.string(),
  /** Null: there was no work state. */
  work: z
    .object({ migrations: z.array(z.string()), tables: z.record(z.string(), z.number().int()) })
    .nullable(),
  /** Parts by table; null: events are elsewhere, on servers of their own. */
  events: z.record(z.string(), z.number().int()).nullable(),
  /** Paths in the backup, and their sizes. */
  files: z.record(z.string(), z.number().int()),
})

export interface Manifest extends Readonly<Omit<z.infer<typeof manifest>, 'work'>> {
  readonly work: Dump | null
}

export const manifestName = 'backup.json'

/** @throws AppError `invalid-backup` */
export const readManifest = async (folder: string): Promise<Manifest> => {
  const refuse = (problem: string, cause?: unknown): AppError =>
    new AppError('invalid-backup', { path: folder, problem }, cause)
  let text: string
  try {
    text = await readFile(path.join(folder, manifestName), 'utf8')
  } catch (error) {
    throw refuse(`${manifestName} is not there: it was not finished, or is none (${messageOf(error)})`, error)
  }
  try {
    return manifest.parse(JSON.parse(text))
  } catch (error) {
    throw refuse(`${manifestName} is not what this version writes`, error)
  }
}
