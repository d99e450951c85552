import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from '../../src/parse-logs.ts'
import { isDecided } from '../../src/parse/decide-test.ts'
import { jsonKeys } from '../../src/parse/glance.ts'
import { headersOf } from '../../src/parse/headers.ts'
import { zeek } from '../../src/parse/line.ts'
import { defineParser } from '../../src/parse/parser.ts'
import {
  allOf,
  anyOf,
  constant,
  firstOf,
  isLike,
  isNot,
  isOneOf,
  isPresent,
  time,
  when,
} from '../../src/parse/value.ts'

const parser = defineParser({
  id: 'zeek',
  title: 'Zeek',
  category: 'other',
  line: zeek(),
  columns: (part) => ({ timestamp: time(part('ts'), { epoch: 'seconds' }) }),
})

const numbered = (text: string): { line: number; text: string }[] =>
  text.split('\n').map((line, i) => ({ line: i, text: line }))

describe('header blocks', () => {
  test('say separator, path and what stands for nothing, each anew', () => {
    const lines = numbered(
      [
        String.raw`#separator \x09`,
        '#set_separator\t,',
        '#empty_field\t(empty)',
        '#unset_field\t-',
        '#path\tconn',
        '#open\t2026-03-07-04-00-00',
        '#fields\tts\tuid\tid.orig_h',
        '#types\ttime\tstring\taddr',
        '1772856306.5\tC1\t192.0.2.7',
        '#separator ;',
        '#empty_field;(none)',
        '#unset_field;',
        '#path;dns',
        '#fields;ts;query\r',
      ].join('\n'),
    )
    expect(headersOf(lines, parser)).toEqual([
      {
        line: 6,
        names: ['ts', 'uid', 'id.orig_h'],
        zeek: { separator: '\t', unset: '-', empty: '(empty)', path: 'conn', open: '2026-03-07-04-00-00' },
      },
      {
        line: 13,
        names: ['ts', 'query'],
        zeek: { separator: ';', unset: '', empty: '(none)', path: 'dns', open: '' },
      },
    ])
  })

  test('of W3C logs are not taken for them', () => {
    expect(headersOf(numbered('#Version: 1.0\n#Fields: date time c-ip'), parser)).toEqual([])
  })
})

describe('a test that is decided before any line', () => {
  const known = (part: string): readonly string[] | undefined =>
    ({ path: ['conn'], mixed: ['conn', 'dns'], none: [''] })[part]
  const part = (name: string) => ({ kind: 'part', name }) as const

  test.for([
    ['one of its values', isOneOf(part('path'), 'conn', 'dns'), true],
    ['none of its values', isOneOf(part('path'), 'http'), false],
    ['some of its values', isOneOf(part('mixed'), 'conn'), undefined],
    ['an unknown part', isOneOf(part('uid'), 'C1'), undefined],
    ['an absent part', isPresent(part('none')), false],
    ['a part that is there', isPresent(part('path')), true],
    ['a negation', isNot(isOneOf(part('path'), 'http')), true],
    ['all, one of which fails', allOf(isLike(part('uid'), 'C'), isPresent(part('none'))), false],
    ['any, one of which holds', anyOf(isLike(part('uid'), 'C'), isPresent(part('path'))), true],
    ['any, none of which is known', anyOf(isLike(part('uid'), 'C'), isPresent(part('none'))), undefined],
    ['the first that is there', isOneOf(firstOf(part('none'), part('path')), 'conn'), true],
    ['a choice', isPresent(when(isPresent(part('none')), constant('x'), constant(''))), false],
  ] as const)('is %s', ([, made, decided]) => {
    expect(isDecided(made, known)).toBe(decided)
  })
})

test('the keys of JSON lines are found at every depth, and broken lines have none', () => {
  const keys = jsonKeys(['{"a":{"b":{"c":1}},"d.e":2}', 'text', '{"f":', '{"list":[{"g":1}]}'])
  expect([...keys].toSorted()).toEqual(['a', 'a.b', 'a.b.c', 'd.e', 'list'])
})

describe('a file of one kind of log', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'winnow-zeek-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const conn = (i: number): string =>
    JSON.stringify({
      ts: 1_772_856_306 + i,
      uid: `C${i}`,
      'id.orig_h': '192.0.2.7',
      'id.orig_p': 40_000,
      'id.resp_h': '198.51.100.9',
      'id.resp_p': 443,
      proto: 'tcp',
      conn_state: 'SF',
      orig_bytes: i,
      resp_bytes: 900,
      history: 'ShADadFf',
      filler: 'x'.repeat(100),
    })

  test('is read to its end although another kind comes where nobody looked', async () => {
    const lines = Array.from({ length: 12_000 }, (_, i) => conn(i))
    const late = JSON.stringify({
      ts: 1_772_900_000,
      'id.orig_h': '192.0.2.7',
      'id.resp_h': '198.51.100.9',
      trans_depth: 1,
      host: 'www.example.com',
      uri: '/',
    })
    lines[7_777] = late
    lines[8_888] = '{"ts":17728563'
    const file = path.join(folder, 'conn.json')
    writeFileSync(file, `${lines.join('\n')}\n`)
    const { summary, rejects } = await parse({ paths: [file] })
    expect(summary).toMatchObject({ lines: 12_000, parsed: 11_999, rejected: 1 })
    expect(rejects.map(({ line }) => line)).toEqual([8_889])
  })

  test('is read to its end although another header comes later', async () => {
    const block = (logPath: string, fields: string): string[] => [
      String.raw`#separator \x09`,
      `#path\t${logPath}`,
      `#fields\t${fields.split(' ').join('\t')}`,
    ]
    const connLines = Array.from(
      { length: 20_000 },
      (_, i) => `${1_772_856_306 + i}\tC${i}\t192.0.2.7\t198.51.100.9\tSF\t${'x'.repeat(60)}`,
    )
    const dnsLines = Array.from(
      { length: 10 },
      (_, i) => `${1_772_900_000 + i}\tD${i}\t192.0.2.7\twww.example.com`,
    )
    const file = path.join(folder, 'conn.log')
    const lines = [
      ...block('conn', 'ts uid id.orig_h id.resp_h conn_state filler'),
      ...connLines,
      ...block('dns', 'ts uid id.orig_h query'),
      ...dnsLines,
    ]
    writeFileSync(file, `${lines.join('\n')}\n`)
    const { summary } = await parse({ paths: [file] })
    expect(summary).toMatchObject({ lines: lines.length, parsed: 20_010, rejected: 6 })
    expect(summary.sources[0]?.format).toBe('zeek-tsv')
  })
})
