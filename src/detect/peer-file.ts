/**
 * The user's own file of peer groups: `entity,group`, a line each.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { AppError, messageOf } from '../errors.ts'

/** Users and addresses in lower case, with the group each belongs to. */
export interface PeerFile {
  readonly groups: ReadonlyMap<string, string>
}

const titles: readonly string[] = ['entity', 'user', 'user_name', 'host', 'address', 'source_ip']

/** Two cells, bare or between quotes; a quote inside quotes is doubled. Null where there are not two. */
const cellsOf = (line: string): readonly [string, string] | null => {
  const cell = '("(?:[^"]|"")*"|[^",;\t]*)'
  const [, first, second] = line.match(new RegExp(`^${cell}\\s*[,;\t]\\s*${cell}\\s*$`)) ?? []
  if (first === undefined || second === undefined) return null
  const bare = (text: string): string =>
    (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text).trim()
  return [bare(first), bare(second)]
}

/**
 * Reads groups from CSV. A first line of titles, empty lines and lines that begin with `#` are left out.
 *
 * @throws AppError `invalid-list` that names the line
 */
export const parsePeers = (text: string, where: string): PeerFile => {
  const groups = new Map<string, string>()
  const problem = (line: number, what: string): AppError =>
    new AppError('invalid-list', { kind: 'peers', path: where, problem: `line ${line}: ${what}` })
  for (const [i, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const cells = cellsOf(line)
    if (cells === null) throw problem(i + 1, `expected "entity,group", such as "alice,finance"`)
    const [entity, group] = cells
    if (groups.size === 0 && titles.includes(entity.toLowerCase())) continue
    if (entity === '') throw problem(i + 1, 'there is no entity before the comma')
    if (group === '') throw problem(i + 1, `${entity} has no group`)
    const known = groups.get(entity.toLowerCase())
    if (known !== undefined && known !== group)
      throw problem(i + 1, `${entity} is in ${known} already: an entity has one group`)
    groups.set(entity.toLowerCase(), group)
  }
  if (groups.size === 0)
    throw new AppError('invalid-list', { kind: 'peers', path: where, problem: 'it names nobody' })
  return { groups }
}

/** @throws AppError `invalid-list` */
export const openPeers = async (file: string): Promise<PeerFile> => {
  try {
    return parsePeers(await readFile(file, 'utf8'), file)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('invalid-list', { kind: 'peers', path: file, problem: messageOf(error) }, error)
  }
}
