import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { asLine, openFraming } from '../../src/intake/syslog/framing.ts'

/** The messages of some bytes that arrive in pieces. */
const messagesOf = (
  bytes: Buffer,
  sizes: readonly number[],
  longest = 1000,
): { lines: string[]; cut: number } => {
  const framing = openFraming(longest)
  const found: Buffer[] = []
  let cut = 0
  let at = 0
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[i % sizes.length] ?? 1)
    const taken = framing.take(bytes.subarray(at, at + size))
    found.push(taken.lines)
    cut += taken.cut
    at += size
  }
  const last = framing.end()
  found.push(last.lines)
  cut += last.cut
  return { lines: Buffer.concat(found).toString('latin1').split('\n').slice(0, -1), cut }
}

const counted = (message: string): string => `${Buffer.byteLength(message, 'latin1')} ${message}`

const message = fc
  .tuple(fc.integer({ min: 0, max: 191 }), fc.string({ minLength: 1, maxLength: 60, unit: 'binary-ascii' }))
  .map(([priority, text]) => `<${priority}>${text.replaceAll(/[\r\n\0]/g, '_')}`)

test('messages that are counted or ended by a line feed come out whole, however the bytes arrive', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(message, fc.boolean()), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 10 }),
      (messages, sizes) => {
        const sent = messages.map(([text, isCounted]) => (isCounted ? counted(text) : `${text}\n`)).join('')
        expect(messagesOf(Buffer.from(sent, 'latin1'), sizes)).toEqual({
          lines: messages.map(([text]) => text),
          cut: 0,
        })
      },
    ),
  )
})

test('whatever is sent, no bytes are waited for or held beyond the longest message', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 5 }),
      (bytes, sizes) => {
        const { lines } = messagesOf(Buffer.from(bytes), sizes, 20)
        // Each line feed within may have become four characters.
        expect(lines.every(({ length }) => length > 0 && length <= 80)).toBe(true)
      },
    ),
  )
})

test('a message that is too long is cut, and the next one is whole', () => {
  const long = `<1>${'x'.repeat(300)}`
  const sent = Buffer.from(`${counted(long)}${counted('<2>two')}${long}\n<3>three\n`)
  for (const sizes of [[], [7], [100, 1]]) {
    expect(messagesOf(sent, sizes, 50)).toEqual({
      lines: [long.slice(0, 50), '<2>two', long.slice(0, 50), '<3>three'],
      cut: 2,
    })
  }
})

test('a line that begins with a number is no count, and a count may be the last that is heard', () => {
  const sent = Buffer.from('2026-03-01T10:00:00Z host app: x\n12 monkeys\n99 <1>half')
  expect(messagesOf(sent, [3]).lines).toEqual(['2026-03-01T10:00:00Z host app: x', '12 monkeys', '<1>half'])
})

test('line feeds within a message are written as rsyslog does, those around it are left out', () => {
  expect(asLine(Buffer.from('one\ntwo\r\n\0')).toString()).toBe('one#012two')
  expect(asLine(Buffer.from('\r\n')).length).toBe(0)
  const bytes = Buffer.from([0xff, 10, 0xe4])
  expect(asLine(bytes)).toEqual(Buffer.from([0xff, 0x23, 0x30, 0x31, 0x32, 0xe4]))
})
