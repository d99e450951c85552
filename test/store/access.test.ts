import { expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import { attemptSucceeded, beginAttempt } from '../../src/store/attempts.ts'
import { listAudit, writeAudit } from '../../src/store/audit.ts'
import { checkKey, createKey, listKeys, revokeKey } from '../../src/store/keys.ts'
import {
  choosePassword,
  makeToken,
  passwordLink,
  passwordLinkMs,
  setupLink,
  signInLink,
  userOfPasswordLink,
  useToken,
} from '../../src/store/one-time-tokens.ts'
import { endSessionsOf, startSession, useSession } from '../../src/store/sessions.ts'
import {
  changeUser,
  createUser,
  deleteUser,
  listUsers,
  setupNeeded,
  userById,
} from '../../src/store/users.ts'
import { onBoth } from './on-both.ts'

const nowMs = Date.UTC(2026, 2, 2)
const hour = 3_600_000

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    return error instanceof AppError ? error.code : String(error)
  }
}

onBoth('who may come in', (store) => {
  const user = (name: string, role: 'administrator' | 'viewer' = 'viewer') =>
    createUser(store().db, { name, email: `${name}@example.com`, role, password: null }, nowMs)

  it('users are made once an address, and one administrator stays', async () => {
    const { db } = store()
    expect(await setupNeeded(db)).toBe(true)
    const [ada, eve] = [await user('ada', 'administrator'), await user('eve', 'administrator')]
    expect(await setupNeeded(db)).toBe(false)
    expect(await codeOf(user('ada'))).toBe('conflict')
    const both = await Promise.all([
      codeOf(changeUser(db, ada.id, { role: 'viewer' })),
      codeOf(changeUser(db, eve.id, { role: 'viewer' })),
    ])
    expect(both.toSorted((a, b) => a.localeCompare(b))).toEqual(['last-administrator', 'none'])
    const [left] = (await listUsers(db)).filter(({ role }) => role === 'administrator')
    expect(await codeOf(deleteUser(db, left?.id ?? '', nowMs))).toBe('last-administrator')
    expect(await codeOf(changeUser(db, 'nobody', { name: 'x' }))).toBe('not-found')
  })

  it('sessions end by time, by disuse, and all at once', async () => {
    const { db } = store()
    const { id } = await user('bea')
    const start = () => startSession(db, { userId: id, address: '192.0.2.1', hours: 24 }, nowMs)
    const [one, two] = [await start(), await start()]
    expect((await useSession(db, one, nowMs + 7 * hour))?.user.name).toBe('bea')
    expect(await useSession(db, two, nowMs + 9 * hour)).toBe(null)
    expect(await useSession(db, one, nowMs + 9 * hour)).not.toBe(null)
    await endSessionsOf(db, id)
    expect(await useSession(db, one, nowMs + 9 * hour)).toBe(null)
  })

  it('keys and links work as long as they should', async () => {
    const { db } = store()
    const by = await user('cleo')
    const given = { name: 'k', scopes: ['read', 'ingest'] as const, source: null, expires: null }
    const { key, secret } = await createKey(db, given, by, nowMs)
    expect(await checkKey(db, secret, nowMs)).toEqual({
      id: key.id,
      name: 'k',
      scopes: ['read', 'ingest'],
      source: null,
    })
    expect((await listKeys(db))[0]).toMatchObject({ by: 'cleo', lastUsed: new Date(nowMs).toISOString() })
    await revokeKey(db, key.id, nowMs)
    expect(await checkKey(db, secret, nowMs)).toBe(null)

    const token = await makeToken(db, { purpose: 'sign-in', userId: by.id, lastsMs: hour }, nowMs)
    expect(await useToken(db, 'setup', token, nowMs)).toBe(null)
    expect(
      await Promise.all([useToken(db, 'sign-in', token, nowMs), useToken(db, 'sign-in', token, nowMs)]),
    ).toContainEqual(null)
    expect(await useToken(db, 'sign-in', token, nowMs)).toBe(null)
    expect(await setupLink(db, 'http://127.0.0.1', nowMs)).toContain('/setup#')
  })

  const tokenOf = (link: string): string => link.split('#')[1] ?? ''

  it('a link to choose a password works once, and the next one replaces it', async () => {
    const { db } = store()
    const { id } = await user('grace')
    const other = await user('hedy')
    const make = async (userId: string, lastsMs: number = passwordLinkMs.asked): Promise<string> =>
      tokenOf(
        (await passwordLink(db, { userId, baseUrl: 'https://winnow.example.com/', lastsMs }, nowMs)).link,
      )
    const made = await passwordLink(
      db,
      { userId: id, baseUrl: 'https://winnow.example.com/', lastsMs: passwordLinkMs.invited },
      nowMs,
    )
    expect(made.link).toMatch(/^https:\/\/winnow\.example\.com\/choose-password#[\w-]{43}$/)
    expect(made.expires).toBe('2026-03-05T00:00:00.000Z')
    const others = await make(other.id)
    const token = await make(id)
    expect(await userOfPasswordLink(db, tokenOf(made.link), nowMs)).toBeUndefined()
    expect(await userOfPasswordLink(db, others, nowMs)).toMatchObject({ name: 'hedy' })
    const kept = await db.selectFrom('one_time_tokens').select('hash').execute()
    expect(kept).toHaveLength(2)
    expect(JSON.stringify(kept)).not.toContain(token)

    // It is not one that signs in, and looking at it does not use it up.
    expect(await useToken(db, 'sign-in', token, nowMs)).toBe(null)
    expect(await userOfPasswordLink(db, token, nowMs + hour - 1)).toMatchObject({ name: 'grace' })
    expect(await userOfPasswordLink(db, token, nowMs + hour)).toBeUndefined()
    expect(await choosePassword(db, token, 'a hash', nowMs + hour)).toBeUndefined()
    const both = await Promise.all([
      choosePassword(db, token, 'one', nowMs),
      choosePassword(db, token, 'two', nowMs),
    ])
    const [chosen] = both.filter((row) => row !== undefined)
    expect(both.filter((row) => row === undefined)).toHaveLength(1)
    expect((await userById(db, id))?.password).toBe(chosen?.password)
    expect((await listUsers(db)).map(({ name, invited }) => [name, invited])).toEqual([
      ['grace', false],
      ['hedy', true],
    ])
  })

  it('links end with the password they were made for, and with the right to come in', async () => {
    const { db } = store()
    await user('ada', 'administrator')
    const { id } = await user('ines')
    const baseUrl = 'http://127.0.0.1'
    const make = async (): Promise<string> =>
      tokenOf((await passwordLink(db, { userId: id, baseUrl, lastsMs: hour }, nowMs)).link)
    const works = async (token: string): Promise<boolean> =>
      (await userOfPasswordLink(db, token, nowMs)) !== undefined

    const first = await make()
    const signsIn = tokenOf(await signInLink(db, id, baseUrl, nowMs))
    await changeUser(db, id, { name: 'Ines', role: 'viewer' })
    expect(await works(first)).toBe(true)
    await changeUser(db, id, { password: 'a hash' })
    expect(await works(first)).toBe(false)
    expect(await useToken(db, 'sign-in', signsIn, nowMs)).toBe(null)

    const second = await make()
    await changeUser(db, id, { disabled: true })
    expect(await codeOf(make())).toBe('conflict')
    await changeUser(db, id, { disabled: false })
    expect(await works(second)).toBe(false)

    // However it came to be there.
    const third = await make()
    await db.updateTable('users').set({ disabled: true }).where('id', '=', id).execute()
    expect(await choosePassword(db, third, 'another hash', nowMs)).toBeUndefined()
    await db.updateTable('users').set({ disabled: false }).where('id', '=', id).execute()
    expect(await works(third)).toBe(true)

    await deleteUser(db, id, nowMs)
    expect(await works(third)).toBe(false)
    expect(await codeOf(make())).toBe('not-found')
    expect(await db.selectFrom('one_time_tokens').select('hash').execute()).toEqual([])
  })

  it('wrong passwords make the next one wait longer and longer, and are forgotten after an hour', async () => {
    const { db } = store()
    const attempt = { email: 'dora@example.com', address: '203.0.113.7' }
    let atMs = nowMs
    const waits: number[] = []
    for (let i = 0; i < 12; i += 1) {
      try {
        await beginAttempt(db, attempt, atMs)
      } catch (error) {
        const seconds = error instanceof AppError ? Number(error.facts['seconds']) : Number.NaN
        waits.push(seconds)
        atMs += seconds * 1000
        await beginAttempt(db, attempt, atMs)
      }
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128])
    await beginAttempt(db, attempt, atMs + 2 * hour)
    expect(await codeOf(beginAttempt(db, attempt, atMs + 2 * hour + 1))).toBe('none')
    await attemptSucceeded(db, attempt, [], atMs)
  })

  it('others cannot keep somebody out of their own account where they are known', async () => {
    const { db } = store()
    const email = 'fay@example.com'
    const home = { email, address: '192.0.2.9' }
    await attemptSucceeded(db, home, await beginAttempt(db, home, nowMs), nowMs)
    let refused = 0
    for (let i = 0; i < 70; i += 1) {
      const code = await codeOf(beginAttempt(db, { email, address: `203.0.113.${i}` }, nowMs))
      refused += code === 'too-many-attempts' ? 1 : 0
    }
    expect(refused).toBe(10)
    expect(await codeOf(beginAttempt(db, home, nowMs))).toBe('none')
    expect(await codeOf(beginAttempt(db, { email, address: '192.0.2.77' }, nowMs))).toBe('too-many-attempts')
  })

  it('an account of one’s own does not make up for what is tried on others', async () => {
    const { db } = store()
    const address = '203.0.113.200'
    const own = { email: 'gus@example.com', address }
    let refused = 0
    for (let i = 0; i < 60; i += 1) {
      const atMs = nowMs + i * 1000
      refused +=
        (await codeOf(beginAttempt(db, { email: `u${i}@example.com`, address }, atMs))) === 'none' ? 0 : 1
      await attemptSucceeded(db, own, await beginAttempt(db, own, atMs), atMs)
    }
    expect(refused).toBeGreaterThan(20)
  })

  it('the audit log is read newest first, a page at a time', async () => {
    const { db } = store()
    for (let i = 1; i <= 5; i += 1) {
      const entry = { who: 'ada', action: 'looked', target: `t${i}`, detail: 'x'.repeat(5000), address: null }
      await writeAudit(db, entry, nowMs + i)
    }
    const first = await listAudit(db, { before: null, limit: 3 })
    expect(first.entries.map(({ target }) => target)).toEqual(['t5', 't4', 't3'])
    expect(first.entries[0]?.detail).toHaveLength(1000)
    const rest = await listAudit(db, { before: first.next, limit: 3 })
    expect([rest.entries.map(({ target }) => target), rest.next]).toEqual([['t2', 't1'], null])
  })
})
