import { tmpdir } from 'node:os'
import { chmod, link, mkdir, symlink, writeFile } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expandBraces, segmentPattern } from '../../src/ingest/glob.ts'
import { loadSources } from '../../src/ingest/load.ts'
import { compareInTime } from '../../src/ingest/rotation.ts'
import { findSources } from '../../src/ingest/sources.ts'
import { access, accessLines, catalogue, inPlace, text, withFolder } from './place.ts'

/** A data folder apart from what is searched. */
const elsewhere = { dataFolder: path.join(tmpdir(), 'winnow-no-such-data') }

const put = async (folder: string, ...names: readonly string[]): Promise<void> => {
  for (const name of names) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, `${name}\n`)
  }
}

const namesOf = (folder: string, found: Awaited<ReturnType<typeof findSources>>): string[] =>
  found.sources.map((source) => path.relative(folder, source.path))

describe('rotated logs', () => {
  test('are read oldest first, however their generations are written', () => {
    const inOrder = [
      '/l/a.log-20260130.gz',
      '/l/a.log-20260131',
      '/l/a.log-2026020106',
      '/l/a.log.10.gz',
      '/l/a.log.2',
      '/l/a.log.1',
      '/l/a.log',
      '/l/b-2026-01-30.log.xz',
      '/l/b-2026-01-31.log',
      '/l/b.2.log',
      '/l/b.1.log',
      '/l/b.log',
      '/m/a.log.1',
    ]
    const shuffled = inOrder.map((name, i) => [(i * 7) % inOrder.length, name] as const)
    const mixed = shuffled.toSorted(([a], [b]) => a - b).map(([, name]) => name)
    expect(mixed).not.toEqual(inOrder)
    expect(mixed.toSorted(compareInTime)).toEqual(inOrder)
  })
})

const matches = (pattern: string, name: string): boolean => segmentPattern(pattern).test(name)

describe('patterns', () => {
  test('star, question mark, classes and braces mean what they mean in a shell', () => {
    expect(expandBraces('a{b,c{d,e}}f')).toEqual(['abf', 'acdf', 'acef'])
    expect(matches('*.log', 'a.log')).toBe(true)
    expect(matches('*.log', 'a.log.1')).toBe(false)
    expect(matches('a?.log', 'ab.log')).toBe(true)
    expect(matches('a[0-9].log', 'a7.log')).toBe(true)
    expect(matches('a[!0-9].log', 'a7.log')).toBe(false)
    expect(matches(String.raw`a\*.log`, 'a*.log')).toBe(true)
    expect(matches('a.log', 'axlog')).toBe(false)
  })

  test('a name with every special character escaped matches itself alone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (name, other) => {
        fc.pre(!name.includes('/') && name !== other)
        const escaped = name.replaceAll(/[\\*?[\]]/g, String.raw`\$&`)
        expect(segmentPattern(escaped).test(name)).toBe(true)
        expect(segmentPattern(escaped).test(other)).toBe(false)
      }),
    )
  })

  test('two stars go through folders, and hidden names need their dot', () =>
    withFolder(async (folder) => {
      await put(folder, 'a.log', 'x/b.log', 'x/y/c.log', 'x/.hidden/d.log', 'x/y/e.txt', '.f.log')
      const found = await findSources(
        [path.join(folder, '**/*.log'), path.join(folder, 'x/*/{c,z}.log')],
        elsewhere,
      )
      expect(namesOf(folder, found)).toEqual(['a.log', 'x/b.log', 'x/y/c.log'])
      expect(found.problems).toEqual([])
    }))

  test('a file whose name has pattern characters is that file', () =>
    withFolder(async (folder) => {
      await put(folder, 'we{ird}*[1].log', 'we1.log')
      expect(namesOf(folder, await findSources([path.join(folder, 'we{ird}*[1].log')], elsewhere))).toEqual([
        'we{ird}*[1].log',
      ])
    }))
})

describe('folders', () => {
  test('are searched without hidden files, what is no log, the data folder, sockets, and loops of links', () =>
    withFolder(async (folder) => {
      await put(folder, 'a.log', 'x/b.log', '.hidden', 'wtmp', 'btmp.1', 'y/system.journal', 'data/c.log')
      await symlink(folder, path.join(folder, 'x', 'loop'))
      await symlink(path.join(folder, 'nowhere'), path.join(folder, 'x', 'gone'))
      execFileSync('mkfifo', [path.join(folder, 'pipe')])
      const found = await findSources([folder], { dataFolder: path.join(folder, 'data') })
      expect(namesOf(folder, found)).toEqual(['a.log', 'x/b.log'])
      expect(found.problems).toEqual([
        { path: path.join(folder, 'x/gone'), problem: 'there is no such file or folder' },
      ])
    }))

  test('a file is taken once, by whatever links it is reached', () =>
    withFolder(async (folder) => {
      await put(folder, 'a.log')
      await link(path.join(folder, 'a.log'), path.join(folder, 'b.log'))
      await symlink(path.join(folder, 'a.log'), path.join(folder, 'c.log'))
      const again = [folder, path.join(folder, 'a.log'), path.join(folder, 'c.log')]
      expect(namesOf(folder, await findSources(again, elsewhere))).toEqual(['a.log'])
    }))

  test('what gives nothing to read is told, and the rest is found', () =>
    withFolder(async (folder) => {
      await put(folder, 'a.log')
      await mkdir(path.join(folder, 'empty'))
      const at = (name: string): string => path.join(folder, name)
      const found = await findSources(
        [at('none.log'), at('empty'), at('*.txt'), at('a.log'), '/dev/null'],
        elsewhere,
      )
      expect(namesOf(folder, found)).toEqual(['a.log'])
      expect(found.problems).toEqual([
        { path: at('none.log'), problem: 'there is no such file or folder' },
        { path: at('empty'), problem: 'there is no log in this folder' },
        { path: at('*.txt'), problem: 'no file matches this pattern' },
        {
          path: '/dev/null',
          problem: 'it is neither a file nor a folder; give a pipe as standard input: winnow hunt -',
        },
      ])
    }))

  // The administrator may read everything.
  test.skipIf(process.getuid?.() === 0)('a file that may not be read is told', () =>
    withFolder(async (folder) => {
      await put(folder, 'a.log')
      await chmod(path.join(folder, 'a.log'), 0)
      const { problems } = await findSources([folder], elsewhere)
      expect(problems).toMatchObject([{ problem: 'it may not be read by this user' }])
    }),
  )
})

test(
  'standard input is loaded like a file, compressed or not, and its copy is deleted',
  inPlace(async ({ data, engine }) => {
    const bytes = gzipSync(text(accessLines(100)))
    async function* input(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 10)
      yield bytes.subarray(10)
    }
    const { sources } = await findSources(['-'], { dataFolder: data, input: input() })
    expect(sources).toMatchObject([{ path: 'standard input', compression: 'gzip', bytes: bytes.length }])
    const result = await loadSources({ engine, sources, catalogue, dataFolder: data, ...access })
    expect(result).toMatchObject({ lines: 100, parsed: 100, sources: [{ path: 'standard input' }] })
    expect((await findSources([path.join(data, 'spool')], elsewhere)).sources).toEqual([])
  }),
)
