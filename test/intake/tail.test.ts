import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { FileSource } from '../../src/config/config.ts'
import { startTail, type Tail } from '../../src/intake/tail/tail.ts'
import type { Spool } from '../../src/spool/spool.ts'
import { withFolder } from '../ingest/place.ts'
import { openIn, waitingLines } from '../spool/place.ts'
import { log } from './loader-place.ts'

interface Place {
  readonly logs: string
  readonly file: (name: string) => string
  /** Follows, until the next stop. */
  readonly start: (source?: Partial<FileSource>) => Promise<Tail>
  readonly stop: () => Promise<void>
  /** Moves the clock on and waits until all is taken. */
  readonly settle: (ms?: number) => Promise<void>
  /** All lines that were taken, by stream. */
  readonly taken: () => Promise<Record<string, string[]>>
  readonly spool: () => Spool
}

const inPlace = (use: (place: Place) => Promise<void>) => () =>
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
      taken: async () => {
        await stop()
        spool = await openIn(path.join(folder, 'spool'))
        return waitingLines(spool, folder)
      },
      spool: () => spool,
    })
    await stop()
  })

test(
  'whole lines are taken, those that were there and those that come; half a line waits for its end',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log'), 'one\ntwo\nthr')
    await start()
    await appendFile(file('a.log'), 'ee\nfo')
    await settle()
    await writeFile(file('b.log'), 'other\n')
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two', 'three'], [file('b.log')]: ['other'] })
  }),
)

test(
  'half a line at the end of a file that rests is taken in the end',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log'), 'one\ntwo')
    await start()
    await settle(60_000)
    await settle(400_000)
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two'] })
  }),
)

test(
  'a file is read on after a restart where it was left',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log'), 'one\n')
    await start()
    await stop()
    await appendFile(file('a.log'), 'two\n')
    await start()
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two'] })
  }),
)

test(
  'a log that is rotated by renaming is read to its end before the new one, and its archive is not read again',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log'), 'one\n')
    await start()
    await rename(file('a.log'), file('a.log.1'))
    await appendFile(file('a.log.1'), 'two\n')
    await writeFile(file('a.log'), 'three\n')
    await settle()
    // Its writer has not heard of it yet.
    await appendFile(file('a.log.1'), 'late\n')
    await settle()
    await settle(120_000)
    await writeFile(file('a.log.2.gz'), gzipSync(await readFile(file('a.log.1'))))
    await rm(file('a.log.1'))
    await settle(10_000)
    await appendFile(file('a.log'), 'four\n')
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two', 'three', 'late', 'four'] })
  }),
)

test(
  'a log that is copied and emptied goes on, and its copy gives only what was not read',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log'), 'one\ntwo\n')
    await start()
    await copyFile(file('a.log'), file('a.log.1'))
    await truncate(file('a.log'), 0)
    await appendFile(file('a.log'), 'three\n')
    await settle()
    await stop()
    await appendFile(file('a.log'), 'four\n')
    await copyFile(file('a.log'), file('a.log.1'))
    await truncate(file('a.log'), 0)
    await appendFile(file('a.log'), 'five and more than before\n')
    await start()
    await settle()
    expect(await taken()).toEqual({
      [file('a.log')]: ['one', 'two', 'three', 'four', 'five and more than before'],
    })
  }),
)

test(
  'what was written, rotated and compressed while nothing looked is read from the archive',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log'), 'one\n')
    await start()
    await stop()
    await writeFile(file('a.log.1.gz'), gzipSync('one\ntwo\nthree'))
    await rm(file('a.log'))
    await writeFile(file('a.log'), 'four\n')
    await start({ paths: [file('a.log')] })
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two', 'three', 'four'] })
  }),
)

test(
  'archives that were never read are read once, wherever rotation moves them',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    const past = new Date(Date.now() - 100_000)
    await writeFile(file('a.log.2.gz'), gzipSync('one\ntwo\n'))
    await utimes(file('a.log.2.gz'), past, past)
    await writeFile(file('a.log'), 'three\n')
    await start()
    await settle()
    await rename(file('a.log.2.gz'), file('a.log.3.gz'))
    await settle()
    await stop()
    await start()
    await settle()
    expect(await taken()).toEqual({ [file('a.log.2.gz')]: ['one', 'two'], [file('a.log')]: ['three'] })
  }),
)

test(
  'only what comes is read where that is asked for, and files that come later from their beginning',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log'), 'one\ntwo\nth')
    await start({ from: 'end' })
    await appendFile(file('a.log'), 'ree\n')
    await writeFile(file('b.log'), 'new\n')
    await settle()
    await stop()
    await appendFile(file('a.log'), 'four\n')
    await start({ from: 'end' })
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['three', 'four'], [file('b.log')]: ['new'] })
  }),
)

test(
  'a file that is not there is waited for, and one that is no log is told',
  inPlace(async ({ logs, file, start, settle, taken }) => {
    await writeFile(file('image.log'), Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    const tail = await start({ paths: [file('later.log'), path.join(logs, '*.log')] })
    await writeFile(file('later.log'), 'one\n')
    await settle()
    expect(tail.stats().problems).toEqual([{ path: file('image.log'), problem: 'an image' }])
    expect(await taken()).toEqual({ [file('later.log')]: ['one'] })
  }),
)

test(
  'a line without end does not fill the memory: its beginning is taken',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log'), `${'x'.repeat(5_000_000)}\nnext\n`)
    await start()
    await settle()
    const lines = (await taken())[file('a.log')] ?? []
    expect(lines.map(({ length }) => length)).toEqual([1_048_577, 4])
  }),
)

test(
  'an archive of nothing takes nothing from the lines that come after it',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log'), 'one\n')
    await start()
    await writeFile(file('a.log.1.gz'), gzipSync(''))
    await settle()
    await appendFile(file('a.log'), 'two\n')
    await settle()
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two'] })
  }),
)

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('write' as const), lines: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('rename' as const, 'copy' as const, 'compress' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'look' as const) }) },
)

test('whatever the order of writing, rotating, compressing and restarting, each line is taken once', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
      await inPlace(async ({ file, start, stop, settle, taken }) => {
        let written = 0
        const line = (): string => `line ${written++} of a log`
        const current = file('a.log')
        await writeFile(current, `${line()}\n`)
        await start()
        let isRunning = true
        let generation = 0
        let previous: string | undefined
        for (const one of steps) {
          if (one.kind === 'write') {
            for (let i = 0; i < one.lines; i++) await appendFile(current, `${line()}\n`)
          } else if (one.kind === 'rename') {
            previous = file(`a.log-2026030${generation++ % 10}`)
            await rename(current, previous)
            await writeFile(current, `${line()}\n`)
          } else if (one.kind === 'copy') {
            // Between copy and cut nothing may be written, or nobody could know of it.
            previous = file(`a.log-2026030${generation++ % 10}`)
            await copyFile(current, previous)
            await truncate(current, 0)
          } else if (one.kind === 'compress') {
            if (previous === undefined) continue
            await writeFile(`${previous}.gz`, gzipSync(await readFile(previous)))
            await rm(previous)
            previous = undefined
          } else if (one.kind === 'look') await settle()
          else {
            if (isRunning) await stop()
            else await start()
            isRunning = !isRunning
          }
          // A rotation is seen before the next: two between looks leave the middle one to its own name.
          if (isRunning && (one.kind === 'rename' || one.kind === 'copy')) await settle()
        }
        if (!isRunning) await start()
        await settle(10_000)
        await settle(100_000)
        const lines = Object.values(await taken()).flat()
        expect(lines.toSorted()).toEqual(
          Array.from({ length: written }, (_, i) => `line ${i} of a log`).toSorted(),
        )
      })()
    }),
    {
      numRuns: 25,
      examples: [
        // What was rotated is empty.
        [
          [
            { kind: 'copy' },
            { kind: 'rename' },
            { kind: 'compress' },
            { kind: 'write', lines: 2 },
            { kind: 'rename' },
            { kind: 'write', lines: 1 },
          ],
        ],
      ],
    },
  ))
