// What the README's two commands run: `npm start` and `npm test`. Each installs and builds what is missing first.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const [oldest, oldestMinor] = [20, 19]

const run = (command, args) => {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

const newest = (place) => {
  if (!existsSync(place)) return 0
  const { mtimeMs } = statSync(place)
  if (!statSync(place).isDirectory()) return mtimeMs
  return Math.max(mtimeMs, ...readdirSync(place).map((name) => newest(path.join(place, name))))
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < oldest || (major === oldest && minor < oldestMinor)) {
  console.error(`Winnow needs Node ${oldest}.${oldestMinor} or later; this is ${process.version}.`)
  process.exit(1)
}

const lock = path.join(root, 'package-lock.json')
const installed = path.join(root, 'node_modules', '.package-lock.json')
// Not `npm ci`: it refuses a lock file that was written where a package for another platform was not to be had.
if (newest(installed) < newest(lock)) run('npm', ['install', '--no-save', '--no-audit', '--no-fund'])

const [, , task = 'demo', ...rest] = process.argv
const isOlder = (built, sources) =>
  newest(path.join(root, ...built)) < Math.max(...sources.map((name) => newest(path.join(root, name))))
const program = ['src', 'parsers', 'detectors', 'tsconfig.json', 'tsconfig.build.json']
if (isOlder(['dist', 'src', 'cli', 'main.js'], program)) run('npx', ['tsc', '-p', 'tsconfig.build.json'])
if (isOlder(['dist', 'web', 'index.html'], ['web', 'src/api', 'src/report']))
  run('npm', ['run', '--silent', 'build:web'])

if (task === 'test') run('npm', ['run', '--silent', 'check'])
else run(process.execPath, [path.join(root, 'bin', 'winnow.cjs'), task, ...rest])
