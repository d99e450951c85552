import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layoutOf, type Layout } from '../../src/ingest/json-document.ts'
import { splitDocument } from '../../src/ingest/split-document.ts'

const split = (
  document: string | Uint8Array,
  layout: Layout,
  chunkSizes: readonly number[] = [65_536],
): { lines: string[]; cut: boolean } => {
  const bytes = Buffer.from(document)
  const written: Buffer[] = []
  const splitter = splitDocument(layout, (lines) => written.push(Buffer.from(lines)))
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = chunkSizes[i % chunkSizes.length] ?? 1
    splitter.push(bytes.subarray(at, at + size))
    at += size
  }
  const cut = splitter.end()
  const text = Buffer.concat(written).toString()
  return { lines: text === '' ? [] : text.slice(0, -1).split('\n'), cut }
}

const layout = (head: string): Layout | null => layoutOf(Buffer.from(head))

const list: Layout = { kind: 'list' }
const objects: Layout = { kind: 'objects' }
const records: Layout = { kind: 'wrapped', key: 'Records' }

const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/)

/** JSON text of a value with spaces of one's own between its parts. */
const laidOut = (value: unknown, gap: () => string): string => {
  if (Array.isArray(value))
    return `[${gap()}${value.map((one) => laidOut(one, gap)).join(`${gap()},${gap()}`)}${gap()}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([key, one]) => `${JSON.stringify(key)}${gap()}:${gap()}${laidOut(one, gap)}`,
    )
    return `{${gap()}${members.join(`${gap()},${gap()}`)}${gap()}}`
  }
  return JSON.stringify(value)
}

const elements = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), {
  minLength: 1,
  maxLength: 8,
})
const chunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 })

/** Gaps in turn, so that a failing case shrinks. */
const gapsFrom = (gaps: readonly string[]): (() => string) => {
  let next = 0
  return () => gaps[next++ % gaps.length] ?? ''
}

describe('a document', () => {
  test('a list of objects gives its elements in order, however it is laid out and cut into chunks', () => {
    fc.assert(
      fc.property(
        elements,
        fc.array(spaces, { minLength: 1, maxLength: 7 }),
        chunks,
        (values, gaps, sizes) => {
          const document = laidOut(values, gapsFrom(gaps))
          expect(layout(document)).toEqual(list)
          const expected = values.map((value) => JSON.stringify(value))
          expect(split(document, list, sizes)).toEqual({ lines: expected, cut: false })
        },
      ),
    )
  })

  test('a wrapped list gives the same elements, whatever but another list of objects stands beside it', () => {
    fc.assert(
      fc.property(elements, fc.jsonValue({ maxDepth: 3 }), spaces, chunks, (values, beside, gap, sizes) => {
        fc.pre(!JSON.stringify(beside).includes('[{'))
        const gaps = (): string => gap
        const document = `{${gap}"metadata":${laidOut(beside, gaps)},"Records"${gap}:${laidOut(values, gaps)},"count":${laidOut(beside, gaps)}}`
        expect(split(document, records, sizes)).toEqual({
          lines: values.map((value) => JSON.stringify(value)),
          cut: false,
        })
      }),
    )
  })

  test('objects over many lines, one after the other, give the same elements', () => {
    fc.assert(
      fc.property(elements, chunks, (values, sizes) => {
        const document = values.map((value) => JSON.stringify(value, null, 2)).join('\n')
        expect(split(document, objects, sizes)).toEqual({
          lines: values.map((value) => JSON.stringify(value)),
          cut: false,
        })
      }),
    )
  })

  test('wherever it is cut off, the elements before the cut are there and the cut is told', () => {
    const values = [{ a: 'x]}"\\' }, { b: [1, { c: null }] }, { d: {} }]
    const whole = JSON.stringify(values, null, 1)
    for (let at = 1; at < whole.length; at++) {
      const { lines, cut } = split(whole.slice(0, at), list, [7])
      expect(cut).toBe(true)
      expect(lines).toEqual(values.slice(0, lines.length).map((value) => JSON.stringify(value)))
    }
  })

  test('a list that holds other things than objects gives a line for each', () => {
    expect(split('[{"a":1}, 7 ,"two, ]", [3, {}], null,\n-1e5]', list)).toEqual({
      lines: ['{"a":1}', '7', '"two, ]"', '[3,{}]', 'null', '-1e5'],
      cut: false,
    })
  })

  test('what stands between elements and is no JSON becomes lines, and hides nothing after it', () => {
    expect(split('{\n"a": 1\n}\nWARNING [3] {x\n] {"b":\n2}\n{"c": 3}\nend', objects).lines).toEqual([
      '{"a":1}',
      'WARNING [3] {x',
      '] {"b":',
      '2}',
      '{"c":3}',
      'end',
    ])
  })

  test('numbers, escapes and bytes beyond ASCII stay as they are written', () => {
    const element = '{"a":1.50,"b":12345678901234567890,"c":"\\u00e9 é \\/ \\" "}'
    expect(split(`[ ${element} ]`, list, [1]).lines).toEqual([element])
    expect(split(Buffer.from('efbbbf5b7b7d5d', 'hex'), list, [1]).lines).toEqual(['{}'])
  })

  test('a line break within a text does not break the line', () => {
    expect(split('[{"a":"x\ny\\\nz"}]', list).lines).toEqual(['{"a":"x\\ny\\nz"}'])
  })

  test('an element beyond the longest line is cut off one byte after it', () => {
    const long = JSON.stringify({ a: 'x'.repeat(3_000_000) })
    const { lines, cut } = split(`[{"b":1},${long},{"c":2}]`, list)
    expect(cut).toBe(false)
    expect(lines.map(({ length }) => length)).toEqual([7, 1_048_577, 7])
  })

  test('an object nested a hundred thousand deep is one element', () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    expect(split(`[${deep},{"b":2}]`, list).lines).toEqual([deep, '{"b":2}'])
  })

  test('several wrapped lists one after the other are read like one, and an object without a list is an element', () => {
    const document = '{"Records":[{"a":1}]}\n{"Records":[]}{"Records":[{"b":2}],"x":[]} {"other":[{"c":3}]}'
    expect(split(document, records)).toEqual({
      lines: ['{"a":1}', '{"b":2}', '{"other":[{"c":3}]}'],
      cut: false,
    })
  })

  test('a second list beside the one that counts is a line of its own, not lost', () => {
    const { lines } = split('{"Records":[{"a":1}],"alerts":[{"user":"mallory"}]}', records)
    expect(lines[0]).toBe('{"a":1}')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('mallory')
  })

  test('the key of the list counts at the outermost level only', () => {
    expect(
      split('{"metadata":{"Records":[{"no":1}]},"x":"\\"Records\\":[","Records":[{"a":1}]}', records).lines,
    ).toEqual(['{"a":1}'])
  })
})

describe('the layout', () => {
  test.each<[string, string, Layout | null]>([
    ['a list on one line', '[{"a":1}]', list],
    ['an empty list', '[]\n', list],
    ['CloudTrail', '{"Records":[{"eventVersion":"1.08"', records],
    ['CloudTrail, written over lines', '{\n  "Records": [\n    {', records],
    ['files of CloudTrail joined', '{"Records":[{"a":1}]}\n{"Records":[{"a":2}]}', records],
    [
      'a list of Kubernetes',
      '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"level":"Metadata"',
      { kind: 'wrapped', key: 'items' },
    ],
    ['a list of events', '{"events":[{"a":1}],"nextToken":"x"}', { kind: 'wrapped', key: 'events' }],
    ['a list of logs over lines', '{\n"logs": [\n{"a":1}', { kind: 'wrapped', key: 'logs' }],
    ['an object over lines', '{\n  "a": 1\n}\n{\n  "a": 2\n}\n', objects],
    ['an object that breaks later', '{"a": 1,\n "b": 2}\n', objects],
    ['an object over lines with its items', '{\n "time": 1,\n "items": [{"sku": 3}]\n}', objects],
    ['JSON lines', '{"a":1}\n{"a":2}\n', null],
    ['JSON lines with an indent', ' {"a":1}\n {"a":2}\n', null],
    ['JSON lines with lists of items', '{"items":[{"sku":1}]}\n{"items":[{"sku":2}]}\n', null],
    ['a JSON line with its items and a time', '{"items":[{"sku":1}],"time":"2026-03-07T04:05:06Z"}\n', null],
    ['a JSON line that is cut off', '{"a":"x\n{"a":2}\n', null],
    ['a JSON line that is cut off between values', '{"a":1,\n{"a":2}\n', null],
    ['a JSON line longer than the beginning', `{"a":"${'x'.repeat(70_000)}`, null],
    ['text in brackets', '[2026-03-07 04:05:06] started', null],
    ['a list of numbers', '[1,2,3]', null],
    ['text', 'Mar  7 04:05:06 web sshd[1]: {', null],
    ['nothing', '', null],
  ])('of %s', (_, head, expected) => {
    expect(layout(head)).toEqual(expected)
  })
})
