import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { Bzip2Error, readBzip2 } from '../../src/ingest/bzip2.ts'
import { access, accessLines, inPlace, stored, text, withFolder } from './place.ts'

// Written by bzip2's own library: two streams one after the other, of levels 1 and 9.
const archive = path.join(import.meta.dirname, 'archives', 'access.log.bz2')
const runs = path.join(import.meta.dirname, 'archives', 'runs.bz2')

test('streams one after the other are read as one', () => {
  expect(Buffer.concat([...readBzip2(archive)]).toString()).toBe(text(accessLines(3000)))
})

test('runs of every length and all bytes come out as they went in', () => {
  const written = [
    ['a', 3],
    ['b', 4],
    ['c', 5],
    ['d', 259],
    ['e', 260],
    ['f', 100_000],
  ] as const
  const all = Buffer.from(Array.from({ length: 1024 }, (_, i) => i & 255))
  const expected = Buffer.concat([
    ...written.map(([byte, count]) => Buffer.alloc(count, byte)),
    all,
    Buffer.from('\n'),
  ])
  expect(Buffer.concat([...readBzip2(runs)]).equals(expected)).toBe(true)
})

/** What a reader gives, or null where it throws. */
const readOrNull = (file: string): Buffer | null => {
  try {
    return Buffer.concat([...readBzip2(file)])
  } catch (error) {
    if (error instanceof Bzip2Error) return null
    throw error
  }
}

test('a damaged bzip2 file is refused, or the damage is where nothing is said', () =>
  withFolder(async (folder) => {
    const bytes = await readFile(runs)
    const whole = readOrNull(runs)
    const file = path.join(folder, 'x.bz2')
    let refused = 0
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] ?? 0) ^ 0x55
      await writeFile(file, damaged)
      const read = readOrNull(file)
      if (read === null) refused++
      const same = read === null || read.equals(whole ?? Buffer.of())
      expect(same, `byte ${at}`).toBe(true)
      await writeFile(file, bytes.subarray(0, at))
      expect(readOrNull(file), `cut at ${at}`).toBeNull()
    }
    expect(refused).toBeGreaterThan(bytes.length * 0.9)
  }))

test(
  'a bzip2 archive is loaded, and of one cut short the blocks before the cut',
  inPlace(async ({ folder, engine, load }) => {
    expect(await load([archive], access)).toMatchObject({ lines: 3000, parsed: 3000 })
    const whole = await readFile(archive)
    const cut = path.join(folder, 'cut.bz2')
    await writeFile(cut, whole.subarray(0, whole.length - 100))
    const result = await load([cut], access)
    expect(result.sources[0]?.note).toMatch(
      /^truncated after [\d,]+ lines: .*; its [\d,]+ lines were read before as .*, all of which counts$/,
    )
    expect(await stored(engine)).toEqual({ rows: 3000, different: 3000 })
  }),
)
