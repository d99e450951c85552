import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { squidLogformat } from '../../parsers/pieces/squid-logformat.ts'
import type { Parser } from '../../src/parse/parser.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, type Laboratory } from './load-lines.ts'

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

const parserOf = (logformat: string): Parser => {
  const parser = squidLogformat(logformat)
  if ('problem' in parser) throw new TypeError(parser.problem)
  return parser
}

const problemOf = (logformat: string): string | null => {
  const parser = squidLogformat(logformat)
  return 'problem' in parser ? parser.problem : null
}

let loads = 0

/** The events of some lines, columns without a value left out. */
const read = async (logformat: string, lines: readonly string[]): Promise<Record<string, unknown>[]> => {
  const source = `load ${(loads += 1)}`
  const reading = { envelopes: [], parsers: [parserOf(logformat)] }
  await lab.load(source, Buffer.from(`${lines.join('\n')}\n`), reading, goldenContext)
  const rows = await lab.engine.rows<Record<string, unknown>>(
    sql`SELECT * FROM events WHERE source = ${source} ORDER BY line_number`,
  )
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([, value]) => value !== '' && value !== 0 && value !== '::')
        .map(([name, value]) => [name, typeof value === 'string' ? value.replace('::ffff:', '') : value]),
    ),
  )
}

const squid = '%ts.%03tu %6tr %>a %Ss/%03>Hs %<st %rm %ru %[un %Sh/%<a %mt'

describe('lines of a logformat', () => {
  test("are read in Squid's own native form, padding and names with spaces included", async () => {
    const rows = await read(`logformat squid ${squid}`, [
      '1772856306.469    919 192.0.2.106 TCP_MISS/301 478 GET http://www.example.com/a?b=c - HIER_DIRECT/198.51.100.170 text/html',
      '1772856307.020 123456 2001:db8::17 TCP_TUNNEL/200 39 CONNECT mail.example.com:443 alice smith FIRSTUP_PARENT/192.0.2.3 -',
    ])
    expect(rows).toMatchObject([
      {
        timestamp: '2026-03-07 04:05:06.469',
        category: 'proxy',
        format: 'squid-logformat',
        event_action: 'TCP_MISS',
        event_code: 'TCP_MISS/301',
        event_outcome: 'success',
        event_duration: 919_000_000,
        source_ip: '192.0.2.106',
        destination_ip: '198.51.100.170',
        destination_domain: 'www.example.com',
        destination_port: 80,
        destination_bytes: 478,
        http_request_method: 'GET',
        http_response_status_code: 301,
        http_response_mime_type: 'text/html',
        url_path: '/a',
        url_query: 'b=c',
      },
      {
        timestamp: '2026-03-07 04:05:07.020',
        source_ip: '2001:db8::17',
        destination_domain: 'mail.example.com',
        destination_port: 443,
        network_protocol: 'tls',
        user_name: 'alice smith',
      },
    ])
    expect(rows[1]).not.toHaveProperty('destination_ip')
  })

  test('are read with quotes, brackets, headers and a local time', async () => {
    const [row] = await read(
      '%>a:%>p %ui %un [%tl] "%rm %ru HTTP/%rv" %>Hs %<st %>st "%{Referer}>h" "%{User-Agent}>h" %Ss:%Sh',
      [
        String.raw`2001:db8::17:50212 - alice [07/Mar/2026:05:05:06 +0100] "GET http://www.example.com/a b HTTP/1.1" 200 2326 417 "-" "Odd \"agent\" [1]" TCP_MISS:HIER_DIRECT`,
      ],
    )
    expect(row).toMatchObject({
      timestamp: '2026-03-07 04:05:06.000',
      source_ip: '2001:db8::17',
      source_port: 50_212,
      source_bytes: 417,
      destination_bytes: 2326,
      user_name: 'alice',
      user_agent: 'Odd "agent" [1]',
      http_version: '1.1',
      url_path: '/a b',
      event_code: 'TCP_MISS/200',
    })
    expect(row).not.toHaveProperty('http_request_referrer')
  })

  test('are read with names of columns beside the codes, as CSV and key=value formats have them', async () => {
    const [row] = await read(
      '"time=%{%Y/%m/%d %H:%M:%S}tl","bump=%ssl::bump_mode","sni=%ssl::>sni","src=%>a","url=%ru","status=%>Hs","agent=%{User-Agent}>h","action=%Ss"',
      [
        '"time=2026/03/07 04:05:06","bump=Splice","sni=www.example.com","src=192.0.2.7","url=198.51.100.9:443","status=200","agent=-","action=TCP_TUNNEL"',
      ],
    )
    expect(row).toMatchObject({
      timestamp: '2026-03-07 04:05:06.000',
      source_ip: '192.0.2.7',
      destination_ip: '198.51.100.9',
      destination_port: 443,
      other: { bump_mode: 'splice', sni: 'www.example.com' },
    })
  })

  test('are read between tabs, and with codes nobody knows', async () => {
    const tabbed = '%ts\\t%tr\\t%>a\\t%rm\\t%ru\\t%st\\t%{Host}>h\\t%future::>code\\t%{x}future'
    const [row] = await read(tabbed, ['1772856306\t5\t192.0.2.7\tGET\t-\t900\twww.example.com:8080\ta b\tc'])
    expect(row).toMatchObject({
      timestamp: '2026-03-07 04:05:06.000',
      event_duration: 5_000_000,
      network_bytes: 900,
      destination_domain: 'www.example.com',
    })
    expect(row).not.toHaveProperty('url_original')
  })

  test.each([
    { form: '%{%d/%b/%Y %T}tg', written: '07/Mar/2026 04:05:06', at: '2026-03-07 04:05:06.000' },
    { form: '%{%e %B %Y %R %z}tl', written: ' 7 March 2026 05:05 +0100', at: '2026-03-07 04:05:00.000' },
    { form: '%{%FT%T}tl.%03tu', written: '2026-03-07T04:05:06.007', at: '2026-03-07 04:05:06.007' },
    { form: '%{%a %D}tl %{%H:%M:%S}tl', written: 'Sat 03/07/26 04:05:06', at: '2026-03-07 04:05:06.000' },
    { form: '%{%F %T %Z}tl', written: '2026-03-07 04:05:06 GMT', at: '2026-03-07 04:05:06.000' },
    { form: '%tl{%s}', written: '1772856306', at: '2026-03-07 04:05:06.000' },
    { form: '%ts.%tu', written: '1772856306.7', at: '2026-03-07 04:05:06.007' },
    { form: '%tS', written: '1772856306.125', at: '2026-03-07 04:05:06.125' },
    { form: '%http::tg 100%% ', written: '07/Mar/2026:04:05:06 +0000 100%', at: '2026-03-07 04:05:06.000' },
  ])('have their time from $form', async ({ form, written, at }) => {
    const [row] = await read(`${form} %>a %rm`, [`${written} 192.0.2.7 GET`])
    expect(row).toMatchObject({ timestamp: at, source_ip: '192.0.2.7', http_request_method: 'GET' })
  })

  test('are read in each encoding that a code can ask for', async () => {
    const logformat = "%ts %>a %/{User-Agent}>h %#{Referer}>h %'{X-Forwarded-For}>h; %.12ru %trms"
    const rows = await read(logformat, [
      String.raw`1772856306 192.0.2.7 "an \"odd\" agent" http://example.org/%20 192.0.2.9, 192.0.2.10; /a/b/c/d/e/ 12ms`,
      '1772856307 192.0.2.7 curl/8.0 - -; / 0ms',
    ])
    expect(rows).toMatchObject([
      {
        user_agent: 'an "odd" agent',
        http_request_referrer: 'http://example.org/%20',
        other: { forwarded_for: '192.0.2.9, 192.0.2.10' },
        url_path: '/a/b/c/d/e/',
        event_duration: 12_000_000,
      },
      { user_agent: 'curl/8.0', url_path: '/' },
    ])
  })

  test('that are not of the form are rejected with the reason', async () => {
    const [row] = await read(squid, ['1772856306.469 919 192.0.2.106'])
    expect(row).toMatchObject({ category: 'reject' })
    expect(row?.reject_reason).toContain('logformat of their own')
  })
})

describe('a logformat that cannot be read', () => {
  test.each([
    ['%>a %ru', 'it has no time: %ts, %tl or %tg is missing'],
    ['%ts %rm %ru', 'it has no client: %>a (or %>A) is missing'],
    ['no codes', 'there is no code such as %ts or %>a in it'],
    ['', 'there is no code such as %ts or %>a in it'],
    ['%ts %>a % ', 'a % is followed by nothing; %% is a per cent sign'],
    ['%{%H:%M:%S}tl %>a', 'its time lacks %Y'],
    ['%{%Y-%m-%d %I:%M %p}tl %>a', '%I in its time cannot be read'],
  ])('%j: %s', (logformat, problem) => {
    expect(problemOf(logformat)).toBe(problem)
  })

  test('never is anything but refused or compiled', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '%',
        '%>a',
        '%ts',
        '%{',
        '}',
        '"',
        '[',
        ']',
        '%[',
        "%'",
        '%tl',
        '%{%-d}tl',
        '::',
        '\\t',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const found = squidLogformat(pieces.join(''))
        expect('problem' in found ? found.problem.length : found.variants.length).toBeGreaterThan(0)
      }),
    )
  })
})

/** What one code writes, and what is then to be read. */
interface Field {
  readonly code: string
  readonly written: string
  readonly column: string
  readonly value: unknown
}

const field = (code: string, column: string, values: fc.Arbitrary<readonly [string, unknown]>) =>
  values.map(([written, value]): Field => ({ code, written, column, value }))

const same = (...words: readonly string[]) => fc.constantFrom(...words).map((word) => [word, word] as const)

const bytes = fc.nat({ max: 1e9 }).map((n) => [String(n), n === 0 ? undefined : n] as const)

const agents = fc
  .string({ unit: fc.constantFrom('a', 'Z', '0', ' ', '"', '/', '(', ')', ';', '.', '-'), minLength: 2 })
  .map((text) => `x${text.trim()}x`)

const fields: readonly fc.Arbitrary<Field>[] = [
  field('%Ss', 'event_action', same('TCP_MISS', 'TCP_TUNNEL', 'NONE_NONE')),
  field(
    '%03>Hs',
    'http_response_status_code',
    fc.constantFrom(200, 404, 503).map((n) => [String(n), n] as const),
  ),
  field('%<st', 'destination_bytes', bytes),
  field(
    '%8>st',
    'source_bytes',
    bytes.map(([written, value]) => [written.padStart(8), value] as const),
  ),
  field('%rm', 'http_request_method', same('GET', 'POST', 'CONNECT')),
  field(
    '%-12rv',
    'http_version',
    same('1.1', '1.0').map(([text]) => [text.padEnd(12), text] as const),
  ),
  field(
    '%ru',
    'url_path',
    same('/', '/a/b', '/a:b,c;d=e').map(([path]) => [`http://www.example.com${path}`, path] as const),
  ),
  field('%mt', 'http_response_mime_type', same('text/html', 'image/png')),
  field('%[un', 'user_name', same('alice', 'EXAMPLE%5Cbob')),
  field(
    '"%{User-Agent}>h"',
    'user_agent',
    agents.map((agent) => [`"${agent.replaceAll('"', '\\"')}"`, agent] as const),
  ),
  field(
    '[%{Referer}>h]',
    'http_request_referrer',
    same('http://example.org/', 'a b').map(([text]) => [`[${text}]`, text] as const),
  ),
  field(
    '%>p',
    'source_port',
    fc.integer({ min: 1, max: 65_535 }).map((n) => [String(n), n] as const),
  ),
]

const line = fc
  .tuple(
    fc.integer({ min: 1_000_000_000, max: 2_000_000_000 }),
    fc.integer({ min: 0, max: 999 }),
    fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::17', '2001:db8:0:1::')),
    ...fields,
  )
  .map(([seconds, milliseconds, client, ...written]) => ({ seconds, milliseconds, client, written }))

describe('what a logformat writes', () => {
  test('is read back, whatever its codes, their order and what is between them', async () => {
    const format = fc.record({
      separator: fc.constantFrom(' ', '  ', ' | ', '\t', '; '),
      order: fc.shuffledSubarray(
        fields.map((_, i) => i),
        { minLength: 1 },
      ),
      lines: fc.array(line, { minLength: 3, maxLength: 6 }),
    })
    await fc.assert(
      fc.asyncProperty(format, async ({ separator, order, lines }) => {
        const inOrder = lines.map(({ written }) => order.flatMap((i) => written[i] ?? []))
        const codes = (inOrder[0] ?? []).map(({ code }) => code)
        const logformat = ['%ts.%03tu', '%>a', ...codes].join(separator)
        const texts = lines.map(({ seconds, milliseconds, client }, i) =>
          [
            `${seconds}.${String(milliseconds).padStart(3, '0')}`,
            client,
            ...(inOrder[i] ?? []).map(({ written }) => written),
          ].join(separator),
        )
        const rows = await read(logformat, texts)
        expect(rows).toHaveLength(lines.length)
        for (const [i, row] of rows.entries()) {
          const { seconds, milliseconds, client } = lines[i] ?? { seconds: 0, milliseconds: 0, client: '' }
          expect(row.source_ip).toBe(client)
          const at = new Date(seconds * 1000 + milliseconds).toISOString()
          expect(row.timestamp).toBe(at.replace('T', ' ').replace('Z', ''))
          for (const { column, value } of inOrder[i] ?? [])
            expect([column, row[column]]).toEqual([column, value])
        }
      }),
      { numRuns: 25, seed: 3 },
    )
  }, 60_000)
})
