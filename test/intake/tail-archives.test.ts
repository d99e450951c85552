import { appendFile, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Spool } from '../../src/spool/spool.ts'
import { inPlace, manyLines, textOf } from './tail-place.ts'

/** Delays what is appended, and resolves when each of so many streams was given something. */

const slowDown = (spool: Spool, streams: number): Promise<void> => {
  const append = spool.append.bind(spool)
  const given = new Set<string>()
  return new Promise((resolve) => {
    const slow: Spool['append'] = async (stream, ...rest) => {
      if (given.has(stream.name)) await new Promise((after) => setTimeout(after, 100))
      await append(stream, ...rest)
      given.add(stream.name)
      if (given.size === streams) resolve()
    }
    Object.assign(spool, { append: slow })
  })
}

test(
  'an archive is read on after a stop in the middle of it, also where it was moved since',
  inPlace(async ({ file, start, stop, settle, taken, spool }) => {
    const lines = manyLines(150_000)
    const past = new Date(Date.now() - 60_000)
    for (const name of ['a.log.gz', 'b.log.1.gz']) {
      await writeFile(file(name), gzipSync(textOf(lines)))
      await utimes(file(name), past, past)
    }
    const both = slowDown(spool(), 2)
    const started = start()
    await both
    await stop()
    await started
    const before = await taken()
    for (const found of Object.values(before)) expect(found.length).toBeLessThan(lines.length)
    await rename(file('b.log.1.gz'), file('b.log.2.gz'))
    await start()
    await settle()
    await settle()
    const found = await taken()
    expect(Object.keys(found).toSorted()).toEqual([file('a.log.gz'), file('b.log.1.gz')])
    for (const name of ['a.log.gz', 'b.log.1.gz'])
      expect(found[file(name)]?.join() === lines.join()).toBe(true)
  }),
)

test(
  'an archive that cannot be appended to the spool for a moment is not taken for damaged',
  inPlace(async ({ file, start, settle, taken, spool }) => {
    const lines = manyLines(80_000)
    const past = new Date(Date.now() - 60_000)
    await writeFile(file('a.log.gz'), gzipSync(textOf(lines)))
    await utimes(file('a.log.gz'), past, past)
    const append = spool().append.bind(spool())
    let calls = 0
    const failing: Spool['append'] = (...given) =>
      ++calls === 2
        ? Promise.reject(Object.assign(new Error('the disk'), { code: 'EIO', syscall: 'write' }))
        : append(...given)
    Object.assign(spool(), { append: failing })
    await start()
    await settle()
    const found = await taken()
    expect(found[file('a.log.gz')]?.join() === lines.join()).toBe(true)
  }),
)

test(
  'an archive that is still written is read on when it grows, and half a line at its end waits',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    const lines = manyLines(20_000).map(
      (line, i) => `${line} ${(i * 7919) % 10_007} ${(i * 104_729) % 99_991}`,
    )
    const archive = gzipSync(textOf(lines))
    await writeFile(file('a.log.gz'), '')
    for (const share of [0.3, 0.6, 0.8]) {
      await writeFile(file('a.log.gz'), archive.subarray(0, archive.length * share))
      await start()
      await settle(5000)
      await settle(5000)
      if (share < 0.8) await stop()
    }
    await appendFile(file('a.log.gz'), archive.subarray(archive.length * 0.8))
    await settle(5000)
    await settle(5000)
    await settle(500_000)
    await settle()
    expect((await taken())[file('a.log.gz')]).toEqual(lines)
  }),
)

test(
  'a damaged archive gives what stands before the damage, in the end also half a line',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    const archive = gzipSync('one\ntwo\nthree', { level: 0 })
    await writeFile(file('a.log.gz'), archive.subarray(0, archive.length - 8))
    await start()
    await settle(5000)
    await settle(5000)
    await stop()
    await start()
    await settle(5000)
    await settle(400_000)
    await settle()
    await stop()
    await start()
    await settle(400_000)
    await settle(400_000)
    expect(await taken()).toEqual({ [file('a.log.gz')]: ['one', 'two', 'three'] })
  }),
)

test(
  'an archive that is overwritten is read anew, one that grew is read on, and one that is touched is not read again',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    const write = async (text: string): Promise<void> => {
      await writeFile(file('a.log.gz'), gzipSync(text))
      await settle(5000)
      await settle(5000)
    }
    await start()
    await write('one\n')
    await write('two\nthree\n')
    await write('two\nthree\nfour\n')
    await stop()
    const later = new Date(Date.now() + 1000)
    await utimes(file('a.log.gz'), later, later)
    await start()
    await settle(5000)
    await settle(5000)
    await stop()
    await writeFile(file('a.log.gz'), gzipSync('five\n'))
    await start()
    await settle(5000)
    await settle(5000)
    await writeFile(file('a.log.gz'), 'six, plain\n')
    await settle(5000)
    await settle(5000)
    const lines = ['one', 'two', 'three', 'four', 'five', 'six, plain']
    expect(await taken()).toEqual({ [file('a.log.gz')]: lines })
  }),
)

test(
  'a log in whose place an archive is put, or which is overwritten by one, gives the lines of the archive',
  inPlace(async ({ file, start, settle, taken }) => {
    await writeFile(file('a.log'), 'one\n')
    await writeFile(file('b.log'), 'one\n')
    await start()
    await rm(file('a.log'))
    await writeFile(file('a.log'), gzipSync('two\n'))
    await writeFile(file('b.log'), gzipSync('two\n'))
    await settle(5000)
    await settle(5000)
    expect(await taken()).toEqual({ [file('a.log')]: ['one', 'two'], [file('b.log')]: ['one', 'two'] })
  }),
)

test(
  'an archive that was there is left out where only what comes is wanted, and read when it is another',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    await writeFile(file('a.log.gz'), gzipSync('one\n'))
    const past = new Date(Date.now() - 60_000)
    await utimes(file('a.log.gz'), past, past)
    await start({ from: 'end' })
    await settle()
    await stop()
    const now = new Date()
    await utimes(file('a.log.gz'), now, now)
    await start({ from: 'end' })
    await settle(5000)
    await settle(5000)
    await writeFile(file('a.log.gz'), gzipSync('two\n'))
    await settle(5000)
    await settle(5000)
    expect(await taken()).toEqual({ [file('a.log.gz')]: ['two'] })
  }),
)

const rested = (file: string): Promise<void> => {
  const past = new Date(Date.now() - 60_000)
  return utimes(file, past, past)
}

test(
  'a dated log that was compressed while nothing looked is read to its end from the archive',
  inPlace(async ({ file, start, stop, settle, taken }) => {
    const log = file('app-2026-01-01.log')
    await writeFile(log, 'one\ntwo\n')
    await start()
    await stop()
    await writeFile(`${log}.gz`, gzipSync('one\ntwo\nthree\n'))
    await rested(`${log}.gz`)
    await rm(log)
    await start()
    await settle()
    await settle()
    expect(await taken()).toEqual({ [log]: ['one', 'two', 'three'] })
  }),
)

test(
  'a log that is busy is read at once after the rest of the one before it came out of an archive',
  inPlace(async ({ file, start, stop, taken }) => {
    const log = file('app.0.log')
    await writeFile(log, 'one\n')
    await start()
    await stop()
    await writeFile(file('app.1.log.gz'), gzipSync('one\ntwo\n'))
    await rested(file('app.1.log.gz'))
    await rename(log, file('.gone'))
    await writeFile(log, '')
    const tail = await start()
    // Never at rest for 2 s.
    for (let i = 0; i < 25; i++) {
      await appendFile(log, `new ${i}\n`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await tail.caughtUp()
    const lines = (await taken())[log] ?? []
    expect(lines.slice(0, 3)).toEqual(['one', 'two', 'new 0'])
    expect(lines.length).toBeGreaterThan(20)
  }),
)
