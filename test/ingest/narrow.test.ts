import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { narrowReading } from '../../src/ingest/narrow.ts'
import { sql } from '../../src/sql/sql.ts'
import { catalogue, inPlace, text } from './place.ts'

const insideAll = {
  envelopes: catalogue.envelopes.map((envelope) => ({
    envelope,
    parsers: catalogue.parsers.filter(({ programs }) => programs.length > 0),
  })),
  parsers: [],
}

const clock = (n: number): string => new Date(Date.UTC(2026, 2, 7) + n * 1000).toISOString().slice(11, 19)

const logins = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, n) =>
      `Mar  7 ${clock(n)} web-1 sshd[${800 + (n % 90)}]: Failed password for root from 192.0.2.${n % 250} port 4022 ssh2`,
  )

describe('a reading', () => {
  test('is narrowed to the programs that the sample shows', () => {
    const narrowed = narrowReading(insideAll, logins(5))
    const kept = narrowed?.envelopes[0]?.parsers.map(({ id }) => id)
    expect(kept).toContain('sshd')
    expect(kept).not.toContain('sudo')
    expect(kept).not.toContain('cef')
  })

  test('stays as it is where nothing stands inside an envelope', () => {
    const parsers = catalogue.parsers.slice(0, 1)
    expect(narrowReading({ envelopes: [], parsers }, ['anything'])).toBeUndefined()
  })
})

test(
  'a program and a format that show themselves once, far down, are read all the same',
  inPlace(async ({ folder, engine, load }) => {
    const lines = logins(3000)
    lines[1733] = `Mar  7 ${clock(1733)} web-1 sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id`
    lines[2219] = `Mar  7 ${clock(2219)} gate device: CEF:0|Example|Wall|1.0|100|blocked|5|src=192.0.2.9 dst=198.51.100.4 act=deny`
    const file = path.join(folder, 'auth.log')
    await writeFile(file, text(lines))
    const result = await load([file], { year: 2026 })
    expect(result).toMatchObject({ lines: 3000, parsed: 3000, rejected: 0 })
    const rows = await engine.rows<{ format: string; events: number }>(
      sql`SELECT format, count() AS events FROM events GROUP BY format ORDER BY format`,
    )
    expect(rows).toEqual([
      { format: 'cef', events: 1 },
      { format: 'sshd', events: 2998 },
      { format: 'sudo', events: 1 },
    ])
  }),
)

test(
  'a user name that is written like another format stays a user name',
  inPlace(async ({ folder, engine, load }) => {
    const lines = [
      ...logins(20),
      'Mar  7 04:05:06 web-1 sshd[12]: Failed password for invalid user CEF:0|a|b|1|1|n|5|src=192.0.2.9 act=x from 203.0.113.5 port 2222 ssh2',
    ]
    const file = path.join(folder, 'auth.log')
    await writeFile(file, text(lines))
    await load([file], { year: 2026 })
    const rows = await engine.rows<{ format: string; source: string }>(
      sql`SELECT DISTINCT format, toString(source_ip) AS source FROM events WHERE message LIKE ${'%CEF%'}`,
    )
    expect(rows).toEqual([{ format: 'sshd', source: '::ffff:203.0.113.5' }])
  }),
)

test(
  'a line of more pairs than the engine takes apart stops nothing',
  inPlace(async ({ folder, load }) => {
    const pairs = Array.from({ length: 1500 }, (_, i) => `a${i}=b`).join(' ')
    const file = path.join(folder, 'app.log')
    await writeFile(file, text([...logins(20), `Mar  7 04:05:06 web-1 app[7]: logid= devid=x ${pairs}`]))
    expect(await load([file], { year: 2026 })).toMatchObject({ lines: 21, parsed: 21, rejected: 0 })
  }),
)

test(
  'flow logs put together, each with its header, are read whole',
  inPlace(async ({ folder, load }) => {
    const header =
      'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status'
    const row =
      '2 123456789010 eni-1 192.0.2.7 198.51.100.9 50212 443 6 10 840 1772856306 1772856366 ACCEPT OK'
    const file = path.join(folder, 'flows.log')
    await writeFile(file, text(Array.from({ length: 300 }, () => [header, row, row]).flat()))
    expect(await load([file])).toMatchObject({ lines: 900, parsed: 600, rejected: 300 })
  }),
)
