/**
 * Where a command talks to: results to standard output, all else to standard error.
 *
 * @module
 */
import { open, writeFile } from 'node:fs/promises'
import { AppError, messageOf } from '../errors.ts'
import { createProgress, type Progress } from '../report/progress.ts'

/** Writes all of a text to standard output; a reader that went away (`| head`) is no error. */
export const print = (text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      if (error === null || error === undefined || ('code' in error && error.code === 'EPIPE')) resolve()
      else reject(error)
    })
  })

export const talk = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** "1 user", "2 users". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

export const progressOnStderr = (): Progress =>
  createProgress(process.stderr, { interactive: process.stderr.isTTY })

export interface Screen {
  readonly color: boolean
  readonly width: number
}

/** Colours on a terminal only, and not where NO_COLOR asks for none. */
export const screenOf = (colorOption: boolean | undefined): Screen => ({
  color: process.stdout.isTTY && colorOption !== false && (process.env['NO_COLOR'] ?? '') === '',
  width: process.stdout.isTTY ? process.stdout.columns : 120,
})

/** Whether a page could be written there is found out before the work, not after it. Throws `output-unwritable`. */
export const checkWritable = async (file: string): Promise<void> => {
  try {
    await (await open(file, 'a')).close()
  } catch (error) {
    throw new AppError('output-unwritable', { path: file, problem: messageOf(error) }, error)
  }
}

export const writePage = (file: string, page: string): Promise<void> => writeFile(file, page)
