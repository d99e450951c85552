/**
 * One process at a time in a folder of PGlite, which takes no lock itself: two would ruin it.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { AppError } from '../errors.ts'

/** Folders that this very process has open. */
const mine = new Set<string>()

/** When a process began, as Linux counts it: a number that was given away again is another process. Empty elsewhere. */
const beganOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The 22nd field; the second is a name in brackets that may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

const isAlive = (pid: number, began: string): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process is one, too.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  return pid !== process.pid && beganOf(pid) === began
}

/**
 * @returns what gives the folder back
 * @throws AppError `data-folder-in-use`
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const file = `${folder}.pid`
  if (mine.has(file)) throw new AppError('data-folder-in-use', { path: folder })
  mine.add(file)
  try {
    for (;;) {
      try {
        const handle = await open(file, 'wx')
        await handle.writeFile(`${process.pid} ${beganOf(process.pid)}\n`)
        await handle.close()
        break
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      }
      const [pid = '', began = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
      if (Number(pid) > 0 && isAlive(Number(pid), began))
        throw new AppError('data-folder-in-use', { path: folder })
      await rm(file, { force: true })
    }
  } catch (error) {
    mine.delete(file)
    throw error
  }
  return async () => {
    await rm(file, { force: true })
    mine.delete(file)
  }
}
