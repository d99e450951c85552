import { describe, expect, it } from 'vitest'
import { AppError } from '../src/errors.ts'
import { parseMoment } from '../src/time.ts'

const last = Date.UTC(2026, 2, 2, 12)

describe('a moment', () => {
  it.each([
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2026-01-31T08:00Z', Date.UTC(2026, 0, 31, 8)],
    ['2026-01-31T08:00+02:00', Date.UTC(2026, 0, 31, 6)],
    ['2026-01-31 08:00:05', Date.UTC(2026, 0, 31, 8, 0, 5)],
    ['24h', Date.UTC(2026, 2, 1, 12)],
    ['1.5d', Date.UTC(2026, 2, 1)],
    ['90m', Date.UTC(2026, 2, 2, 10, 30)],
  ])('%s is read, as UTC unless it names a zone', (text, expected) => {
    expect(parseMoment(text, '--since', last)).toBe(expected)
  })

  it.each(['yesterday', '', '31.01.2026', '24', 'h', '2026-13-01', '99999999999999999999'])(
    '%j is refused, and the error says what to write',
    (text) => {
      expect(() => parseMoment(text, '--since', last)).toThrow(AppError)
      expect(() => parseMoment(text, '--since', last)).toThrow(/--since.*2026-01-31/)
    },
  )
})
