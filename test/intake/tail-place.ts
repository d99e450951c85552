import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { FileSource } from '../../src/config/config.ts'
import { startTail, type Tail } from '../../src/intake/tail/tail.ts'
import type { Spool } from '../../src/spool/spool.ts'
import { withFolder } from '../ingest/place.ts'
import { openIn, waitingLines } from '../spool/place.ts'
import { log } from './loader-place.ts'

/** A folder of logs that is followed. */
export interface Place {
  readonly logs: string
  readonly file: (name: string) => string
  /** Follows, until the next stop. */
  readonly start: (source?: Partial<FileSource>) => Promise<Tail>
  readonly stop: () => Promise<void>
  /** Moves the clock on and waits until all is taken. */
  readonly settle: (ms?: number) => Promise<void>
  /** Moves the clock on, and waits for nothing. */
  readonly jump: (ms: number) => void
  /** All lines that were taken, by stream. */
  readonly taken: () => Promise<Record<string, string[]>>
  readonly spool: () => Spool
}

/** Runs a test in a fresh folder, with a clock that can be moved. */
export const inPlace = (use: (place: Place) => Promise<void>) => () =>
  withFolder(async (folder) => {
    const logs = path.join(folder, 'logs')
    await mkdir(logs)
    let spool = await openIn(path.join(folder, 'spool'))
    let tail: Tail | undefined
    let aheadMs = 0
    const stop = async (): Promise<void> => {
      await tail?.close()
      tail = undefined
      await spool.close()
    }
    await use({
      logs,
      file: (name) => path.join(logs, name),
      start: async (source = {}) => {
        tail = await startTail({
          sources: [{ name: 'logs', paths: [logs], ...source }],
          spool,
          log,
          dataFolder: folder === logs ? folder : path.join(folder, 'data'),
          everyMs: 20,
          nowMs: () => Date.now() + aheadMs,
        })
        await tail.caughtUp()
        return tail
      },
      stop: async () => {
        await stop()
        spool = await openIn(path.join(folder, 'spool'))
      },
      settle: async (ms = 3000) => {
        await tail?.caughtUp()
        aheadMs += ms
        await tail?.caughtUp()
        await tail?.caughtUp()
      },
      jump: (ms) => {
        aheadMs += ms
      },
      taken: async () => {
        await stop()
        spool = await openIn(path.join(folder, 'spool'))
        return waitingLines(spool, folder)
      },
      spool: () => spool,
    })
    await stop()
  })

export const manyLines = (count: number, name = 'line'): string[] =>
  Array.from({ length: count }, (_, i) => `${name} ${i} ${'x'.repeat(60)}`)

export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
