/** A server as tests ask it: the real work state in memory, and a clock that is moved by hand. */
import { pino } from 'pino'
import { openBus } from '../../src/bus.ts'
import type { Config } from '../../src/config/config.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { buildApp } from '../../src/server/app.ts'
import type { LiveEvent, Role } from '../../src/api/api.ts'
import type { App, Context } from '../../src/server/context.ts'
import { hashPassword } from '../../src/server/passwords.ts'
import { startSession } from '../../src/store/sessions.ts'
import { openStore } from '../../src/store/store.ts'
import { createUser, type UserRow } from '../../src/store/users.ts'
import { noSurroundings } from '../../src/triage/identity.ts'

export const config: Config = {
  data: '/nonexistent',
  listen: { host: '127.0.0.1', port: 8420 },
  intake: null,
  files: [],
  syslog: [],
  ownNetworks: [],
  spool: { maxBytes: 1_000_000 },
  memoryBytes: 1_000_000_000,
  budgetPerDay: 20,
  retention: { days: 90, bytes: null },
  detectors: { off: [] },
  lists: { categories: [], reputation: [] },
  session: { hours: 24 },
  log: { level: 'info', format: 'json' },
}

/** No engine: what asks it anyway fails, which the test sees. */
const noEngine = new Proxy(
  {},
  {
    get: (_, name) => {
      if (name === 'then') return undefined
      throw new Error(`no engine here, but ${String(name)} was asked for`)
    },
  },
) as Engine

export interface Running {
  readonly app: App
  readonly context: Context
  /** Moves the clock on, in ms. */
  readonly pass: (ms: number) => void
  readonly logged: string[]
  readonly close: () => Promise<void>
}

export const startMs = Date.UTC(2026, 2, 2, 8)

export const runServer = async (parts: Partial<Context> = {}): Promise<Running> => {
  const store = await openStore({})
  let nowMs = startMs
  const logged: string[] = []
  const context: Context = {
    engine: noEngine,
    store,
    config,
    bus: openBus<LiveEvent>(),
    detectors: [],
    premises: noSurroundings,
    log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
    sources: () => [],
    now: () => nowMs,
    consoleFolder: '/nonexistent',
    ...parts,
  }
  const app = await buildApp(context)
  return {
    app,
    context,
    logged,
    pass: (ms) => {
      nowMs += ms
    },
    close: async () => {
      await app.close()
      await store.close()
    },
  }
}

export const password = 'correct horse battery staple'

let hash: Promise<string> | null = null

/** A user with {@link password}. */
export const addUser = async ({ context }: Running, name: string, role: Role): Promise<UserRow> => {
  hash ??= hashPassword(password)
  const email = `${name}@example.com`
  return createUser(context.store.db, { name, email, role, password: await hash }, startMs)
}

/** What the console sends along with a change. */
export const ours = { 'x-winnow': '1' }

/** Headers of a browser where the user is signed in. */
export const signedIn = async (
  { context }: Running,
  user: UserRow,
): Promise<{ cookie: string; 'x-winnow': string }> => {
  const nowMs = context.now?.() ?? 0
  const token = await startSession(
    context.store.db,
    { userId: user.id, address: '192.0.2.1', hours: 24 },
    nowMs,
  )
  return { cookie: `winnow_session=${token}`, ...ours }
}
