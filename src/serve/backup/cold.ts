import path from 'node:path'
import type { Config } from '../../config/config.ts'
import { storeAt, workFolder } from '../../config/places.ts'
import { openEngine } from '../../engine/open.ts'
import { AppError } from '../../errors.ts'
import { openStore } from '../../store/store.ts'
import { exists, isFree } from './copy.ts'
import { makeBackup } from './make.ts'
import type { Manifest } from './manifest.ts'

/**
 * A backup of a data folder that nothing runs on.
 *
 * @throws AppError `backup-by-server` where something does; `nothing-to-read`; and what `makeBackup` throws
 */
export const makeColdBackup = async (to: string, config: Config): Promise<Manifest> => {
  const { data, engine: servers, memoryBytes, store: url } = config
  if (await isFree(data)) throw new AppError('nothing-to-read', { problem: `there is nothing in ${data}` })
  const closing: (() => Promise<void>)[] = []
  try {
    // A folder of hunts has no work state: none is made here.
    const hasWork = url !== undefined || (await exists(path.join(workFolder(data), 'PG_VERSION')))
    const store = hasWork ? await openStore(storeAt(config)) : null
    if (store !== null) closing.push(() => store.close())
    const engine =
      servers === undefined
        ? await openEngine({ kind: 'embedded', path: data, sessions: 1, memoryBytes })
        : null
    if (engine !== null) closing.push(() => engine.close())
    return await makeBackup({ to, dataFolder: data, engine, db: store?.db ?? null, spool: null })
  } catch (error) {
    if (error instanceof AppError && error.code === 'data-folder-in-use')
      throw new AppError('backup-by-server', { path: data }, error)
    throw error
  } finally {
    for (const close of closing.toReversed()) await close()
  }
}
