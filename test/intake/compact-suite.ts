import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ensureTable } from '../../src/engine/ensure-table.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { readChains, recover } from '../../src/ingest/segments.ts'
import { compactSegments } from '../../src/intake/compact-segments.ts'
import { tables } from '../../src/schema/tables.ts'
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
