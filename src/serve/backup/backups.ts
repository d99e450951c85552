/**
 * Backups that a server makes of itself: one at a time, each a folder of its own, the oldest ones removed.
 *
 * @module
 */
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Logger } from 'pino'
import type { BackupRow } from '../../api/api.ts'
import type { Config } from '../../config/config.ts'
import type { Engine } from '../../engine/engine.ts'
import { clearFrozen } from '../../engine/parts.ts'
import { AppError, messageOf } from '../../errors.ts'
import type { Spool } from '../../spool/spool.ts'
import type { Db } from '../../store/database.ts'
import { makeBackup } from './make.ts'
import { readManifest, type Manifest } from './manifest.ts'

export interface Backups {
  /**
   * Begins one.
   *
   * @throws AppError `conflict` where one is being made, or the configuration names no folder
   */
  readonly start: () => BackupRow
  /** The newest first: the one that is being made, those that failed since the start, and those in the folder. */
  readonly list: () => Promise<readonly BackupRow[]>
  readonly close: () => Promise<void>
}

/** `winnow-20260302T081500Z`: names sort by time. */
const nameAt = (ms: number): string =>
  `winnow-${new Date(ms).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`

const isBackup = (name: string): boolean => /^winnow-\d{8}T\d{6}Z$/.test(name)

const sizeOf = ({ files }: Manifest): number => Object.values(files).reduce((sum, bytes) => sum + bytes, 0)

/** Clears what a backup left that was cut short. */
export const openBackups = async (options: {
  readonly engine: Engine
  readonly db: Db
  readonly spool: Spool
  /** As it is now. */
  readonly config: Config
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}): Promise<Backups> => {
  const { engine, db, spool, config, log } = options
  await clearFrozen(config.data)
  let running: BackupRow | null = null
  let working: Promise<void> = Promise.resolve()
  const failed: BackupRow[] = []

  const made = async (folder: string): Promise<BackupRow[]> => {
    const names = (await readdir(folder).catch(() => [])).filter(isBackup)
    const rows = await Promise.all(
      names.map(async (name): Promise<BackupRow[]> => {
        try {
          const manifest = await readManifest(path.join(folder, name))
          const { made: started } = manifest
          return [{ name, started, state: 'made', bytes: sizeOf(manifest), problem: null }]
        } catch {
          // The one that is being made, or what is left of one.
          return []
        }
      }),
    )
    return rows.flat()
  }

  const removeOld = async (folder: string, keep: number): Promise<void> => {
    const names = (await readdir(folder)).filter(isBackup).toSorted().toReversed()
    const whole = new Set((await made(folder)).map(({ name }) => name))
    const kept = new Set(names.filter((name) => whole.has(name)).slice(0, keep))
    for (const name of names.filter((one) => !kept.has(one))) {
      await rm(path.join(folder, name), { recursive: true, force: true })
      log.info({ backup: name }, 'an old backup was removed')
    }
  }

  const work = async (folder: string, row: BackupRow): Promise<void> => {
    const beganMs = performance.now()
    const to = path.join(folder, row.name)
    try {
      const manifest = await makeBackup({ to, dataFolder: config.data, engine, db, spool })
      const seconds = Math.round((performance.now() - beganMs) / 1000)
      log.info({ backup: to, bytes: sizeOf(manifest), seconds }, 'a backup was made')
      const { keep } = config.backup ?? {}
      if (keep !== undefined) await removeOld(folder, keep)
    } catch (error) {
      log.error({ backup: to, problem: messageOf(error) }, 'a backup failed')
      failed.unshift({ ...row, state: 'failed', problem: messageOf(error) })
      failed.length = Math.min(failed.length, 10)
    } finally {
      running = null
    }
  }

  return {
    start: () => {
      const { backup } = config
      if (backup === undefined)
        throw new AppError('conflict', {
          problem: 'the configuration names no folder for backups: set backup.folder',
        })
      if (running !== null) throw new AppError('conflict', { problem: 'a backup is being made' })
      const startedMs = Date.now()
      const started = new Date(startedMs).toISOString()
      const row: BackupRow = {
        name: nameAt(startedMs),
        started,
        state: 'running',
        bytes: null,
        problem: null,
      }
      running = row
      working = work(backup.folder, row)
      return row
    },
    list: async () => {
      const found = config.backup === undefined ? [] : await made(config.backup.folder)
      const others = found.filter(({ name }) => name !== running?.name)
      const all = [...(running === null ? [] : [running]), ...failed, ...others]
      return all.toSorted((a, b) => (a.started < b.started ? 1 : -1))
    },
    close: () => working,
  }
}
