import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelopes, parsers } from '../../parsers/index.ts'
import { detectReading, type Detection } from '../../src/parse/detect.ts'
import { headersOf } from '../../src/parse/headers.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

const golden = path.resolve(import.meta.dirname, '../parsers')
const linesOf = (...name: string[]): string[] => readFileSync(path.join(golden, ...name), 'utf8').split('\n')

let lab: Laboratory
beforeAll(async () => {
  lab = await openLaboratory()
})
afterAll(() => lab.close())

const detect = (lines: readonly string[]): Promise<Detection> => {
  const numbered = lines.map((text, line) => ({ line, text }))
  const headers = parsers.flatMap((parser) => headersOf(numbered, parser))
  return detectReading(lab.engine, lines, { parsers, envelopes }, { ...goldenContext, headers })
}

const ids = (detection: Detection): string[] => detection.formats.map(({ id }) => id)

const cases = readdirSync(golden, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .flatMap(({ name }) => readdirSync(path.join(golden, name)).map((file) => ({ format: name, file })))
  .filter(({ file }) => file.endsWith('.log'))

describe('the format of a file', () => {
  test.for(cases)('$format/$file is found to be what it is', async ({ format, file }) => {
    const found = await detect(linesOf(format, file))
    const parser = parsers.find(({ id }) => id === format)
    const own = parser?.standalone === false ? 'syslog' : format
    expect(ids(found)[0]).toBe(own)
    expect(found.understood).toBeGreaterThan(0.5)
  })

  test('an envelope comes with every parser that reads what is inside one, those of any program last', async () => {
    const { reading } = await detect(linesOf('sshd', 'usual.log'))
    const inside = parsers.filter((parser) => parser.programs.length > 0)
    const ofAny = inside.filter(({ programs }) => programs.includes('*'))
    const expected = [...inside.filter((parser) => !ofAny.includes(parser)), ...ofAny].map(({ id }) => id)
    expect(reading?.envelopes.map((one) => [one.envelope.id, one.parsers.map(({ id }) => id)])).toEqual([
      ['syslog', expected],
    ])
  })

  test('a file of two formats is read with both, the more specific one first', async () => {
    const access = linesOf('apache-access', 'combined.log')
    const found = await detect([...access, ...access, ...linesOf('apache-vhost', 'vhost.log')])
    expect(found.reading?.parsers.map(({ id }) => id)).toEqual(['apache-vhost', 'apache-access'])
    expect(found.understood).toBe(1)
  })

  test('a vhost log with a few plain lines stays a vhost log', async () => {
    const vhost = linesOf('apache-vhost', 'vhost.log').slice(0, 5)
    const found = await detect([...vhost, ...vhost, ...vhost, ...linesOf('apache-vhost', 'vhost.log')])
    expect(ids(found)[0]).toBe('apache-vhost')
  })

  test('text with times that no format knows is read as text', async () => {
    const found = await detect(linesOf('text', 'forms.log'))
    expect(ids(found)).toContain('text')
  })

  test('text without times is in no format, and the message says so', async () => {
    const found = await detect(['a poem', 'of two lines', ''])
    expect(found.reading).toBeNull()
    expect(found.message).toMatch(/no known format: none of the \d+ known formats fits a line/)
  })

  test('a format whose times cannot be read is named as the nearest', async () => {
    const lines = linesOf('apache-access', 'combined.log').map((line) => line.replace('/Oct/', '/Okt/'))
    const found = await detect(lines)
    expect(found.reading).toBeNull()
    expect(found.near[0]).toMatchObject({ id: 'apache-access', understood: 0, timeless: 1 })
    expect(found.message).toContain('100 % of the lines have its form, but no time that can be read')
  })

  test.each([
    { kind: 'zero bytes', lines: ['\0\0\0\x01PNG', 'IHDR\0\0\0\0'] },
    { kind: 'undecodable bytes', lines: ['\uFFFD\uFFFDa\uFFFD', 'b\uFFFD\uFFFD'] },
  ])('$kind are binary data, in no format', async ({ lines }) => {
    expect(await detect(lines)).toMatchObject({
      reading: null,
      message: 'it is binary data, not lines of text',
    })
  })

  test('no lines, or only empty ones, are in no format', async () => {
    expect((await detect([])).reading).toBeNull()
    expect((await detect(['', '  '])).reading).toBeNull()
  })

  test('a few lines with stray bytes do not hide the format of the rest', async () => {
    const lines = linesOf('sshd', 'usual.log')
    const found = await detect([...lines, `${lines[3]}\0`, "it's a \\ 'quoted' \t line {p0:String}"])
    expect(ids(found)).toEqual(['syslog'])
  })

  test('a sample of thousands of lines takes less than a few seconds', async () => {
    const lines = Array.from({ length: 200 }, () => linesOf('sshd', 'usual.log')).flat()
    const start = performance.now()
    const found = await detect(lines)
    expect(found.understood).toBe(1)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})

test('header lines become the columns in force from their line on', () => {
  const iis = parsers.find(({ id }) => id === 'iis-w3c')
  const lines = [
    { line: 3, text: '#Fields: date time c-ip\r' },
    { line: 4, text: '2026-03-07 04:05:06 192.0.2.7' },
    { line: 9, text: '#Fields:  date  time ' },
  ]
  expect(iis === undefined ? [] : headersOf(lines, iis)).toEqual([
    { line: 3, names: ['date', 'time', 'c-ip'] },
    { line: 9, names: ['date', 'time'] },
  ])
})
