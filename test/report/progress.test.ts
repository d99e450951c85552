import { describe, expect, test } from 'vitest'

import { createProgress, formatProgress } from '../../src/report/progress.ts'

function recorder(columns?: number) {
  const written: string[] = []
  return { written, columns, write: (text: string) => written.push(text) }
}

const reading = { phase: 'reading', label: 'access.log', unit: 'lines' as const }

describe('a progress line', () => {
  test('tells the share, the rate and the time left', () => {
    expect(formatProgress({ ...reading, done: 500_000, total: 2_000_000 }, 1000)).toBe(
      'reading access.log: 25%, 500,000 of 2,000,000 lines, 500,000 lines/s, 3 s left',
    )
  })

  test('tells no time left where the total is not known', () => {
    expect(formatProgress({ ...reading, done: 3_000_000, unit: 'bytes' }, 2000)).toBe(
      'reading access.log: 3 MB, 1.5 MB/s',
    )
  })

  test('tells no rate before it has settled, nor for detectors', () => {
    expect(formatProgress({ ...reading, done: 10, total: 100 }, 50)).toBe(
      'reading access.log: 10%, 10 of 100 lines',
    )
    expect(
      formatProgress(
        { phase: 'detecting', label: 'dns-exfiltration', done: 2, total: 5, unit: 'detectors' },
        9000,
      ),
    ).toBe('detecting dns-exfiltration: 40%, 2 of 5 detectors')
  })

  test('counts the rate from where the phase began', () => {
    expect(formatProgress({ ...reading, done: 1500, total: 2500 }, 1000, { from: 500 })).toContain(
      '1,000 lines/s, 1 s left',
    )
  })

  test('never says 100% before the end', () => {
    expect(formatProgress({ ...reading, done: 9999, total: 10_000 }, 0)).toContain('99%')
    expect(formatProgress({ ...reading, done: 10_000, total: 10_000 }, 0)).toContain('100%')
  })

  test('shortens the label first, and shows it inert', () => {
    const line = formatProgress({ ...reading, label: `\x1b[2J${'x'.repeat(200)}`, done: 5, total: 10 }, 0, {
      width: 60,
    })
    expect(line).toHaveLength(60)
    expect(line).toMatch(/^reading \\x1b\[2Jx+…: 50%, 5 of 10 lines$/)
  })
})

describe('progress', () => {
  test('rewrites one line at most ten times a second on a terminal, and wipes it', () => {
    const stream = recorder(80)
    let timeMs = 0
    const progress = createProgress(stream, { interactive: true, now: () => timeMs })
    for (; timeMs <= 1000; timeMs += 10) progress.update({ ...reading, done: timeMs, total: 2000 })
    expect(stream.written).toHaveLength(11)
    expect(stream.written.every((text) => text.startsWith('\r') && text.endsWith('\x1b[K'))).toBe(true)
    expect(stream.written.at(-1)).toContain('50%, 1,000 of 2,000 lines, 1,000 lines/s, 1 s left')
    progress.done()
    progress.done()
    expect(stream.written.slice(11)).toEqual(['\r\x1b[K'])
  })

  test('writes a plain line every five seconds elsewhere, and nothing for short work', () => {
    const stream = recorder()
    let timeMs = 0
    const progress = createProgress(stream, { interactive: false, now: () => timeMs })
    for (; timeMs < 12_000; timeMs += 500) progress.update({ ...reading, done: timeMs, total: 20_000 })
    progress.done()
    expect(stream.written).toEqual([
      'reading access.log: 25%, 5,000 of 20,000 lines, 1,000 lines/s, 15 s left\n',
      'reading access.log: 50%, 10,000 of 20,000 lines, 1,000 lines/s, 10 s left\n',
    ])
  })

  test('starts the clock anew with each phase', () => {
    const stream = recorder(80)
    let timeMs = 0
    const progress = createProgress(stream, { interactive: true, now: () => timeMs })
    progress.update({ ...reading, done: 0, total: 100 })
    timeMs = 60_000
    progress.update({ ...reading, phase: 'sorting', done: 0, total: 100 })
    timeMs = 61_000
    progress.update({ ...reading, phase: 'sorting', done: 50, total: 100 })
    expect(stream.written.at(-1)).toContain('50 lines/s, 1 s left')
  })
})
