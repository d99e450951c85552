import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listAudit } from '../../src/store/audit.ts'
import { choosePassword } from '../../src/store/one-time-tokens.ts'
import { openStore } from '../../src/store/store.ts'
import { createUser } from '../../src/store/users.ts'
import { buildProgram, type Program } from '../program.ts'

const run = promisify(execFile)

describe('winnow sign-in-link', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-link-'))
  let program: Program
  beforeAll(() => {
    program = buildProgram('sign-in-link')
  }, 120_000)
  afterAll(() => {
    program.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  const ask = (email: string) =>
    run(process.execPath, [
      path.join(program.folder, 'src', 'cli', 'main.js'),
      'sign-in-link',
      email,
      '--data',
      folder,
    ])

  it(
    'lets choose a new password who forgot it, once, and says so in the audit log',
    { timeout: 180_000 },
    async () => {
      const first = await openStore({ folder: path.join(folder, 'work') })
      const ada = { name: 'Ada', email: 'ada@example.com', role: 'administrator', password: null } as const
      const { id } = await createUser(first.db, ada, Date.now())
      await first.close()
      const { stdout } = await ask('Ada@example.com')
      const token = /^http:\/\/127\.0\.0\.1:8484\/choose-password#(\S+)\n$/.exec(stdout)?.[1] ?? ''
      await expect(ask('nobody@example.com')).rejects.toMatchObject({ code: 2 })
      const second = await openStore({ folder: path.join(folder, 'work') })
      const { entries } = await listAudit(second.db, { before: null, limit: 10 })
      expect(entries.map(({ action, target }) => [action, target])).toEqual([
        ['password link made', 'ada@example.com'],
      ])
      expect(await choosePassword(second.db, token, 'a hash', Date.now())).toMatchObject({ id })
      expect(await choosePassword(second.db, token, 'a hash', Date.now())).toBeUndefined()
      await second.close()
    },
  )
})
