import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { innerObject, objectInDocument } from '../../../src/intake/http/inner-object.ts'
import { memberObject } from '../../../src/intake/http/json.ts'

const around = { time: '2026-03-07T04:05:06.000Z', host: 'web-1', more: { path: '/var/log/app.json' } }

describe('a line that is an object', () => {
  it('keeps its own text, and gets what was said beside it in front', () => {
    expect(innerObject('{"id":12345678901234567890,\n "a":1.50}', around)).toBe(
      '{"@timestamp":"2026-03-07T04:05:06.000Z","host.name":"web-1","shipped":{"path":"/var/log/app.json"},"id":12345678901234567890,  "a":1.50}',
    )
  })

  it('is not told what it says itself', () => {
    const line = '{"time":"2026-03-07T04:05:01Z","host":{"name":"web-9"},"shipped":1}'
    expect(innerObject(line, around)).toBe(line)
  })

  it.each(['text', '{', '[1]', '"{}"', '{"a":}', ''])('is not %s', (line) => {
    expect(innerObject(line, around)).toBeNull()
  })

  it('is JSON on one line whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const line = innerObject(JSON.stringify(value, null, 2), around) ?? ''
        expect(line).not.toMatch(/[\r\n]/)
        expect(JSON.parse(line)).toMatchObject(JSON.parse(JSON.stringify(value)) as object)
      }),
      { seed: 1 },
    )
  })

  it('is found inside another as it was sent', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (before, event) => {
          const { event: _, ...rest } = before
          const object = Buffer.from(JSON.stringify({ ...rest, event }))
          expect(memberObject(object, 'event')?.toString()).toBe(JSON.stringify(event))
        },
      ),
      { seed: 1 },
    )
  })
})

describe("a shipper's document", () => {
  const document = (value: object) => objectInDocument(Buffer.from(JSON.stringify(value)), 0)

  it('gives its line, where that is an object', () => {
    const filebeat = {
      '@timestamp': '2026-03-07T04:05:06.123Z',
      message: '{"level":"warn","user":"alice"}',
      log: { file: { path: '/var/log/shop.json' } },
      host: { name: 'web-1' },
    }
    expect(document(filebeat)).toBe(
      '{"@timestamp":"2026-03-07T04:05:06.123Z","host.name":"web-1","shipped":{"path":"/var/log/shop.json"},"level":"warn","user":"alice"}',
    )
    const kubernetes = { pod_name: 'shop-1', container_name: 'shop', host: 'node-1' }
    const fluent = { '@timestamp': '2026-03-07T04:05:06.123Z', log: '{"a":1}\n', kubernetes }
    expect(JSON.parse(document(fluent) ?? '')).toEqual({
      '@timestamp': '2026-03-07T04:05:06.123Z',
      'host.name': 'node-1',
      'service.name': 'shop',
      shipped: { kubernetes },
      a: 1,
    })
  })

  it.each([
    { message: 'text', agent: {} },
    { message: '{"a":1}' },
    { message: '{"a":', agent: {} },
    { message: { a: 1 }, agent: {} },
  ])('is left as it is otherwise', (value) => {
    expect(document(value)).toBeNull()
  })
})
