import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'
import { AppError } from '../../src/errors.ts'
import { filterText } from '../../src/features/compile-filter.ts'
import { compileQuery, spanOfQuery } from '../../src/investigate/compile.ts'
import { columnNames, fieldOf } from '../../src/investigate/fields.ts'
import { longestQuery, parseQuery } from '../../src/investigate/query/parse.ts'
import { printQuery } from '../../src/investigate/query/print.ts'
import { joined, type FieldTest, type Pattern, type Query } from '../../src/investigate/query/tree.ts'
import { raw, render } from '../../src/sql/sql.ts'

const nowMs = Date.UTC(2026, 2, 3)

/** A tree without the places in the text. */
const bare = (query: Query): unknown =>
  JSON.parse(
    JSON.stringify(query, (key, value: unknown) => (key === 'at' || key === 'valueAt' ? undefined : value)),
  )

const problemOf = (text: string): { problem: unknown; position: unknown } | null => {
  try {
    compileQuery(parseQuery(text), nowMs)
    return null
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-query') throw error
    return { problem: error.facts['problem'], position: error.facts['position'] }
  }
}

const text = (value: string): Pattern => [{ kind: 'text', text: value }]

describe('the query language', () => {
  it.each([
    ['', '*'],
    ['*', '*'],
    ['*:*', '*'],
    ['admin', 'admin'],
    ['failed password', 'failed AND password'],
    ['"failed password"', '"failed password"'],
    ['"say \\"hi\\""', '"say \\"hi\\""'],
    ['user:root', 'user:root'],
    ['user:CORP\\alice', 'user:"CORP\\\\alice"'],
    ['user:"CORP\\\\alice"', 'user:"CORP\\\\alice"'],
    ['a or b and c', 'a OR (b AND c)'],
    ['a || b && c', 'a OR (b AND c)'],
    ['(a OR b) c', '(a OR b) AND c'],
    ['NOT a', 'NOT a'],
    ['-a !b', 'NOT a AND NOT b'],
    ['a -status:404', 'a AND NOT status:404'],
    ['+a +b', 'a AND b'],
    ['user not found', 'user AND "not" AND found'],
    ['a and not path:/x', 'a AND NOT path:"/x"'],
    ['not (a or b)', 'NOT (a OR b)'],
    ['status:(404 OR 403)', 'status:404 OR status:403'],
    ['status:(404 403)', 'status:404 OR status:403'],
    ['status:(>=400 AND NOT 404)', 'status:[400 TO *] AND NOT status:404'],
    ['user:(a b AND c)', 'user:a OR (user:b AND user:c)'],
    ['status:>=400', 'status:[400 TO *]'],
    ['status >= 400', 'status:[400 TO *]'],
    ['status<400', 'status:[* TO 400}'],
    ['status:[400 TO 499]', 'status:[400 TO 499]'],
    ['status:{400 to 499}', 'status:{400 TO 499}'],
    ['status:{400 TO *}', 'status:{400 TO *]'],
    ['status: 404', 'status:404'],
    ['status : 404', 'status:404'],
    ['user:*', 'user:*'],
    ['user:adm*', 'user:adm*'],
    ['user:*"a b"*', 'user:*"a b"*'],
    ['user:"*"', 'user:"*"'],
    ['user:a\\*', 'user:"a*"'],
    ['path:/admin/', 'path:"/admin/"'],
    ['path:/api/*/edit/', 'path:"/api/"*"/edit/"'],
    ['path:/^\\/a(b|c)\\/$/', 'path:/^\\/a(b|c)\\/$/'],
    ['path:/(^|/)login[.]php$/ AND a', 'path:/(^|/)login[.]php$/ AND a'],
    ['source_ip:2001:db8::1', 'source_ip:"2001:db8::1"'],
    ['fe80::1', '"fe80::1"'],
    ['http://example.com/x', '"http://example.com/x"'],
    ['<script>', '"<script>"'],
    ['timestamp:[2026-01-31T08:00:00.000Z TO now]', 'timestamp:["2026-01-31T08:00:00.000Z" TO now]'],
    ['destination_address:listed()', 'destination_address:listed()'],
  ])('reads %s', (written, expected) => {
    expect(printQuery(parseQuery(written))).toBe(expected)
    expect(bare(parseQuery(expected))).toEqual(bare(parseQuery(written)))
  })

  it.each([
    ['status:', 'expected a value after "status:"', 7],
    ['status: )', 'expected a value after "status:"', 8],
    ['a AND', 'expected a condition after "AND"', 5],
    ['a OR OR b', 'expected a condition before "OR"', 5],
    ['AND a', 'expected a condition before "AND"', 0],
    ['(a', 'expected ")" for the bracket here', 0],
    ['a)', 'expected "(" somewhere before this ")"', 1],
    ['()', 'expected a condition inside the brackets', 1],
    ['"abc', 'expected a closing quote for the one here', 0],
    ['status:[1 2]', 'expected "TO" between the two ends of the range', 10],
    ['status:[1 TO 5', 'expected "]" or "}" for the range that begins here', 7],
    ['status:>=4*', 'expected a value without * or ?', 9],
    ['status:ok', 'expected a number after "status:"', 7],
    [
      'source_ip:300.1.1.1',
      'expected an address or a network, such as 192.0.2.7 or 198.51.100.0/24, after "source_ip:"',
      10,
    ],
    [
      'a time:yesterday',
      'expected a time, such as 2026-01-31, 2026-01-31T08:00Z or now-24h, after "time:"',
      7,
    ],
    [
      'usr_name:root',
      'expected a known field before ":", not usr_name. Did you mean user_name? What a format has beyond columns is written other.usr_name',
      0,
    ],
    ['eval(x)', 'expected a space before "(", or quotes around text that has brackets', 4],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'expected at most 50 brackets inside each other', 50],
    [`${'!'.repeat(0)}${'NOT '.repeat(60)}a`, 'expected at most 50 brackets inside each other', 204],
    ['a '.repeat(1001), 'expected at most 1000 conditions', 2000],
    ['x'.repeat(longestQuery + 1), `expected a query of at most ${longestQuery} characters`, longestQuery],
  ])('says what is wrong with %s, and where', (written, problem, position) => {
    expect(problemOf(written)).toEqual({ problem, position })
  })

  const leaf = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('AND', 'not', '-x', '/a/', 'a:b', '2001:db8::1', '*', '\\', '"', 'TO', '(', ']', 'x y'),
  )
  const pattern: fc.Arbitrary<Pattern> = fc.oneof(
    leaf.map(text),
    leaf.map((value): Pattern => [...text(value), { kind: 'any' }]),
    fc.tuple(leaf, leaf).map(([a, b]): Pattern => [{ kind: 'any' }, ...text(a), { kind: 'one' }, ...text(b)]),
  )
  const end = fc.record({ text: fc.oneof(fc.constant(''), leaf), included: fc.boolean(), at: fc.constant(0) })
  const test: fc.Arbitrary<FieldTest> = fc.oneof(
    fc.oneof(pattern, fc.constant(text(''))).map((one): FieldTest => ({ kind: 'is', pattern: one })),
    fc.constant<FieldTest>({ kind: 'exists' }),
    fc.tuple(fc.option(end), fc.option(end)).map(([from, to]): FieldTest => ({ kind: 'range', from, to })),
    fc
      .constantFrom('^a(b|/ c)$', '[/ ]x', 'a\\/ b+')
      .map((expression): FieldTest => ({ kind: 'matches', expression })),
    fc.constant<FieldTest>({ kind: 'known', what: 'listed' }),
  )
  const { query } = fc.letrec<{ query: Query }>((tie) => ({
    query: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      pattern.map((one): Query => ({ kind: 'text', pattern: one, at: 0 })),
      fc
        .tuple(fc.constantFrom('status', 'source.ip', 'user_name', '@timestamp', 'other.a-b.c'), test)
        .map(([name, one]): Query => ({ kind: 'field', name, at: 0, test: one, valueAt: 0 })),
      tie('query').map((of): Query => ({ kind: 'not', of })),
      fc
        .tuple(
          fc.constantFrom<'and' | 'or'>('and', 'or'),
          fc.array(tie('query'), { minLength: 2, maxLength: 4 }),
        )
        .map(([kind, of]) => joined(kind, of)),
    ),
  }))

  it('reads back what it prints', () => {
    fc.assert(
      fc.property(query, (one) => {
        expect(bare(parseQuery(printQuery(one)))).toEqual(bare(one))
      }),
      { numRuns: 1000 },
    )
  })

  const signs = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    ':',
    '"',
    '\\',
    '*',
    '?',
    '/',
    ' ',
    'AND',
    'OR',
    'NOT',
    'TO',
    '-',
    '!',
    '&&',

    '||',
    '>=',
    '<',
    'status',
    'source_ip',
    'user.name',
    'timestamp',
    'other.x',
    '192.0.2.1',
    '/24',
    '404',
    '|',
    "'",
    'now-1h',
    '2026-01-31',
    '\0',
    '\u{1F600}',
    '\uD800',
    '`',
    ';',
    '--',
    'é',
    'x',
  )

  it('either understands a text or says where it stops, and never puts it into SQL', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(signs, { maxLength: 30 }).map((parts) => parts.join('')),
        ),
        (written) => {
          const problem = problemOf(written)
          const position = Number(problem?.position ?? 0)
          expect(position >= 0 && position <= written.length).toBe(true)
          const { text: made } = render(
            problem === null ? compileQuery(parseQuery(written), nowMs) : raw('1'),
          )
          // Only our own words, column names, plain paths and placeholders.
          expect(made).toMatch(/^[\w\s().,:{}=!<>'%/-]*$/)
          expect(made.replaceAll(/\{p\d+:[\w()]+\}/g, '')).not.toMatch(/[{};]|--/)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('takes no longer for hostile texts than for others', () => {
    const hostile = [
      '(',
      '"',
      '\\',
      '*',
      'a:',
      'a.',
      'a-',
      ' ',
      '!',
      '-',
      'NOT ',
      '/(',
      'a:/[',
      '[',
      'fe80:',
      '1:',
      'a ',
      '\\u00',
      '*a',
      'a:[',
      'not ',
      '0.',
    ].map((part) => part.repeat(Math.floor(longestQuery / part.length)))
    const startedMs = performance.now()
    for (const one of hostile) problemOf(one)
    // Milliseconds each; a quadratic reader would take minutes.
    expect(performance.now() - startedMs).toBeLessThan(5000)
  })

  it('is frozen', () => {
    const parsed = parseQuery('a AND NOT user:(b OR c*)')
    expect(Object.isFrozen(parsed)).toBe(true)
  })

  it('knows every column by its own name, by its ECS name, and in capitals', () => {
    for (const name of columnNames) expect(fieldOf(name)).toEqual({ kind: 'columns', columns: [name] })
    expect(fieldOf('source.ip')).toEqual({ kind: 'columns', columns: ['source_ip'] })
    expect(fieldOf('@timestamp')).toEqual({ kind: 'columns', columns: ['timestamp'] })
    expect(fieldOf('User')).toEqual({ kind: 'columns', columns: ['user_name', 'user_target_name'] })
    expect(fieldOf('other.Channel')).toEqual({ kind: 'path', path: 'Channel' })
    expect(fieldOf('winlog.event_id')).toEqual({ kind: 'path', path: 'winlog.event_id' })
    expect(fieldOf('nonsense')).toBeNull()
  })

  it('sees the time a query is about', () => {
    const span = (written: string) => spanOfQuery(parseQuery(written), nowMs)
    expect(span('a timestamp:[2026-01-01 TO 2026-01-31]')).toEqual({
      fromMs: Date.UTC(2026, 0, 1),
      toMs: Date.UTC(2026, 1, 1),
    })
    expect(span('@timestamp:>now-24h')).toEqual({ fromMs: nowMs - 86_400_000 + 1, toMs: Infinity })
    expect(span('NOT timestamp:2026')).toEqual({ fromMs: -Infinity, toMs: Infinity })
    expect(span('a OR timestamp:2026')).toEqual({ fromMs: -Infinity, toMs: Infinity })
  })

  it('understands what findings give as their filter, for every detector', () => {
    expect(detectors.length).toBeGreaterThan(20)
    for (const detector of detectors) {
      if (!('from' in detector)) continue
      const written = `${filterText(detector.from)} AND source_ip:192.0.2.7 AND timestamp:[2026-01-31T08:00:00.000Z TO 2026-01-31T09:00:00.000Z]`
      expect([written, problemOf(written.replace(/^ AND /, ''))]).toEqual([written, null])
    }
  })
})
