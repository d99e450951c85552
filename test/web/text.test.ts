import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../src/investigate/query/parse.ts'
import { completed, placeOf } from '../../web/features/explore/completion.ts'
import { formatBytes, formatDuration, formatShare, inert } from '../../web/lib/format.ts'
import { narrowed, term, withoutTimes } from '../../web/lib/query.ts'

describe('conditions that the console writes', () => {
  it('are read by the server as the very value that was clicked', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (value) => {
        const read = parseQuery(term('user_name', value))
        expect(read).toMatchObject({
          kind: 'field',
          name: 'user_name',
          test: { kind: 'is', pattern: [{ kind: 'text', text: value }] },
        })
      }),
    )
  })

  it('narrow a query without changing what it asked before', () => {
    expect(narrowed('', 'a:1')).toBe('a:1')
    expect(narrowed('x:1 AND y:2', 'a:1')).toBe('x:1 AND y:2 AND a:1')
    expect(narrowed('x:1 OR y:2', 'NOT a:1')).toBe('(x:1 OR y:2) AND NOT a:1')
    expect(parseQuery(narrowed('x:1 OR y:2', 'a:1'))).toEqual(parseQuery('(x:1 OR y:2) AND a:1'))
  })

  it('leave a finding’s own time to the range picker', () => {
    expect(
      withoutTimes(
        'category:auth AND source_ip:192.0.2.1 AND timestamp:[2026-03-02T02:12:00.075Z TO 2026-03-02T02:27:23Z]',
      ),
    ).toBe('category:auth AND source_ip:192.0.2.1')
    expect(withoutTimes('timestamp:[2026-03-02 TO 2026-03-03] AND category:web')).toBe('category:web')
  })
})

describe('completion', () => {
  it('knows whether a field or a value stands before the caret', () => {
    expect(placeOf('user_n', 6)).toEqual({ kind: 'field', typed: 'user_n', from: 0 })
    expect(placeOf('a:1 AND us', 10)).toEqual({ kind: 'field', typed: 'us', from: 8 })
    expect(placeOf('user_name:b', 11)).toEqual({ kind: 'value', field: 'user_name', typed: 'b', from: 10 })
    expect(placeOf('user_agent:"Mozilla/5.0 (X', 26)).toMatchObject({
      kind: 'value',
      typed: 'Mozilla/5.0 (X',
      from: 11,
    })
  })

  it('puts what was chosen in the place of what was typed, and keeps the rest', () => {
    expect(completed('us AND b:2', 2, placeOf('us AND b:2', 2), 'user_name')).toEqual({
      text: 'user_name: AND b:2',
      caret: 10,
    })
    expect(completed('user_name:b', 11, placeOf('user_name:b', 11), 'bob')).toEqual({
      text: 'user_name:bob ',
      caret: 14,
    })
  })
})

describe('what the console writes for people', () => {
  it('has no character that could act, whatever a log says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(inert(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
    expect(inert('a\u001B[31m\u202Eb\n')).toBe(String.raw`a\x1b[31m\u{202e}b\n`)
  })

  it('rounds without lying', () => {
    expect([0, 0.0004, 0.5, 0.9999, 1].map(formatShare)).toEqual(['0%', '<0.1%', '50%', '>99.9%', '100%'])
    expect([999, 1000, 214_000, 1_500_000].map(formatBytes)).toEqual(['999 B', '1 kB', '214 kB', '1.5 MB'])
    expect([0.34, 5, 200, 7500, 600_000].map(formatDuration)).toEqual([
      '340 ms',
      '5 s',
      '3 min 20 s',
      '2 h 5 min',
      '6 d 23 h',
    ])
  })
})
