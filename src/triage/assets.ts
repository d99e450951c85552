/**
 * The user's own file of what machines and people are worth: `entity,weight`, a line each.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { AppError, messageOf } from '../errors.ts'

/** Names in lower case → how much more (2) or less (0.5) they matter than what is not listed. */
export type Assets = ReadonlyMap<string, number>

/** More than this would make everything certain. */
const mostWeight = 10

/**
 * Reads weights from CSV. A first line of titles, empty lines and lines that begin with `#` are left out.
 *
 * @throws AppError `invalid-list` that names the line
 */
export const parseAssets = (text: string, where: string): Assets => {
  const weights = new Map<string, number>()
  const problem = (what: string): AppError =>
    new AppError('invalid-list', { kind: 'assets', path: where, problem: what })
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, i) => ({ line: line.trim(), number: i + 1 }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
  lines.forEach(({ line, number }, i) => {
    const [, entity = '', written = ''] = line.match(/^"?([^",;\t]+?)"?\s*[,;\t]\s*"?([^",;\t]*?)"?$/) ?? []
    const weight = Number(written)
    const isTitle = i === 0 && /^[a-z_ ]+$/i.test(written)
    if (isTitle) return
    if (entity === '' || written === '' || !(weight > 0 && weight <= mostWeight))
      throw problem(`line ${number}: expected "entity,weight" with a weight above 0 and up to ${mostWeight}`)
    weights.set(entity.toLowerCase(), weight)
  })
  if (weights.size === 0) throw problem('it names nothing')
  return weights
}

/** @throws AppError `invalid-list` */
export const openAssets = async (file: string): Promise<Assets> => {
  try {
    return parseAssets(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid-list', { kind: 'assets', path: file, problem: messageOf(error) }, error)
  }
}
