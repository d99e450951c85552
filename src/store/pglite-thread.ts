/**
 * PGlite in a thread of its own: opening it takes a second, and a query computes all the while it runs. The thread that serves
 * people does neither.
 *
 * @module
 */
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Worker, type MessagePort } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import { lockFolder } from './folder-lock.ts'
import type { Answer, Queries } from './pglite.ts'

interface Question {
  readonly id: number
  readonly text: string
  readonly values: readonly unknown[]
}

/** What PostgreSQL says of an error, beside its message: `code` is its SQLSTATE. */
type Trouble = Readonly<Record<string, unknown>> & { readonly message: string }

type Reply =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly trouble: Trouble }

/** The first question of all is answered when PGlite is open. */
const opening = 0

/**
 * All that the thread does. It is handed over as text, so it may use nothing but what it is given: Node 20 starts threads from
 * JavaScript files only, and this runs from the source as it does when it is built.
 */
const serve = (create: (folder: string) => Promise<PGlite>, port: MessagePort, folder: string): void => {
  const troubleOf = (error: unknown): Trouble =>
    error instanceof Error
      ? { ...Object.fromEntries(Object.entries(error)), message: error.message }
      : { message: String(error) }
  const ready = create(folder)
  const reply = (id: number, answering: Promise<Answer>): void => {
    answering.then(
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
      (answer) => port.postMessage({ id, answer }),
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- as above
      (error: unknown) => port.postMessage({ id, trouble: troubleOf(error) }),
    )
  }
  reply(
    0,
    ready.then(() => ({ rows: [] })),
  )
  port.on('message', ({ id, text, values }: Question) => {
    reply(
      id,
      ready.then(async (pglite) => {
        if (text === '') {
          await pglite.close()
          return { rows: [] }
        }
        const { rows, affectedRows } = await pglite.query(text, [...values])
        return affectedRows === undefined ? { rows } : { rows, affectedRows }
      }),
    )
  })
}

const program = `
const { parentPort, workerData } = require('node:worker_threads')
const { PGlite } = require(workerData.pglite)
;(${serve.toString()})((folder) => PGlite.create(folder), parentPort, workerData.folder)
`

/**
 * Starts PGlite.
 *
 * @param folder made where it is missing; absent: in memory
 * @throws AppError `data-folder-in-use`
 */
export const startPglite = async (folder?: string): Promise<Queries> => {
  if (folder === undefined) return startThread('memory://')
  await mkdir(path.dirname(folder), { recursive: true })
  const unlock = await lockFolder(folder)
  try {
    if (!existsSync(path.join(folder, 'PG_VERSION'))) await makeCluster(folder)
    const queries = await startThread(folder)
    return {
      ...queries,
      close: async () => {
        await queries.close()
        await unlock()
      },
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/**
 * Makes the files of an empty database, elsewhere first: a folder is whole or not there. The thread that does it ends, and half a
 * gigabyte of memory that making them takes goes with it.
 */
const makeCluster = async (folder: string): Promise<void> => {
  if (existsSync(folder) && readdirSync(folder).length > 0) throw new Error('the folder holds something else')
  const unfinished = `${folder}.new`
  await rm(unfinished, { recursive: true, force: true })
  await (await startThread(unfinished)).close()
  await rename(unfinished, folder)
}

const startThread = async (folder: string): Promise<Queries> => {
  const waiting = new Map<number, { resolve: (answer: Answer) => void; reject: (error: Error) => void }>()
  const worker = new Worker(program, {
    eval: true,
    workerData: {
      pglite: createRequire(import.meta.url).resolve('@electric-sql/pglite'),
      folder,
    },
  })
  let ended: Error | null = null
  let closing = false
  let lose: (error: Error) => void = () => undefined
  const lost = new Promise<Error>((resolve) => (lose = resolve))
  const end = (error: Error): void => {
    ended ??= error
    if (!closing) lose(error)
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  worker.on('message', (reply: Reply) => {
    const asked = waiting.get(reply.id)
    waiting.delete(reply.id)
    if ('answer' in reply) asked?.resolve(reply.answer)
    else asked?.reject(Object.assign(new Error(reply.trouble.message), reply.trouble))
  })
  worker.on('error', end)
  worker.on('exit', () => end(new Error('the thread of the work state has ended')))
  let last = opening
  const ask = (id: number, send: () => void): Promise<Answer> =>
    new Promise((resolve, reject) => {
      if (ended !== null) {
        reject(ended)
        return
      }
      waiting.set(id, { resolve, reject })
      send()
    })
  const query = (text: string, values: readonly unknown[]): Promise<Answer> => {
    const id = ++last
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    return ask(id, () => worker.postMessage({ id, text, values } satisfies Question))
  }
  try {
    await ask(opening, () => {})
  } catch (error) {
    await worker.terminate()
    throw error
  }
  return {
    query,
    lost,
    close: async () => {
      if (ended !== null) return
      closing = true
      await query('', [])
      await worker.terminate()
    },
  }
}
