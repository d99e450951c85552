import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelopes, parsers } from '../../parsers/index.ts'
import type { ParseContext } from '../../src/parse/context.ts'
import { headersOf } from '../../src/parse/headers.ts'
import { sql } from '../../src/sql/sql.ts'
import { goldenContext, openLaboratory, readingOf, type Laboratory } from './load-lines.ts'

const samples = (format: string): Buffer[] =>
  readdirSync(path.join(import.meta.dirname, format))
    .filter((file) => file.endsWith('.log'))
    .flatMap((file) => readFileSync(path.join(import.meta.dirname, format, file), 'latin1').split('\n'))
    .filter((line) => line !== '')
    .map((line) => Buffer.from(line, 'latin1'))

/** What breaks parsers when it stands where it should not. */
const splinters = [
  '"',
  '\\',
  '\\"',
  '[',
  ']',
  '{',
  '}',
  '\0',
  '\xff\xfe',
  '\xc3',
  ' ',
  '\t',
  '\r',
  '-',
  ':',
  ',',
  "'",
  '%',
  '99999999999999999999999999999999',
  '-1',
  '1e999',
  'NaN',
  '0x7f',
  '{p0:String}',
].map((text) => Buffer.from(text, 'latin1'))

/** Cuts, drops, doubles or inserts at a place, given in thousandths of the line. */
const damage = fc.record({
  kind: fc.constantFrom('cut', 'drop', 'double', 'insert'),
  perMille: fc.nat(999),
  length: fc.integer({ min: 1, max: 40 }),
  splinter: fc.constantFrom(...splinters),
})

interface Damage {
  readonly kind: string
  readonly perMille: number
  readonly length: number
  readonly splinter: Buffer
}

const damaged = (line: Buffer, { kind, perMille, length, splinter }: Damage): Buffer => {
  const start = Math.floor((perMille * line.length) / 1000)
  const end = Math.min(line.length, start + length)
  const [before, middle, after] = [line.subarray(0, start), line.subarray(start, end), line.subarray(end)]
  if (kind === 'cut') return before
  if (kind === 'drop') return Buffer.concat([before, after])
  if (kind === 'double') return Buffer.concat([before, middle, middle, after])
  return Buffer.concat([before, splinter, middle, after])
}

interface Chosen {
  /** Of the undamaged line among the samples. */
  readonly index: number
  readonly line: Buffer
}

/** Lines below the header that was in force where they came from; a comment stands where the header line was. */
const underHeaders = (
  headers: ParseContext['headers'],
  chosen: readonly Chosen[],
): { readonly lines: readonly Buffer[]; readonly headers: ParseContext['headers'] } => {
  const lines = chosen.filter(({ index }) => index < (headers[0]?.line ?? Infinity)).map(({ line }) => line)
  const placed = headers.map((header, i) => {
    const end = headers[i + 1]?.line ?? Infinity
    const own = chosen.filter(({ index }) => index >= header.line && index < end)
    const line = lines.length
    lines.push(Buffer.from('#'), ...own.map((one) => one.line))
    return { ...header, line }
  })
  return { lines, headers: placed }
}

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

describe('damaged lines', () => {
  test.for([...envelopes, ...parsers].map(({ id }) => id))(
    'every damaged line of %s is an event or a reject with a reason',
    async (format) => {
      const good = samples(format)
      const parser = parsers.find(({ id }) => id === format)
      const numbered = good.map((line, i) => ({ line: i, text: line.toString() }))
      const headers = parser === undefined ? [] : headersOf(numbered, parser)
      // Where a content parser works, so do all envelopes and all others: two loads would say no more than one.
      const reading = readingOf(parser?.standalone === false ? 'syslog' : format)
      const batch = fc.array(
        fc.tuple(fc.nat(good.length - 1), fc.array(damage, { minLength: 1, maxLength: 4 })),
        { minLength: 1500, maxLength: 1500 },
      )
      let run = 0
      await fc.assert(
        fc.asyncProperty(batch, async (chosen) => {
          const { lines, headers: inForce } = underHeaders(
            headers,
            chosen.map(([index, damages]) => ({
              index,
              line: damages.reduce((line, one) => damaged(line, one), good[index] ?? Buffer.alloc(0)),
            })),
          )
          const context = { ...goldenContext, headers: inForce }
          const source = `${format} ${run++}`
          await lab.load(
            source,
            Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])),
            reading,
            context,
          )
          const rows = await lab.engine.rows(
            sql`SELECT count() AS lines, countIf((category = 'reject') != (reject_reason != '')) AS unexplained, countIf(category != 'reject' AND (format = '' OR timestamp < '1990-01-01')) AS unfinished FROM events WHERE source = ${source}`,
          )
          expect(rows).toEqual([{ lines: lines.length, unexplained: 0, unfinished: 0 }])
        }),
        { numRuns: 3, seed: 7, endOnFailure: true },
      )
    },
  )
})
