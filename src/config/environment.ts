/**
 * Overrides from the environment: `WINNOW_LISTEN` is `listen`, `WINNOW_RETENTION__DAYS` is `retention.days`. Values are read as YAML, so
 * that lists can be given too. Secrets may be given by file: `WINNOW_STORE_FILE` holds the path of a file that holds `store`.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { AppError, messageOf } from '../errors.ts'

export interface Override {
  readonly variable: string
  /** Where it stands in the configuration. */
  readonly path: readonly string[]
  readonly value: unknown
}

const prefix = 'WINNOW_'
const fromFile = '_FILE'

const contentOf = (variable: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new AppError('invalid-config', { place: variable, problem: messageOf(error) }, error)
  }
}

/**
 * @param known the names of all settings at the top: other variables that begin alike are not ours
 * @throws AppError `invalid-config` for a file that cannot be read, and a value that is no YAML
 */
export const overridesFrom = (
  environment: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): Override[] =>
  Object.entries(environment).flatMap(([variable, text]) => {
    if (!variable.startsWith(prefix) || text === undefined) return []
    const isFile = variable.endsWith(fromFile)
    const name = variable.slice(prefix.length, isFile ? -fromFile.length : undefined).toLowerCase()
    const path = name.split('__')
    if (!known.includes(path[0] ?? '')) return []
    try {
      const value: unknown = isFile ? contentOf(variable, text) : parse(text)
      return [{ variable, path, value }]
    } catch (error) {
      if (error instanceof AppError) throw error
      throw new AppError('invalid-config', { place: variable, problem: messageOf(error) }, error)
    }
  })
