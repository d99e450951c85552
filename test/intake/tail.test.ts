import {
  appendFile,
  copyFile,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { inPlace, manyLines, textOf } from './tail-place.ts'

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

test(
  'a log with a date or a number in its name is read while it is written, beside those of other days',
  inPlace(async ({ file, start, jump, taken, settle }) => {
    const past = new Date(Date.now() - 100_000)
    await writeFile(file('access.2026-07-21.txt'), textOf(manyLines(200, 'yesterday')))
    await utimes(file('access.2026-07-21.txt'), past, past)
    const tail = await start()
    await writeFile(file('app.8080.log'), 'one\n')
    await tail.caughtUp()
    expect(tail.stats().read).toBe((await readFile(file('access.2026-07-21.txt'))).length + 4)
    // It cannot be told from the beginning of a copy of yesterday's: for that it is looked at for a moment.
    const today = file('access.2026-07-22.txt')
    for (let second = 0; second < 4; second++) {
      await appendFile(today, `second ${second}\n`)
      const now = new Date(Date.now() + second * 1000)
      await utimes(today, now, now)
      await tail.caughtUp()
      jump(1000)
    }
    expect(tail.stats().files).toBe(3)
    await settle(0)
    const lines = await taken()
    expect(lines[file('app.8080.log')]).toEqual(['one'])
    expect(lines[today]).toEqual(['second 0', 'second 1', 'second 2', 'second 3'])
  }),
)

test(
  'a copy of a log that is still made is not read',
  inPlace(async ({ file, start, settle, taken }) => {
    const lines = manyLines(1000)
    await writeFile(file('a.log'), textOf(lines))
    await start()
    const copied = await readFile(file('a.log'))
    for (const size of [100, 20_000, 40_000]) {
      await writeFile(file('a.log-20260301'), copied.subarray(0, size))
      await settle(10)
    }
    await writeFile(file('a.log-20260301'), copied)
    await truncate(file('a.log'), 0)
    await appendFile(file('a.log'), 'next\n')
    await settle(5000)
    await settle(5000)
    expect(await taken()).toEqual({ [file('a.log')]: [...lines, 'next'] })
  }),
)

test(
  'a clock that is put back keeps no file from being looked at',
  inPlace(async ({ file, logs, start, jump, spool }) => {
    // Behind a link: nothing tells of its changes.
    const target = path.join(logs, '..', 'a.log')
    await writeFile(target, 'one\n')
    await symlink(target, file('a.log'))
    await start()
    jump(-3_600_000)
    await appendFile(target, 'two\n')
    await expect.poll(() => spool().stats().streams[0]?.waiting, { timeout: 5000 }).toBe(2)
  }),
)
