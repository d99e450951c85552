import { appendFile, copyFile, mkdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inPlace, type Place } from './tail-place.ts'

test(
  'logs that were rotated are known when rotation moves them on to names of which something was read',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log.1'), 'one\n')
    await writeFile(file('a.log'), 'two\n')
    await start()
    await settle()
    for (const line of ['three', 'four']) {
      await writeFile(file('a.log.2.gz'), gzipSync(await readFile(file('a.log.1'))))
      await rm(file('a.log.1'))
      await rename(file('a.log'), file('a.log.1'))
      await writeFile(file('a.log'), `${line}\n`)
      await settle(5000)
      await settle(5000)
      await stop()
      await start()
      await settle()
    }
    expect(await taken()).toEqual({
      [file('a.log.1')]: ['one'],
      [file('a.log')]: ['two', 'three', 'four'],
    })
  }),
)

test(
  'a log that is copied over a file of which something was read is not read again from there',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log.1'), 'one\n')
    await writeFile(file('a.log'), 'two\nthree\n')
    await start()
    await copyFile(file('a.log'), file('a.log.1'))
    await truncate(file('a.log'), 0)
    await appendFile(file('a.log'), 'four\n')
    await settle(5000)
    await settle(5000)
    expect(await taken()).toEqual({
      [file('a.log.1')]: ['one'],
      [file('a.log')]: ['two', 'three', 'four'],
    })
  }),
)

test(
  'logs that begin with the same line are not taken for copies of each other',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('worker.1.log'), '# v1.2\nfirst\n')
    await start()
    await settle()
    await writeFile(file('worker.2.log'), '# v1.2\n')
    await settle()
    await rm(file('worker.1.log'))
    await writeFile(file('worker.1.log'), '# v1.2\nsecond\n')
    await settle()
    await settle()
    expect(await taken()).toEqual({
      [file('worker.1.log')]: ['# v1.2', 'first', '# v1.2', 'second'],
      [file('worker.2.log')]: ['# v1.2'],
    })
  }),
)

test(
  'a log whose folder was renamed is remembered for as long as it is written to',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await mkdir(file('old'))
    await writeFile(file('old/app.log'), 'one\n')
    await start()
    await stop()
    await rename(file('old'), file('new'))
    await start()
    for (const line of ['two', 'three', 'four', 'five', 'six']) {
      await appendFile(file('new/app.log'), `${line}\n`)
      await settle(86_400_000)
    }
    expect(await taken()).toEqual({ [file('old/app.log')]: ['one', 'two', 'three', 'four', 'five', 'six'] })
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

/** Names for what is rotated next; where it is numbered, what was rotated before moves on. */

const namings = {
  dated: () => {
    let days = 0
    return (file: Place['file']): Promise<string> => Promise.resolve(file(`a.log-2026030${days++ % 10}`))
  },
  numbered: () => async (file: Place['file']) => {
    for (let n = 20; n > 0; n--)
      for (const end of ['', '.gz'])
        await rename(file(`a.log.${n}${end}`), file(`a.log.${n + 1}${end}`)).catch(() => undefined)
    return file('a.log.1')
  },
}

test.each([
  ['dated', namings.dated],
  ['numbered', namings.numbered],
])(
  'whatever the order of writing, rotating (%s), compressing and restarting, each line is taken once',
  (_, naming) =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        await inPlace(async ({ file, start, stop, settle, taken }) => {
          let written = 0
          const line = (): string => `line ${written++} of a log`
          const current = file('a.log')
          const nextName = naming()
          let previous: string | undefined = await nextName(file)
          await writeFile(previous, `${line()}\n`)
          await writeFile(current, `${line()}\n`)
          await start()
          let isRunning = true
          for (const one of steps) {
            if (one.kind === 'write') {
              for (let i = 0; i < one.lines; i++) await appendFile(current, `${line()}\n`)
            } else if (one.kind === 'rename') {
              previous = await nextName(file)
              await rename(current, previous)
              await writeFile(current, `${line()}\n`)
            } else if (one.kind === 'copy') {
              // Between copy and cut nothing may be written, or nobody could know of it.
              previous = await nextName(file)
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
    ),
)
