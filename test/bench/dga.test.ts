import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { areaUnderCurve, dgaQuality, dgaText, nameLists } from '../../bench/quality/dga.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-dga-'))

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the area under the curve', () => {
  it('is the share of pairs in which the second scores higher, ties counting half', () => {
    expect(areaUnderCurve([1, 2, 3], [4, 5])).toBe(1)
    expect(areaUnderCurve([4, 5], [1, 2, 3])).toBe(0)
    expect(areaUnderCurve([1, 2], [1, 2])).toBe(0.5)
    expect(areaUnderCurve([1, 3], [2])).toBe(0.5)
  })
})

describe('the bench of generated domains', () => {
  it('judges a list by the table alone, and with half of its ordinary names', async () => {
    const ordinary = ['garden', 'kitchen', 'weather', 'library', 'museum', 'bakery', 'harbour', 'station']
    const drawn = ['xkqvzjwpqt', 'hqzvxkwjbf', 'wqkjzxvbnp', 'pvqxzkjwhd', 'zkxqvwjpbg', 'qjxkzvwpfh']
    const lines = [
      'label,family,name',
      ...ordinary.map((name) => `legit,top,${name}.example`),
      ...drawn.map((name) => `dga,letters,${name}.example`),
    ]
    writeFileSync(path.join(folder, 'names.csv'), lines.join('\n'))
    writeFileSync(path.join(folder, 'notes.txt'), '')
    const files = nameLists(folder)
    expect(files.map((file) => path.basename(file))).toEqual(['names.csv'])
    expect(nameLists(path.join(folder, 'none'))).toEqual([])
    const results = await dgaQuality(files[0] ?? '')
    expect(results.map(({ legitimate, generated }) => [legitimate, generated])).toEqual([
      [8, 6],
      [4, 6],
    ])
    expect(results.map(({ names, bursts }) => [names.auc, bursts.auc])).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(dgaText([results])).toContain('letters')
  })
})
