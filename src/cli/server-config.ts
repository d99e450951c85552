import type { Config } from '../config/config.ts'
import { parseConfig, readConfig } from '../config/read-config.ts'
import { AppError } from '../errors.ts'

/** Flags that say which server is meant. */
export interface ServerFlags {
  readonly config?: string
  readonly data?: string
  readonly listen?: string
}

/**
 * The configuration of a file, or of the flags alone.
 *
 * @throws AppError `invalid-config`
 */
export const serverConfig = async ({ config: file, data, listen }: ServerFlags): Promise<Config> => {
  const environment = {
    ...process.env,
    ...(data === undefined ? {} : { WINNOW_DATA: JSON.stringify(data) }),
    ...(listen === undefined ? {} : { WINNOW_LISTEN: JSON.stringify(listen) }),
  }
  if (file !== undefined) return readConfig(file, environment)
  const { config, problems } = parseConfig('data: winnow-data\n', 'command line', environment)
  if (config !== null) return config
  const [first] = problems
  throw new AppError('invalid-config', { place: first?.place ?? '', problem: first?.problem ?? '' })
}
