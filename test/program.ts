import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** The compiled program, for tests that need a process of its own. */
export interface Program {
  readonly folder: string
  readonly remove: () => void
}

/** Compiles the program into a folder within `node_modules`, so that a child finds the packages it needs. */
export const buildProgram = (name: string): Program => {
  const folder = path.resolve('node_modules', '.cache', `winnow-${name}-${process.pid}`)
  const compiler = path.resolve('node_modules', '.bin', 'tsc')
  try {
    execFileSync(compiler, ['-p', 'tsconfig.build.json', '--outDir', folder, '--declaration', 'false'], {
      stdio: 'ignore',
    })
  } catch {
    // It writes what it compiled whatever it complains of; the type check has a test of its own.
  }
  if (!existsSync(path.join(folder, 'src', 'cli', 'main.js'))) throw new Error('nothing was compiled')
  const own: unknown = JSON.parse(readFileSync('package.json', 'utf8'))
  const version = typeof own === 'object' && own !== null && 'version' in own ? own.version : ''
  const itself = {
    name: 'winnow',
    version,
    type: 'module',
    exports: { '.': './src/sdk.js', './package.json': './package.json' },
  }
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(itself))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
