import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  countOf,
  formatBytes,
  formatDuration,
  formatNumber,
  formatShare,
  formatTime,
  formatTimeRange,
  formatValue,
  inert,
} from '../../src/report/format.ts'

fc.configureGlobal({ seed: 20_260_302 })

describe('numbers', () => {
  test.each([
    [0, '0'],
    [7, '7'],
    [999, '999'],
    [1000, '1,000'],
    [27_766, '27,766'],
    [1_234_567, '1,234,567'],
    [-1200, '−1,200'],
    [0.5, '0.5'],
    [1.0049, '1'],
    [3.14159, '3.14'],
    [123.456, '123'],
    [0.00002, '2.0e-5'],
    [1e18, '1.00e+18'],
    [Number.NaN, '–'],
    [Infinity, '∞'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test('bytes are in decimal units and never reach 1,000 of one', () => {
    expect([0, 999, 1000, 999_999, 1_500_000, 3_214_000_000].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1 kB',
      '1 MB',
      '1.5 MB',
      '3.21 GB',
    ])
  })

  test('a share that is neither none nor all is never written as 0% or 100%', () => {
    expect([0, 0.0001, 0.004, 0.613, 0.998, 0.99999, 1].map(formatShare)).toEqual([
      '0%',
      '<0.1%',
      '0.4%',
      '61%',
      '99.8%',
      '>99.9%',
      '100%',
    ])
  })

  test('a count is followed by its noun in the right number', () => {
    expect([countOf(1, 'line'), countOf(2000, 'line'), countOf(2, 'entity', 'entities')]).toEqual([
      '1 line',
      '2,000 lines',
      '2 entities',
    ])
  })

  test('a reason is written in its unit', () => {
    expect(formatValue(212, 'count')).toBe('212')
    expect(formatValue(0.95, 'share')).toBe('95%')
    expect(formatValue(1_240_000, 'bytes')).toBe('1.24 MB')
    expect(formatValue(95, 'seconds')).toBe('1 min 35 s')
    expect(formatValue(5.123, 'bits')).toBe('5.12 bits')
    expect(formatValue(0.25, 'number')).toBe('0.25')
  })
})

describe('times', () => {
  test.each([
    [0, '0 s'],
    [0.0001, '1 ms'],
    [0.34, '340 ms'],
    [0.9999, '1 s'],
    [1.24, '1.2 s'],
    [59.6, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [86_399, '1 d'],
    [601_200, '6 d 23 h'],
    [Number.NaN, '–'],
  ])('%d seconds are written %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text)
  })

  test('a time is written in UTC, whatever its offset', () => {
    expect(formatTime('2026-03-04T11:12:01.250+01:00')).toBe('2026-03-04 10:12:01')
  })

  test('a text that is no time comes back inert', () => {
    expect(formatTime('\x1b[2J')).toBe(String.raw`\x1b[2J`)
  })

  test('a range within a day names the day once', () => {
    expect(formatTimeRange('2026-03-04T10:12:01Z', '2026-03-04T10:41:37Z')).toBe(
      '2026-03-04 10:12:01 – 10:41:37',
    )
    expect(formatTimeRange('2026-03-04T10:12:01Z', '2026-03-05T10:41:37Z', false)).toBe(
      '2026-03-04 10:12 – 2026-03-05 10:41',
    )
    expect(formatTimeRange('2026-03-04T10:12:01Z', '2026-03-04T10:12:01Z')).toBe('2026-03-04 10:12:01')
  })
})

describe('inert text', () => {
  test('escape sequences, controls and overrides are spelt out', () => {
    expect(inert('a\x1b[2J\x9b1m\x07\n\r\t\x7f\u202eb\u2066\u{e0041}\ud800')).toBe(
      String.raw`a\x1b[2J\x9b1m\x07\n\r\t\x7f\u{202e}b\u{2066}\u{e0041}\u{d800}`,
    )
  })

  test('what people write stays as it is', () => {
    const text = String.raw`GET /a?b=c HTTP/1.1 "größe" 漢字 עברית 🙂 C:\temp`
    expect(inert(text)).toBe(text)
  })

  test('nothing that acts is left of any text, and making it inert again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = inert(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
        expect(inert(shown)).toBe(shown)
      }),
    )
  })
})
