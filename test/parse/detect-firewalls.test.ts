import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { envelopes, parsers } from '../../parsers/index.ts'
import { detectReading, type Detection } from '../../src/parse/detect.ts'
import { headersOf } from '../../src/parse/headers.ts'
import { goldenContext, openLaboratory, type Laboratory } from '../parsers/load-lines.ts'

const golden = path.resolve(import.meta.dirname, '../parsers')
const linesOf = (name: string): string[] =>
  readFileSync(path.join(golden, name), 'utf8')
    .split('\n')
    .filter((line) => line !== '')

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

const logs = [
  { format: 'cef', file: 'cef/usual.log' },
  { format: 'leef', file: 'leef/usual.log' },
  { format: 'netfilter', file: 'netfilter/dmesg.log' },
  { format: 'cisco-asa', file: 'cisco-asa/usual.log' },
  { format: 'fortigate', file: 'fortigate/usual.log' },
  { format: 'palo-alto', file: 'palo-alto/traffic.log' },
  { format: 'palo-alto', file: 'palo-alto/threat.log' },
  { format: 'vpc-flow', file: 'vpc-flow/default.log' },
  { format: 'vpc-flow', file: 'vpc-flow/default-header.log' },
  { format: 'vpc-flow', file: 'vpc-flow/custom-header.log' },
]

describe('the format of a firewall log', () => {
  test.for(logs)('$file is $format and nothing else', async ({ format, file }) => {
    const found = await detect(linesOf(file))
    expect(found.formats.map(({ id }) => id)).toEqual([format])
    expect(found.understood).toBeGreaterThan(0.8)
  })

  test.for(logs.filter(({ format }) => ['cef', 'leef', 'netfilter', 'palo-alto'].includes(format)))(
    '$file behind syslog headers is syslog',
    async ({ file }) => {
      const lines = linesOf(file).map((line) => `Mar  7 04:05:06 gate agent: ${line}`)
      expect((await detect(lines)).formats.map(({ id }) => id)).toEqual(['syslog'])
    },
  )
})
