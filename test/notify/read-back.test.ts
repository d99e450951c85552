import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { syslogLines } from '../../src/notify/syslog-lines.ts'
import { sql } from '../../src/sql/sql.ts'
import { inPlace } from '../ingest/place.ts'
import { bulletin, item } from './place.ts'

const form = { format: 'cef', facility: 16, host: 'winnow.example.com' } as const

test(
  'a CEF parser that was written for others reads our lines, under both headers',
  inPlace(async ({ folder, engine, load }) => {
    const one = item({
      title: 'guessed | passwords \\ of = "12" users',
      entities: [
        { kind: 'source_ip', value: '198.51.100.66', role: 'actor' },
        { kind: 'user_name', value: 'a=b src=203.0.113.9 | c', role: 'target' },
      ],
    })
    const lines = (['rfc5424', 'rfc3164'] as const).flatMap((header) =>
      syslogLines(bulletin([one]), { ...form, header }),
    )
    const file = path.join(folder, 'siem.log')
    await writeFile(file, `${lines.join('\n')}\n`)
    await load([file])
    const rows = await engine.rows(
      sql`SELECT toString(timestamp) AS time, rule_name, toString(source_ip) AS source, user_name, event_severity AS severity FROM events ORDER BY line_number`,
    )
    const expected = {
      time: '2026-03-03 12:00:00.000',
      rule_name: 'guessed | passwords \\ of = "12" users',
      source: '::ffff:198.51.100.66',
      user_name: 'a=b src=203.0.113.9 | c',
      severity: 7,
    }
    expect(rows).toEqual([expected, expected])
  }),
)
