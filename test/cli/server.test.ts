import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { buildProgram, type Program } from '../program.ts'

let program: Program
let folder: string
let server: ChildProcess | undefined
let told = ''

beforeAll(() => {
  program = buildProgram('server')
  folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-cli-server-'))
}, 120_000)

afterAll(() => {
  server?.kill('SIGKILL')
  program.remove()
  rmSync(folder, { recursive: true, force: true })
})

const main = (): string => path.join(program.folder, 'src', 'cli', 'main.js')

const winnow = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
  const { status, stderr } = spawnSync(process.execPath, [main(), ...args], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, UV_THREADPOOL_SIZE: '16', ...environment },
    timeout: 60_000,
  })
  return { status, stderr }
}

const startServer = (): void => {
  const child = spawn(process.execPath, [main(), 'serve', '--config', 'winnow.yaml'], {
    cwd: folder,
    env: { ...process.env, UV_THREADPOOL_SIZE: '16' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  child.stderr.on('data', (text: Buffer) => (told += text.toString()))
  server = child
}

const says = (text: RegExp): Promise<void> =>
  vi.waitFor(() => expect(told).toMatch(text), { timeout: 60_000, interval: 50 })

/** An administrator's key, made as a person would: by the link, then in the console. */
const makeKey = async (setup: string): Promise<string> => {
  const { origin, hash } = new URL(setup)
  const headers = { origin, 'x-winnow': '1', 'content-type': 'application/json' }
  const person = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery staple' }
  const body = JSON.stringify({ token: hash.slice(1), ...person })
  const answer = await fetch(`${origin}/api/setup`, { method: 'POST', headers, body })
  expect(answer.status).toBe(200)
  const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0])
  const key = { name: 'backup', scopes: ['admin'], source: null, expires: null }
  const made = await fetch(`${origin}/api/keys`, {
    method: 'POST',
    headers: { ...headers, cookie: cookie.join('; ') },
    body: JSON.stringify(key),
  })
  // As the route's schema says.
  return ((await made.json()) as { readonly secret: string }).secret
}

describe('winnow serve', () => {
  it(
    'reads its configuration again, backs itself up, and comes back from the backup',
    { timeout: 240_000 },
    async () => {
      const file = path.join(folder, 'winnow.yaml')
      const text = 'data: data\nlisten: 127.0.0.1:0\nintake: null\nlog: { format: json }\n'
      writeFileSync(file, `${text}backup: { folder: backups, keep: 2 }\n`)
      startServer()
      await says(/setup#\S+\s/)
      const setup = /http:\S+setup#\S+/.exec(told)?.[0] ?? ''
      const url = new URL(setup).origin

      appendFileSync(file, 'budget_per_day: 3\n')
      await says(/"settings":\["budget_per_day"\],"msg":"the configuration was read again"/)
      appendFileSync(file, 'retention: { dayz: 3 }\n')
      server?.kill('SIGHUP')
      await says(/winnow\.yaml:7:14: unknown setting retention\.dayz\. Did you mean days\?/)

      expect(winnow(['backup', '--data', 'data', '--to', 'cold'])).toMatchObject({
        status: 4,
        stderr: expect.stringContaining('winnow backup --server') as string,
      })
      expect(winnow(['backup'])).toMatchObject({ status: 2 })
      expect(winnow(['backup', '--server', url], { WINNOW_KEY: 'winnow_no' })).toMatchObject({
        status: 4,
        stderr: expect.stringContaining('does not know the key') as string,
      })
      const key = await makeKey(setup)
      expect(winnow(['backup', '--server', url], { WINNOW_KEY: key })).toMatchObject({ status: 0 })
      const [name = ''] = readdirSync(path.join(folder, 'backups'))
      server?.kill('SIGTERM')
      if (server !== undefined) await once(server, 'exit')
      expect(server?.exitCode).toBe(0)

      const from = path.join('backups', name)
      expect(winnow(['restore', '--from', from, '--data', 'data'])).toMatchObject({ status: 2 })
      expect(winnow(['restore', '--from', from, '--data', 'other'])).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('1 user. ') as string,
      })
      expect(winnow(['backup', '--data', 'other', '--to', 'cold'])).toMatchObject({ status: 0 })
      expect(existsSync(path.join(folder, 'cold', 'backup.json'))).toBe(true)
    },
  )
})
