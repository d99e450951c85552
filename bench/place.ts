/**
 * Where a bench runs: the project's folder, the machine, the commit.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/** The folder with package.json, whether run from the sources or from what was built. */
export const projectRoot = (): string => {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder
    if (path.dirname(folder) === folder) throw new Error('no package.json above the bench')
  }
}

/** The development data beside the project, where they are. */
export const sharedData = (...parts: readonly string[]): string =>
  path.join(projectRoot(), '..', 'shared', 'data', ...parts)

const git = (...args: readonly string[]): string => {
  try {
    return execFileSync('git', ['--no-optional-locks', ...args], {
      cwd: projectRoot(),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

export interface Machine {
  /** With `+` where files differ from it; `unknown` outside a repository. */
  readonly commit: string
  readonly date: string
  readonly processor: string
  readonly cores: number
  readonly memoryGB: number
  readonly node: string
  /** Mean number of running processes over the last minute, when the bench began: above 0.5, others are at work too. */
  readonly load: number
}

export const thisMachine = (): Machine => {
  const cpus = os.cpus()
  const commit = git('rev-parse', '--short=12', 'HEAD')
  const changed =
    git('status', '--porcelain', '--', 'src', 'parsers', 'detectors', 'package.json') === '' ? '' : '+'
  return {
    commit: commit === '' ? 'unknown' : commit + changed,
    date: new Date().toISOString().slice(0, 10),
    processor: cpus[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGB: Math.round(os.totalmem() / 1e9),
    node: process.version,
    load: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  }
}

export const machineText = (machine: Machine): string =>
  `Commit ${machine.commit}, ${machine.date}; ${machine.processor}, ${machine.cores} cores, ${machine.memoryGB} GB, Node ${machine.node}; load ${machine.load} before the first run.`
