import type { Logger } from 'pino'
import type { FileSource } from '../config/config.ts'
import { startTail, type Tail } from '../intake/tail/tail.ts'
import type { Spool } from '../spool/spool.ts'

export interface FollowedFiles {
  /** Follows these from now on, each from where it was left; others no more. */
  readonly follow: (sources: readonly FileSource[]) => Promise<void>
  readonly close: () => Promise<void>
}

/** Files that are followed, and which ones can change. */
export const followFiles = (options: {
  readonly spool: Spool
  readonly log: Logger
  readonly dataFolder: string
}): FollowedFiles => {
  let tail: Tail | null = null
  const close = async (): Promise<void> => {
    await tail?.close()
    tail = null
  }
  return {
    follow: async (sources) => {
      await close()
      if (sources.length > 0) tail = await startTail({ ...options, sources })
    },
    close,
  }
}
