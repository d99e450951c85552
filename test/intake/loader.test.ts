import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { sql } from '../../src/sql/sql.ts'
import type { Stream } from '../../src/spool/spool.ts'
import { accessLines, loadInto, stored, withFolder } from '../ingest/place.ts'
import { inIntake, withIntake } from './loader-place.ts'

const file = (name: string): Stream => ({ name, kind: 'file' })

test(
  'lines of several streams become events, each with its source and its number',
  inIntake(async ({ engine, give, settled, loaded }) => {
    await Promise.all([
      give(file('/a'), accessLines(50)),
      give(file('/b'), accessLines(70, 1000)),
      give({ name: 'net', kind: 'syslog' }, [
        '<38>Mar  1 10:00:00 host sshd[1]: Failed password for root from 192.0.2.1 port 1 ssh2',
      ]),
    ])
    await give(file('/a'), accessLines(25, 50))
    await settled()
    expect(await stored(engine)).toEqual({ rows: 146, different: 146 })
    const rows = await engine.rows(
      sql`SELECT source, format, count() AS lines, min(line_number) AS least, max(line_number) AS most, countIf(category = 'reject') AS rejected FROM events GROUP BY source, format ORDER BY source`,
    )
    expect(rows).toEqual([
      { source: '/a', format: 'apache-access', lines: 75, least: 1, most: 75, rejected: 0 },
      { source: '/b', format: 'apache-access', lines: 70, least: 1, most: 70, rejected: 0 },
      { source: 'net', format: 'sshd', lines: 1, least: 1, most: 1, rejected: 0 },
    ])
    expect(loaded.reduce((sum, { lines }) => sum + lines, 0)).toBe(146)
  }),
)

const rejectsAndEvents = (engine: Engine, source: string): Promise<unknown[]> =>
  engine.rows(
    sql`SELECT line_number, category, format, reject_reason, cityHash64(message) AS hash, length(message) AS length FROM events WHERE source = ${source} ORDER BY line_number`,
  )

test(
  'whatever is in the lines, they become what a hunt makes of them',
  inIntake(async ({ engine, data, spool, settled }) => {
    const good = accessLines(30).map((line) => Buffer.from(`${line}\n`))
    const odd = [
      Buffer.from('\n'),
      Buffer.from('\r\n'),
      Buffer.from([0, 0, 0, 10]),
      Buffer.from([0xff, 0xfe, 0xc3, 0x28, 10]),
      Buffer.from(`${'x'.repeat(2_000_000)}\n`),
      Buffer.from('"unclosed, \\x00 \\\n'),
    ]
    const bytes = Buffer.concat([...good, ...odd, ...good.slice(0, 3)])
    await spool.append({ name: 'live', kind: 'http' }, bytes, good.length + odd.length + 3)
    await settled()
    const file = path.join(data, 'hunt.log')
    await writeFile(file, bytes)
    await loadInto(engine, data)([file])
    const live = await rejectsAndEvents(engine, 'live')
    expect(live).toHaveLength(39)
    expect(live).toEqual(await rejectsAndEvents(engine, file))
  }),
)

const zeek = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tdns',
  '#open\t2026-03-01-00-00-00',
  '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tquery',
  '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring',
]
const zeekLines = (from: number, count: number): string[] =>
  Array.from(
    { length: count },
    (_, i) =>
      `${1_772_323_200 + from + i}.5\tC${from + i}\t192.0.2.7\t5${from + i}\t192.0.2.53\t53\tudp\tn${from + i}.example.com`,
  )

test('the header of a log holds for all that comes after it, after a restart too', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data')
    await withIntake(data, async ({ give, settled }) => {
      await give(file('/dns.log'), [...zeek, ...zeekLines(0, 5)])
      await settled()
      await give(file('/dns.log'), zeekLines(5, 5))
      await settled()
    })
    await withIntake(data, async ({ engine, loader, give, settled }) => {
      await give(file('/dns.log'), zeekLines(10, 5))
      await settled()
      const rows = await engine.rows(
        sql`SELECT count() AS lines, uniqExact(dns_question_name) AS names FROM events WHERE category = 'dns'`,
      )
      expect(rows).toEqual([{ lines: 15, names: 15 }])
      expect(loader.formatOf('/dns.log')).not.toBeNull()
    })
  }))

const pauseFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

test(
  'lines of no known format are kept as rejects, and read again once a format claims what comes later',
  inIntake(async ({ engine, give, settled, loaded, loader }) => {
    await give(file('/a'), ['what is this', 'and this'])
    await settled()
    expect(loader.formatOf('/a')).toBeNull()
    expect(loaded).toMatchObject([{ lines: 2, rejected: 2, format: null, firstMs: null }])
    // A look at a format is not taken for each line.
    await give(file('/a'), accessLines(40))
    await settled()
    await pauseFor(1100)
    await give(file('/a'), accessLines(40, 40))
    await settled()
    expect(loader.formatOf('/a')).toBe('apache-access')
    const rows = await engine.rows(
      sql`SELECT category, count() AS lines, uniqExact(line_number) AS numbers FROM events WHERE segment IN (SELECT segment FROM segments) GROUP BY category ORDER BY category`,
    )
    expect(rows).toEqual([
      { category: 'reject', lines: 2, numbers: 2 },
      { category: 'web', lines: 80, numbers: 80 },
    ])
    const [sum] = await engine.rows(sql`SELECT sum(lines) AS lines, sum(rejected) AS rejected FROM segments`)
    expect(sum).toEqual({ lines: 82, rejected: 2 })
    expect(loader.stats()).toMatchObject({ lines: 82, rejected: 2 })
  }),
)

const ssh = (count: number): string[] =>
  Array.from(
    { length: count },
    (_, i) =>
      `Mar  1 10:00:${String(i % 60).padStart(2, '0')} host sshd[${i}]: Failed password for root from 192.0.2.1 port ${i} ssh2`,
  )

test(
  'kinds of lines that the first ones did not show are understood when they come',
  inIntake(async ({ engine, give, settled }) => {
    const net: Stream = { name: 'net', kind: 'syslog' }
    await give(net, ssh(20))
    await settled()
    await give(net, [
      'Mar  1 10:01:00 host sudo:   alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/id',
    ])
    await settled()
    // Another format altogether.
    await give(net, accessLines(30))
    await settled()
    const rows = await engine.rows(
      sql`SELECT format, count() AS lines FROM events WHERE category != 'reject' GROUP BY format ORDER BY format`,
    )
    expect(rows).toEqual([
      { format: 'apache-access', lines: 30 },
      { format: 'sshd', lines: 20 },
      { format: 'sudo', lines: 1 },
    ])
  }),
)

test('lines that a crash kept from being listed are loaded once', () =>
  withFolder(async (folder) => {
    const data = path.join(folder, 'data')
    await withIntake(data, async ({ give, settled }) => {
      await give(file('/a'), accessLines(10))
      await settled()
    })
    await withIntake(data, async ({ engine, loader, spool, give }) => {
      const segment = `${spool.idOf('/a')}.10`
      await loader.close()
      // As if it had stopped between the rows and their listing.
      await engine.run(
        sql`INSERT INTO events (segment, line_number, message) SELECT ${segment} AS segment, number + 11 AS line_number, 'half' AS message FROM numbers(3)`,
      )
      await give(file('/a'), accessLines(5, 10))
    })
    await withIntake(data, async ({ engine, settled }) => {
      await settled()
      expect(await stored(engine)).toEqual({ rows: 15, different: 15 })
    })
  }))
