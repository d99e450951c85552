/**
 * A server over the logs of an example, for somebody who wants to see what Winnow is like.
 *
 * @module
 */
import type { Config } from '../config/config.ts'
import { replay } from './replay.ts'
import { serve, type Server, type ServeOptions } from './serve.ts'
import { createUser } from '../store/users.ts'

export interface Demo {
  readonly server: Server
  /** Who looks at it: an administrator without a password. */
  readonly userId: string
  /** Gives the last part of the logs. */
  readonly goOn: (signal: AbortSignal) => Promise<void>
}

/** @param seconds how long the last part of the logs takes */
export const startDemo = async (
  config: Config,
  files: readonly string[],
  seconds: number,
  options: Omit<ServeOptions, 'demo'>,
): Promise<Demo> => {
  const server = await serve(config, { ...options, demo: true })
  try {
    const goOn = await replay(server.spool, files, seconds)
    const guest = {
      name: 'Guest',
      email: 'guest@example.com',
      role: 'administrator',
      password: null,
    } as const
    const { id: userId } = await createUser(server.store.db, guest, Date.now())
    return { server, userId, goOn }
  } catch (error) {
    await server.close()
    throw error
  }
}
