import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { renderTerminal } from '../../src/report/terminal.ts'
import { cells, cut, wrap } from '../../src/report/terminal/columns.ts'
import { hostileReport, hostileTexts, reportSaying } from './hostile-text.ts'
import { busyReport, emptyReport, unparsedReport } from './sample-report.ts'

fc.configureGlobal({ seed: 20_260_302 })

const plain = (width: number) => ({ color: false, width })
const escapesIn = (text: string) => text.split('\x1b').length

describe('the terminal report', () => {
  test.each([
    ['busy-60', busyReport, 60],
    ['busy-100', busyReport, 100],
    ['busy-200', busyReport, 200],
    ['empty-80', emptyReport, 80],
    ['unparsed-80', unparsedReport, 80],
    ['hostile-80', hostileReport, 80],
  ])('is as reviewed: %s', async (name, report, width) => {
    await expect(renderTerminal(report, plain(width))).toMatchFileSnapshot(`golden/${name}.txt`)
  })

  test('is as reviewed in colour', async () => {
    await expect(renderTerminal(busyReport, { color: true, width: 100 })).toMatchFileSnapshot(
      'golden/busy-100-colour.txt',
    )
  })

  test('says the same with colours as without', () => {
    const coloured = renderTerminal(busyReport, { color: true, width: 100 })
    const sgr = new RegExp(String.raw`${'\x1b'}\[[\d;]+m`, 'g')
    expect(coloured).not.toBe(coloured.replace(sgr, ''))
    expect(coloured.replace(sgr, '')).toBe(renderTerminal(busyReport, plain(100)))
  })

  test.each([60, 61, 79, 80, 120, 149, 150, 200])('keeps within %d columns, but for filters', (width) => {
    const filters = new Set(busyReport.findings.map(({ evidence }) => evidence.filter))
    const lines = renderTerminal(busyReport, plain(width)).split('\n')
    expect(lines.filter((line) => cells(line) > width && !filters.has(line.trim()))).toEqual([])
  })

  test('takes a width that is none for 80, and a tiny one for 60', () => {
    expect(renderTerminal(emptyReport, plain(Number.NaN))).toBe(renderTerminal(emptyReport, plain(80)))
    expect(renderTerminal(emptyReport, plain(5))).toBe(renderTerminal(emptyReport, plain(60)))
  })

  test('says how to see what fell below the budget', () => {
    expect(renderTerminal(busyReport, plain(100))).toContain(
      '11 more findings fell below the budget. To see them: --budget 17',
    )
  })

  test('leads with the incidents, the riskiest first, and tells their findings in that order', () => {
    const text = renderTerminal(busyReport, plain(100))
    expect(text).toMatch(/Risk\s+93 {2}203\.0\.113\.77 guessed passwords of 214 accounts/)
    expect(text).toContain('Initial Access → Credential Access')
    const told = [...text.matchAll(/^#(\d) [A-Z]+ /gm)].map((match) => match[1])
    expect(told).toEqual(['2', '3', '1', '4', '5', '6'])
  })

  test('offers no command with a path that a shell would read otherwise', () => {
    const [source] = unparsedReport.summary.sources
    if (source === undefined) throw new Error('the sample has a source')
    const summary = { ...unparsedReport.summary, sources: [{ ...source, path: 'x; rm -rf ~' }] }
    const text = renderTerminal({ ...unparsedReport, summary }, plain(80))
    expect(text).toContain('winnow parse FILE')
    expect(text).not.toContain('winnow parse x;')
  })

  test('no text of any log acts on the terminal', () => {
    fc.assert(
      fc.property(hostileTexts, fc.integer({ min: 60, max: 200 }), (text, width) => {
        const lines = renderTerminal(reportSaying(text), plain(width)).split('\n')
        expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(line))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('no text of any log adds to the escape sequences of the colours', () => {
    const ours = renderTerminal(reportSaying('x'), { color: true, width: 200 })
    fc.assert(
      fc.property(hostileTexts, (text) => {
        const shown = renderTerminal(reportSaying(text), { color: true, width: 10_000 })
        expect(escapesIn(shown)).toBeLessThanOrEqual(escapesIn(ours))
      }),
      { numRuns: 30 },
    )
  })
})

describe('columns', () => {
  test('a wide character takes two cells and a combining mark none', () => {
    expect([cells('abc'), cells('漢字'), cells('e\u0301'), cells('→')]).toEqual([3, 4, 1, 1])
  })

  test('cut text keeps within its width, however many marks pile up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 40 }), (text, width) => {
        expect(cells(cut(text, width))).toBeLessThanOrEqual(width)
      }),
    )
    expect(cut(`a${'\u0301'.repeat(100_000)}`, 10).length).toBeLessThan(50)
  })

  test('wrapped text loses nothing but spaces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 2, max: 60 }),
        (text, width) => {
          const lines = wrap(text, width)
          expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
          for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(width)
        },
      ),
    )
  })
})
