import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))

/** What each part may import, itself aside, as the layer table of ARCHITECTURE.md says. */
const allowed: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  [
    ...readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8').matchAll(
      /^\| `(?:src\/)?([\w-]+)(?:\.ts)?` \|[^|]*\| ([^|]*) \|$/gm,
    ),
  ].map(([, part = '', list = '']) => [
    part,
    list === 'nothing' ? [] : list === 'everything' ? ['*'] : list.split(', '),
  ]),
)

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name)
    if (entry.isDirectory()) return filesUnder(place)
    return /\.tsx?$/.test(entry.name) ? [place] : []
  })

const partOf = (file: string): string => {
  const [top = '', second = ''] = path.relative(root, file).split(path.sep)
  return top === 'src' ? second.replace(/\.ts$/, '') : top
}

const importsOf = (file: string): string[] =>
  [
    ...readFileSync(file, 'utf8').matchAll(
      /(?:^|\n)(?:import|export)\s[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? '')

const files = ['src', 'parsers', 'detectors', 'web'].flatMap((folder) => filesUnder(path.join(root, folder)))

const edges = files.flatMap((file) =>
  importsOf(file).flatMap((target) => {
    if (target === 'winnow') return [{ file, from: partOf(file), to: 'sdk' }]
    if (!target.startsWith('.')) return []
    return [{ file, from: partOf(file), to: partOf(path.resolve(path.dirname(file), target)) }]
  }),
)

describe('imports', () => {
  it('point one way, as the layer table says', () => {
    expect(edges.length).toBeGreaterThan(100)
    const wrong = edges.filter(({ from, to }) => {
      const may = allowed[from]
      return from !== to && (may === undefined || !(may.includes(to) || may.includes('*')))
    })
    expect(wrong.map(({ file, to }) => `${path.relative(root, file)} → ${to}`)).toEqual([])
  })

  it('keep the drivers of the engine inside src/engine', () => {
    const drivers = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => /^(?:chdb|@clickhouse\/)/.test(target))
        .map(() => partOf(file)),
    )
    expect(new Set(drivers)).toEqual(new Set(['engine']))
  })

  it('let content see nothing but the SDK', () => {
    const content = files.filter((file) => ['parsers', 'detectors'].includes(partOf(file)))
    expect(content.length).toBeGreaterThan(10)
    const seen = content.flatMap((file) =>
      importsOf(file)
        .filter((target) => target !== 'winnow' && !target.startsWith('./'))
        .map((target) => `${path.basename(file)} → ${target}`),
    )
    expect(seen).toEqual([])
  })
})
