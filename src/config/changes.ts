/**
 * What of a configuration can change while a server runs.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import type { Config } from './config.ts'

/** What takes effect at once. All else is read when a server starts. */
export const atOnce = [
  'files',
  'ownNetworks',
  'timeZone',
  'budgetPerDay',
  'retention',
  'detectors',
  'backup',
  'session',
] as const satisfies readonly (keyof Config)[]

/** How settings are called in the file: `ownNetworks` is `own_networks`. */
export const writtenName = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^memory_bytes$/, 'memory')

export interface ConfigChanges {
  /** Names as they stand in the file. */
  readonly applied: readonly string[]
  readonly needRestart: readonly string[]
}

const withoutLevel = ({ log }: Config): unknown => ({ ...log, level: undefined })

/** Which settings differ, at the top of the file. */
export const changesBetween = (before: Config, after: Config): ConfigChanges => {
  const canChange = new Set<string>(atOnce)
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  // Names of its own fields.
  const differ = names.filter(
    (name) => !isDeepStrictEqual(before[name as keyof Config], after[name as keyof Config]),
  )
  const others = differ.filter((name) => name !== 'log')
  const isLevel = before.log.level !== after.log.level
  const isFormat = !isDeepStrictEqual(withoutLevel(before), withoutLevel(after))
  return {
    applied: [
      ...others.filter((name) => canChange.has(name)).map(writtenName),
      ...(isLevel ? ['log.level'] : []),
    ],
    needRestart: [
      ...others.filter((name) => !canChange.has(name)).map(writtenName),
      ...(isFormat ? ['log.format'] : []),
    ],
  }
}

/** A configuration that whoever holds it sees change. */
export interface CurrentConfig {
  /** Always as it is now; what needs a restart stays as it was. */
  readonly config: Config
  /** Takes what can change from another. */
  readonly take: (next: Config) => void
}

export const openCurrent = (started: Config): CurrentConfig => {
  const config: Config = { ...started }
  return {
    config,
    take: (next) => {
      const { level } = next.log
      Object.assign(config, { log: { ...config.log, level } })
      for (const name of atOnce) {
        // Absent and undefined are not the same to whoever looks.
        if (next[name] === undefined) Reflect.deleteProperty(config, name)
        else Object.assign(config, { [name]: next[name] })
      }
    },
  }
}
