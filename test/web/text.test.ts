import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AppError, errorTable } from '../../src/errors.ts'
import { parseQuery } from '../../src/investigate/query/parse.ts'
import { joined, type Query } from '../../src/investigate/query/tree.ts'
import { completed, placeOf } from '../../web/features/explore/completion.ts'
import { formatBytes, formatDuration, formatShare, inert } from '../../web/lib/format.ts'
import { refusalOf } from '../../web/features/sign-in/refusal.ts'
import { narrowed, term, withoutTimes } from '../../web/lib/query.ts'
import { formatTime, isoOf } from '../../web/lib/time.ts'

/** A query without where its parts stood, which brackets shift. */
const meaning = (query: Query): unknown =>
  JSON.parse(JSON.stringify(query, (key, value: unknown) => (/^(?:at|valueAt)$/.test(key) ? 0 : value)))

/** What the server reads in a text; null where it is no query. */
const read = (text: string): Query | null => {
  try {
    return parseQuery(text)
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

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

  it.each([
    'status:404 OR status:500',
    'status:404 or status:500',
    'status:404 || status:500',
    'status:404 ||status:500',
    '(status:404)or(status:500)',
    'status:[400 TO 404]or status:500',
    'status:404\nor\tstatus:500',
    'user_name:"a or \\"" or status:500',
    String.raw`user_name:a\" or status:500 or user_name:b\"`,
    'path:/["]+/ or status:500 AND user_name:"b"',
    'path:/[(]+/ or status:500 AND (user_name:b)',
    '(status:404 or status:403) or status:500',
    'status:404 status:403 or NOT status:500',
  ])('narrow by AND and by NOT whatever is written with OR: %s', (query) => {
    expect(parseQuery(query).kind).toBe('or')
    for (const condition of ['source_ip:192.0.2.7', 'NOT source_ip:192.0.2.7'])
      expect(meaning(parseQuery(narrowed(query, condition)))).toEqual(
        meaning({ kind: 'and', of: [parseQuery(query), parseQuery(condition)] }),
      )
  })

  it('need no brackets where OR is in quotes, in words, or in brackets already', () => {
    for (const query of ['message:"a or b"', 'color:orange AND x:"||"', '(x:1 or y:2) AND z:3', 'x:(1 || 2)'])
      expect(narrowed(query, 'a:1')).toBe(`${query} AND a:1`)
    expect(narrowed(narrowed('x:1 or y:2', 'a:1'), 'b:2')).toBe('(x:1 or y:2) AND a:1 AND b:2')
  })

  it('narrow every query to what it and the condition both say', () => {
    const words = ['a', 'or', 'OR', '||', 'and', 'not ', 'NOT ', 'path:', 'x:1', 'x:(', '[1 TO 2]', '/.*/']
    const signs = [...' -()"\\/[]{|*?:\n'.split(''), '.*', '>=', '()', '  ']
    const texts = fc
      .array(fc.constantFrom(...words, ...signs), { maxLength: 12 })
      .map((parts) => parts.join(''))
    const values = fc.oneof(texts, fc.string())
    let compared = 0
    fc.assert(
      fc.property(texts, values, fc.boolean(), (query, value, without) => {
        const before = read(query)
        if (before === null) return
        compared++
        const condition = `${without ? 'NOT ' : ''}${term('user_name', value)}`
        expect(meaning(joined('and', [parseQuery(narrowed(query, condition))]))).toEqual(
          query.trim() === '' || query.trim() === '*'
            ? meaning(parseQuery(condition))
            : meaning(joined('and', [before, parseQuery(condition)])),
        )
      }),
      { numRuns: 20_000 },
    )
    expect(compared).toBeGreaterThan(1000)
  })

  it('end no expression that only seemed to begin, and no backslash', () => {
    expect(parseQuery(narrowed('path:/admin', term('user_agent', 'x[1]/ y')))).toMatchObject({
      kind: 'and',
      of: [{ test: { pattern: [{ text: '/admin' }] } }, { test: { pattern: [{ text: 'x[1]/ y' }] } }],
    })
    expect(narrowed('path:Temp\\', 'a:1')).toBe(String.raw`path:Temp\\ AND a:1`)
    expect(narrowed(String.raw`path:Temp\ `, 'a:1')).toBe(String.raw`path:Temp\  AND a:1`)
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

describe('times that people choose', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('are read in the zone that the console shows, on either side of a change of clocks', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    expect(isoOf('2026-01-15T06:28', 'local')).toBe('2026-01-15T05:28:00.000Z')
    expect(isoOf('2026-07-15T06:28:12', 'local')).toBe('2026-07-15T04:28:12.000Z')
    // The clocks go from 02:00 to 03:00, and in autumn from 03:00 back to 02:00.
    expect(isoOf('2026-03-29T01:59', 'local')).toBe('2026-03-29T00:59:00.000Z')
    expect(isoOf('2026-03-29T02:30', 'local')).toBe('2026-03-29T01:30:00.000Z')
    expect(isoOf('2026-03-29T03:00', 'local')).toBe('2026-03-29T01:00:00.000Z')
    expect(isoOf('2026-10-25T02:30', 'local')).toBe('2026-10-25T00:30:00.000Z')
    expect(isoOf('2026-10-25T03:00', 'local')).toBe('2026-10-25T02:00:00.000Z')
    for (const text of ['2026-01-15T06:28', '2026-03-29T02:30', '2026-10-25T02:30'])
      expect(isoOf(text, 'utc')).toBe(`${text}:00.000Z`)
  })

  it('are shown as they were typed', () => {
    vi.stubEnv('TZ', 'Europe/Berlin')
    for (const zone of ['local', 'utc'] as const)
      expect(formatTime(isoOf('2021-07-15T06:28', zone) ?? '', zone)).toBe('15 Jul 2021 06:28')
  })

  it('are none while a part is missing', () => {
    for (const text of ['', 'tomorrow'])
      expect([isoOf(text, 'local'), isoOf(text, 'utc')]).toEqual([null, null])
  })
})

describe('what the console writes for people', () => {
  it('says why signing in elsewhere was refused, and never the code of an address', () => {
    const known = ['not-allowed', 'conflict', 'last-administrator', 'sign-in-elsewhere-failed']
    expect(known.filter((code) => !(code in errorTable))).toEqual([])
    const others = ['not-found', 'constructor', '__proto__', '<b>call 555</b>'].map(refusalOf)
    expect(new Set(others).size).toBe(1)
    expect(new Set([...known.map(refusalOf), ...others]).size).toBe(known.length + 1)
    expect(others.join(' ')).not.toMatch(/555|proto|construct|not-found/)
  })

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
