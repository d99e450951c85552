import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { journalPath, journalsIn, recoverJournal } from '../../src/spool/journal.ts'
import type { Spool } from '../../src/spool/spool.ts'
import { withFolder } from '../ingest/place.ts'
import { give, linesFrom, openIn, stream, textOf, waitingLines } from './place.ts'

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 500; i++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('it did not come to hold')
}

test('lines and positions are there after a restart, in the order they were appended', () =>
  withFolder(async (folder) => {
    const first = await openIn(folder)
    await give(first, stream('a'), ['one', 'two'], '8')
    await give(first, stream('b'), ['other'], 'x')
    await give(first, stream('a'), ['three'], '14')
    expect(first.position('a')).toBe('14')
    expect(first.ready()).toEqual([])
    await first.close()
    const second = await openIn(folder)
    expect(second.position('a')).toBe('14')
    expect(second.position('b')).toBe('x')
    expect(second.position('c')).toBeNull()
    await give(second, stream('a'), ['four'])
    await second.close()
    const third = await openIn(folder)
    expect(third.position('a')).toBe('14')
    expect(await waitingLines(third, folder)).toEqual({ a: ['one', 'two', 'three', 'four'], b: ['other'] })
    await third.close()
  }))

test('a segment that is done goes away, and its position and number of lines stay', () =>
  withFolder(async (folder) => {
    const first = await openIn(folder)
    await give(first, stream('a'), linesFrom(0, 10), 'ten')
    await first.close()
    const second = await openIn(folder)
    for (const segment of second.ready()) await second.done(segment)
    await second.close()
    expect(await journalsIn(folder)).toEqual([])
    const third = await openIn(folder)
    expect(third.ready()).toEqual([])
    expect(third.position('a')).toBe('ten')
    await give(third, stream('a'), ['eleven'])
    await third.close()
    const fourth = await openIn(folder)
    expect(fourth.ready()).toMatchObject([{ first: 10, lines: 1, id: second.idOf('a') }])
    await fourth.close()
  }))

test('a position without lines takes nothing from what is written with it or after it', () =>
  withFolder(async (folder) => {
    // A view of a view: there is no memory behind it.
    const nothing = Buffer.alloc(0).subarray(0)
    const spool = await openIn(folder)
    await Promise.all([
      give(spool, stream('a'), ['one']),
      spool.append(stream('b'), nothing, 0, 'moved'),
      give(spool, stream('c'), ['two']),
    ])
    await give(spool, stream('a'), ['three'])
    await spool.close()
    const again = await openIn(folder)
    expect(await waitingLines(again, folder)).toEqual({ a: ['one', 'three'], c: ['two'] })
    expect(again.position('b')).toBe('moved')
    await again.close()
  }))

test('appends that wait together share a write', () =>
  withFolder(async (folder) => {
    const spool = await openIn(folder)
    await Promise.all(
      Array.from({ length: 400 }, (_, i) => give(spool, stream(`s${i % 7}`), linesFrom(i, 3))),
    )
    await spool.close()
    const [journal = 0] = await journalsIn(folder)
    const { groups } = await recoverJournal(journalPath(folder, journal))
    expect(groups.length).toBeLessThan(10)
    const again = await openIn(folder)
    const lines = Object.values(await waitingLines(again, folder)).flat()
    expect(lines).toHaveLength(1200)
    await again.close()
  }))

test('a journal is sealed when it is old, and when it is large', () =>
  withFolder(async (folder) => {
    const spool = await openIn(folder, { segmentMs: 30, segmentBytes: 1000 })
    let told = 0
    spool.onReady(() => told++)
    await give(spool, stream('a'), ['one'])
    await until(() => told === 1)
    expect(spool.ready()).toMatchObject([{ lines: 1, first: 0 }])
    await give(spool, stream('a'), linesFrom(0, 200))
    await until(() => told === 2)
    expect(spool.ready()).toMatchObject([
      { lines: 1, first: 0 },
      { lines: 200, first: 1 },
    ])
    expect(await textOf(spool, folder, spool.ready())).toBe(`one\n${linesFrom(0, 200).join('\n')}\n`)
    await spool.close()
  }))

test('where too much waits, appends are refused until some of it is done', () =>
  withFolder(async (folder) => {
    const spool = await openIn(folder, { maxBytes: 20_000, segmentBytes: 5000 })
    let kept = 0
    const fill = async (): Promise<void> => {
      for (; ; kept++) await give(spool, stream('a'), [`${kept} ${'x'.repeat(500)}`], String(kept))
    }
    await expect(fill()).rejects.toMatchObject({ code: 'spool-full' })
    expect(spool.position('a')).toBe(String(kept - 1))
    for (const segment of spool.ready()) await spool.done(segment)
    await until(() => spool.stats().bytes < 10_000)
    await give(spool, stream('a'), ['again'], 'later')
    expect(spool.position('a')).toBe('later')
    await spool.close()
  }))

test('what is appended at once is one group, however large, or is not taken at all', () =>
  withFolder(async (folder) => {
    const spool = await openIn(folder, { maxBytes: 30_000_000 })
    const piece = (name: string, text: string, position?: string) => ({
      stream: stream(name),
      lines: Buffer.from(`${text}\n`),
      count: 1,
      position,
    })
    const large = 'x'.repeat(6_000_000)
    await Promise.all([
      give(spool, stream('a'), ['before']),
      spool.appendAll([piece('a', large), piece('b', large), piece('c', 'one', 'here'), piece('a', 'last')]),
      give(spool, stream('a'), ['after']),
    ])
    // Each of them would fit.
    const tooMany = [piece('d', 'one', 'there'), piece('a', large), piece('b', large), piece('c', large)]
    await expect(spool.appendAll(tooMany)).rejects.toMatchObject({ code: 'spool-full' })
    const broken = [piece('d', 'one'), { ...piece('a', 'one'), count: 2 }]
    await expect(spool.appendAll(broken)).rejects.toThrow(TypeError)
    await expect(give(spool, stream('d'), ['x'.repeat(30_000_000)])).rejects.toMatchObject({
      code: 'intake-too-large',
    })
    expect(spool.idOf('d')).toBeNull()
    expect(spool.position('c')).toBe('here')
    await spool.close()
    const [journal = 0] = await journalsIn(folder)
    const { groups } = await recoverJournal(journalPath(folder, journal))
    const streamsOf = groups.map(({ contents }) => contents.entries.map((entry) => entry.stream.name))
    expect(streamsOf).toContainEqual(['a', 'b', 'c'])
    expect(streamsOf.filter((names) => names.includes('b'))).toHaveLength(1)
    const again = await openIn(folder)
    expect(await waitingLines(again, folder)).toEqual({
      a: ['before', large, 'last', 'after'],
      b: [large],
      c: ['one'],
    })
    await again.close()
  }))

test('what is not whole lines is refused', () =>
  withFolder(async (folder) => {
    const spool = await openIn(folder)
    await expect(spool.append(stream('a'), Buffer.from('one\ntwo'), 1)).rejects.toThrow(TypeError)
    await expect(spool.append(stream('a'), Buffer.from('one\ntwo\n'), 1)).rejects.toThrow(TypeError)
    await spool.append(stream('a'), Buffer.alloc(0), 0, 'moved')
    expect(spool.position('a')).toBe('moved')
    await spool.close()
    const again = await openIn(folder)
    expect(again.position('a')).toBe('moved')
    expect(again.ready()).toEqual([])
    await again.close()
  }))

test('a stream that is forgotten begins anew, with another id', () =>
  withFolder(async (folder) => {
    const spool = await openIn(folder, { segmentMs: 10 })
    await give(spool, stream('a'), ['one'], 'p')
    spool.forget('a')
    expect(spool.position('a')).toBe('p')
    await until(() => spool.ready().length === 1)
    const [before] = spool.ready()
    for (const segment of spool.ready()) await spool.done(segment)
    spool.forget('a')
    expect(spool.position('a')).toBeNull()
    await give(spool, stream('a'), ['two'])
    await until(() => spool.ready().length === 1)
    const [after] = spool.ready()
    expect(after?.first).toBe(0)
    expect(after?.id).not.toBe(before?.id)
    await spool.close()
  }))

/** Fills a spool, and has all of it done while it cannot be removed: how far the streams are cannot be written. */
const fillAndBlock = async (folder: string): Promise<{ spool: Spool; unblock: () => Promise<void> }> => {
  const spool = await openIn(folder, { maxBytes: 20_000, segmentBytes: 5000 })
  const inTheWay = path.join(folder, 'streams.json.next')
  const fill = async (): Promise<void> => {
    for (;;) await give(spool, stream('a'), ['x'.repeat(1000)])
  }
  await mkdir(inTheWay)
  await expect(fill()).rejects.toMatchObject({ code: 'spool-full' })
  for (const segment of spool.ready()) await spool.done(segment)
  await expect(fill()).rejects.toMatchObject({ code: 'spool-full' })
  return { spool, unblock: () => rm(inTheWay, { recursive: true }) }
}

test('what cannot be removed is removed later', () =>
  withFolder(async (folder) => {
    const { spool, unblock } = await fillAndBlock(folder)
    await unblock()
    await until(() => spool.stats().bytes < 10_000)
    await give(spool, stream('a'), ['again'])
    expect(spool.ready()).toEqual([])
    await spool.close()
  }))

test('an append that is refused makes room for the next', () =>
  withFolder(async (folder) => {
    // Nothing happens by itself.
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      const { spool, unblock } = await fillAndBlock(folder)
      await unblock()
      const isTaken = (): Promise<boolean> =>
        give(spool, stream('a'), ['x'.repeat(1000)]).then(
          () => true,
          () => false,
        )
      for (let i = 0; i < 100_000 && !(await isTaken()); i++)
        await new Promise((resolve) => setImmediate(resolve))
      expect(await isTaken()).toBe(true)
      await spool.close()
    } finally {
      vi.useRealTimers()
    }
  }))

const mount = (folder: string): boolean => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test('a full disk is told, keeps what was acknowledged and nothing else, and is over once there is room', (context) =>
  withFolder(async (folder) => {
    const disk = path.join(folder, 'disk')
    await mkdir(disk)
    context.skip(!mount(disk), 'a small file system cannot be mounted here')
    try {
      const place = path.join(disk, 'spool')
      const ballast = path.join(disk, 'ballast')
      const spool = await openIn(place)
      await writeFile(ballast, Buffer.alloc(2_000_000))
      let kept = 0
      const fill = async (): Promise<void> => {
        for (; ; kept++) await give(spool, stream('a'), [`${kept} ${'x'.repeat(100_000)}`], String(kept))
      }
      await expect(fill()).rejects.toMatchObject({ code: 'disk-full' })
      await expect(fill()).rejects.toMatchObject({ code: 'disk-full' })
      expect(kept).toBeGreaterThan(5)
      expect(spool.position('a')).toBe(String(kept - 1))
      await expect(writeFile(path.join(disk, 'more'), Buffer.alloc(4_000_000))).rejects.toThrow('ENOSPC')
      for (let i = 0; i < 5; i++) await expect(fill()).rejects.toMatchObject({ code: 'disk-full' })
      // What could not be written leaves nothing behind, though the disk is still full.
      await until(async () => (await journalsIn(place)).length === 1)
      await rm(ballast)
      await give(spool, stream('a'), ['room'], 'room')
      await spool.close()
      const again = await openIn(place)
      const { a = [] } = await waitingLines(again, folder)
      expect(a.map((line) => line.split(' ')[0])).toEqual([
        ...linesFrom(0, kept).map((_, i) => String(i)),
        'room',
      ])
      expect(again.position('a')).toBe('room')
      await again.close()
      expect((await readdir(place)).length).toBeGreaterThan(0)
    } finally {
      execFileSync('umount', [disk])
    }
  }))
