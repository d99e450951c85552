import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readChains, recover } from '../../src/ingest/segments.ts'
import { compactSegments } from '../../src/intake/compact-segments.ts'
import { segmentsTable, tables } from '../../src/schema/tables.ts'
import { sql } from '../../src/sql/sql.ts'

const perDay = 144

/** What holds of a list of segments that is kept short, on any engine. */
export const compactSuite = (name: string, open: () => Promise<Engine>): void => {
  describe(`a long list of segments on ${name}`, () => {
    let engine: Engine

    beforeEach(async () => {
      engine = await open()
      for (const table of tables) {
        await engine.dropTable(table)
        await ensureTable(engine, table)
      }
    })

    afterEach(() => engine.close())

    /** A segment of ten lines every ten minutes, from the 1st on; two lines of each are rejects. */
    const list = (
      stream: string,
      count: number,
      { from = 0, format = 'apache-access', head = '-:1:-' } = {},
    ): Promise<void> =>
      engine.run(
        sql`INSERT INTO segments SELECT concat(${stream}, '.', toString(number * 10)), ${`source of ${stream}`}, ${format}, ${stream}, ${head}, 10, 2, loaded, loaded + 1, '', loaded FROM (SELECT number, toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + toIntervalMinute(10 * number) AS loaded FROM numbers(${from}, ${count - from}))`,
      )

    /** The events of the segments that {@link list} lists. */
    const fill = (stream: string, count: number): Promise<void> =>
      engine.run(
        sql`INSERT INTO events (category, timestamp, ingested, message, segment, line_number) SELECT 'web', at, at, 'a line', concat(${stream}, '.', toString(intDiv(number, 10) * 10)), number FROM (SELECT number, toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + toIntervalMinute(10 * intDiv(number, 10)) AS at FROM numbers(${count * 10}))`,
      )

    const rows = async (): Promise<number> =>
      (await engine.rows<{ n: number }>(sql`SELECT count() AS n FROM segments`))[0]?.n ?? 0

    const sums = () =>
      engine.rows(
        sql`SELECT fingerprint, source, format, sum(s.lines) AS lines, sum(s.rejected) AS rejected, toString(min(s.first)) AS first, toString(max(s.last)) AS last, toString(max(s.loaded)) AS loaded, max(toUInt64OrZero(splitByChar('.', s.segment)[2]) + s.lines) AS end FROM segments AS s GROUP BY fingerprint, source, format ORDER BY ALL`,
      )

    it(
      'lists the past days of a stream as one row each, and loses nothing that is counted',
      { timeout: 60_000 },
      async () => {
        await list('busy', 6 * perDay)
        await list('quiet', 3)
        await list('file', 6 * perDay, { head: 'a:1:b' })
        await list('unread', 6 * perDay, { format: '' })
        const before = await sums()
        expect(await compactSegments(engine)).toBe(3)
        // Three days of the busy stream became a row each. What is open, no stream, or waits for its format stays.
        expect(await rows()).toBe(3 + 3 * perDay + 3 + 6 * perDay + 6 * perDay)
        expect(await sums()).toEqual(before)
        expect(await compactSegments(engine)).toBe(0)
        const [first] = (await readChains(engine)).get('busy')?.segments ?? []
        expect(first).toMatchObject({ start: 0, open: false, lines: 10 * perDay, rejected: 2 * perDay })
      },
    )

    it('leaves events alone whose segments are listed by the day', { timeout: 60_000 }, async () => {
      for (const stream of ['busy', 'quiet']) {
        await list(stream, 5 * perDay)
        await fill(stream, 5 * perDay)
      }
      // Nothing came for a month, on one of them.
      await engine.run(
        sql`INSERT INTO segments SELECT 'busy.99999', source, format, fingerprint, head, 1, 0, first, last, '', toDateTime64('2026-04-05 00:00:00', 3, 'UTC') FROM segments WHERE segment = 'busy.0'`,
      )
      await list('again', 2 * perDay)
      await compactSegments(engine)
      expect(await recover(engine)).toEqual([])
      // What a crash left behind goes, as before, however old: lines that were read again came long ago.
      await engine.run(
        sql`INSERT INTO events (category, timestamp, ingested, message, segment, line_number) SELECT 'web', now64(3), toDateTime64('2026-04-05 00:00:01', 3, 'UTC'), 'half', s, 1 FROM (SELECT arrayJoin(['busy.100000', 'unheard-of.0']) AS s)`,
      )
      await engine.run(
        sql`INSERT INTO events (category, timestamp, ingested, message, segment, line_number) SELECT 'reject', now64(3), toDateTime64('2026-03-01 00:05:00', 3, 'UTC'), 'half', 'again.77', 1`,
      )
      expect(await recover(engine)).toEqual(['again.77', 'busy.100000', 'unheard-of.0'])
      expect(await engine.rows(sql`SELECT count() AS n FROM events`)).toEqual([{ n: 2 * 5 * perDay * 10 }])
    })

    /** A segment of ten lines and its events, all at a moment such as `2026-03-01 10:00:00`. */
    const add = async (start: number, moment: string, format = 'apache-access'): Promise<void> => {
      const at = sql`toDateTime64(${moment}, 3, 'UTC')`
      await engine.run(
        sql`INSERT INTO events (category, timestamp, ingested, message, segment, line_number) SELECT 'web', ${at}, ${at}, 'a line', ${`s.${start}`}, ${start} + number + 1 FROM numbers(10)`,
      )
      await engine.run(
        sql`INSERT INTO segments SELECT ${`s.${start}`}, 'source', ${format}, 's', '-:1:-', 10, 0, l, l, '', l FROM (SELECT ${at} AS l)`,
      )
    }

    /** What is counted, and what is there, once a start has removed what is not listed. */
    const counted = async (): Promise<object> => {
      expect(await recover(engine)).toEqual([])
      const [listed] = await engine.rows<object>(
        sql`SELECT toUInt64(sum(lines)) AS listed, countIf(NOT endsWith(segment, '.day')) AS singles FROM segments`,
      )
      const [there] = await engine.rows<object>(sql`SELECT count() AS events FROM events`)
      return { ...listed, ...there }
    }

    it('leaves today alone, though a clock was ahead once', { timeout: 60_000 }, async () => {
      const dayFrom = async (days: number): Promise<string> => {
        const [row] = await engine.rows<{ day: string }>(
          sql`SELECT toString(toDate(now(), 'UTC') + ${days}) AS day`,
        )
        return row?.day ?? ''
      }
      await add(0, `${await dayFrom(10)} 00:00:00`)
      const today = await dayFrom(0)
      for (const i of [1, 2, 3]) await add(10 * i, `${today} 00:00:0${i}`)
      expect(await compactSegments(engine)).toBe(0)
      expect(await counted()).toEqual({ listed: 40, singles: 4, events: 40 })
    })

    it('counts in what a day gets after it was listed as one', { timeout: 60_000 }, async () => {
      await add(0, '2026-03-01 10:00:00')
      await add(10, '2026-03-01 11:00:00', 'sshd')
      await add(20, '2026-03-01 12:00:00')
      await add(30, '2026-03-01 13:00:00', 'sshd')
      await add(40, '2026-03-10 00:00:00')
      await compactSegments(engine)
      expect(await counted()).toEqual({ listed: 50, singles: 1, events: 50 })
      // The clock goes back: to before what was listed, and to after it.
      for (const [i, time] of ['09:00:00', '12:30:00', '23:00:00'].entries())
        for (const format of ['apache-access', 'sshd'])
          await add(50 + 20 * i + (format === 'sshd' ? 10 : 0), `2026-03-01 ${time}`, format)
      await add(110, '2026-03-02 00:00:00')
      expect(await counted()).toEqual({ listed: 120, singles: 8, events: 120 })
      await compactSegments(engine)
      expect(await counted()).toEqual({ listed: 120, singles: 2, events: 120 })
      expect(
        await engine.rows(
          sql`SELECT segment, lines, note FROM segments WHERE endsWith(segment, '.day') ORDER BY segment`,
        ),
      ).toEqual([
        { segment: 's.0.day', lines: 20, note: 'all of 2026-03-01, up to line 30' },
        { segment: 's.10.day', lines: 20, note: 'all of 2026-03-01, up to line 40' },
        { segment: 's.50.day', lines: 30, note: 'all of 2026-03-01, up to line 100' },
        { segment: 's.60.day', lines: 30, note: 'all of 2026-03-01, up to line 110' },
      ])
      expect(await compactSegments(engine)).toBe(0)
    })

    it('goes on where an earlier version had listed a day', { timeout: 60_000 }, async () => {
      for (const i of [0, 1, 2]) await add(10 * i, `2026-03-01 10:00:0${i}`)
      await add(30, '2026-03-10 00:00:00')
      await compactSegments(engine)
      await engine.run(
        sql`INSERT INTO segments SELECT segment, source, format, fingerprint, head, lines, rejected, first, last, 'all of 2026-03-01', loaded FROM segments WHERE endsWith(segment, '.day')`,
      )
      await engine.deleteRows(segmentsTable, sql`position(note, 'line') > 0`)
      await add(40, '2026-03-01 10:00:01')
      await compactSegments(engine)
      expect(await counted()).toEqual({ listed: 50, singles: 1, events: 50 })
    })

    it(
      'leaves events alone that were read by one clock and listed by another',
      { timeout: 60_000 },
      async () => {
        for (const i of [0, 1, 2]) await add(10 * i, `2026-03-01 10:00:0${i}`)
        await engine.run(
          sql`INSERT INTO events (category, timestamp, ingested, message, segment, line_number) SELECT 'web', at, at, 'a line', 's.30', 30 + number + 1 FROM (SELECT number, toDateTime64('2026-03-20 00:00:00', 3, 'UTC') AS at FROM numbers(10))`,
        )
        await engine.run(
          sql`INSERT INTO segments SELECT 's.30', source, format, fingerprint, head, 10, 0, first, last, '', toDateTime64('2026-03-01 11:00:00', 3, 'UTC') FROM segments WHERE segment = 's.0'`,
        )
        await add(40, '2026-03-10 00:00:00')
        await compactSegments(engine)
        expect(await counted()).toEqual({ listed: 50, singles: 1, events: 50 })
        // What a crash left of lines that were read again has the number of the first of them.
        await engine.run(
          sql`INSERT INTO events (category, timestamp, ingested, message, segment, line_number) SELECT 'web', now64(3), now64(3), 'half', 's.10.again', 11`,
        )
        expect(await recover(engine)).toEqual(['s.10.again'])
      },
    )

    it('ends what a crash interrupted, without counting twice', { timeout: 60_000 }, async () => {
      await list('busy', 6 * perDay)
      const before = await sums()
      await compactSegments(engine)
      // As if some of a day's rows had not been removed.
      await list('busy', 50, { from: 40 })
      await compactSegments(engine)
      expect(await sums()).toEqual(before)
    })
  })
}
