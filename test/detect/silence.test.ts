import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { judgeBlocks, type Block } from '../../src/detect/rejects.ts'
import { judgeSilence } from '../../src/detect/silence.ts'
import type { Stream } from '../../src/detect/streams.ts'

const hour = 3600
const day = 86_400
const bucketSeconds = 300
/** A Monday. */
const start = Date.UTC(2026, 2, 2) / 1000

/** A stream with some lines in each bucket whose time `open` lets through. */
const stream = (
  path: string,
  days: number,
  open: (at: number) => boolean,
  extra: Partial<Stream> = {},
): Stream => {
  const buckets = Array.from({ length: (days * day) / bucketSeconds }, (_, i) => i * bucketSeconds)
    .filter(open)
    .map((at) => (start + at) / bucketSeconds)
  return {
    path,
    sources: [path],
    host: '',
    live: true,
    formats: [path],
    buckets,
    counts: buckets.map(() => 7),
    ...extra,
  }
}

const always = (): boolean => true
const atWork = (at: number): boolean =>
  Math.floor(at / day) % 7 < 5 && at % day >= 8 * hour && at % day < 17 * hour

const judge = (streams: readonly Stream[], days: number) =>
  judgeSilence({ bucketSeconds, streams }, start + days * day).silences

describe('silence', () => {
  it('is nothing in nights and weekends', () => {
    expect(judge([stream('a', 21, atWork)], 21)).toEqual([])
    expect(judge([stream('a', 7, atWork), stream('b', 7, always)], 7)).toEqual([])
  })

  it('is a stop while others go on, told from when to when, with what usually comes', () => {
    const [one, ...rest] = judge([stream('a', 7, (at) => at < 3 * day), stream('b', 7, always)], 7)
    expect(rest).toEqual([])
    expect(one).toMatchObject({
      fromSeconds: start + 3 * day,
      toSeconds: start + 7 * day,
      lasting: true,
    })
    expect(one?.stream.path).toBe('a')
    // Thursday and Friday; nothing is known of weekends.
    expect(one?.expected).toBe(2 * 288 * 7)
  })

  it('is an outage of some hours in a stream that never stops', () => {
    const outage = (at: number): boolean => at < 10 * day + 9 * hour || at > 10 * day + 16 * hour
    const [one] = judge([stream('a', 14, outage)], 14)
    expect(one).toMatchObject({ lasting: false, longestBefore: 1 })
    expect((one?.toSeconds ?? 0) - (one?.fromSeconds ?? 0)).toBeCloseTo(7 * hour, -3)
  })

  it('is no stop where a file was cut with the others, or put away', () => {
    const cut = (at: number): boolean => at < 3 * day
    expect(judge([stream('a', 7, cut), stream('b', 7, cut)], 7)).toEqual([])
    expect(judge([stream('a', 7, cut, { live: false }), stream('b', 7, always)], 7)).toEqual([])
    expect(judge([stream('a', 3, always), stream('b', 7, (at) => at > 4 * day)], 7)).toEqual([])
    const goesOn = stream('c', 7, (at) => at >= 3 * day, { formats: ['a'] })
    expect(judge([stream('a', 7, cut), stream('b', 7, always), goesOn], 7)).toEqual([])
  })

  it('is no stop between the pieces of a file that was put together', () => {
    const pieces = (at: number): boolean => at < 2 * day || at > 400 * day
    expect(judge([stream('a', 403, pieces)], 403)).toEqual([])
  })

  it('is told of a log, and not of each machine that writes into it', () => {
    const open = (at: number): boolean => at < 3 * day
    const streams = [
      stream('a', 7, open),
      stream('a', 7, open, { host: 'one' }),
      stream('a', 7, open, { host: 'two' }),
      stream('b', 7, always),
    ]
    expect(judge(streams, 7).map(({ stream: { path, host } }) => [path, host])).toEqual([['a', '']])
  })

  it('is found whenever the clock is wrong for a moment, or right all the time', () => {
    const wrong = stream('a', 7, always)
    const far = [...wrong.buckets, (start + 3000 * day) / bucketSeconds]
    const streams = [{ ...wrong, buckets: far, counts: far.map(() => 7) }, stream('b', 7, always)]
    expect(judgeSilence({ bucketSeconds, streams }, start + 3001 * day).silences).toEqual([])
  })

  it('never depends on the order of streams', () => {
    const pool = [
      stream('a', 7, (at) => at < 3 * day),
      stream('b', 7, always),
      stream('c', 7, atWork),
      stream('d', 7, (at) => at < day || at > 2 * day),
    ]
    const told = (streams: readonly Stream[]): string[] =>
      judge(streams, 7)
        .map((one) => `${one.stream.path} ${one.fromSeconds} ${one.surprise.toFixed(6)}`)
        .toSorted()
    fc.assert(
      fc.property(fc.shuffledSubarray(pool, { minLength: 4 }), (streams) => {
        expect(told(streams)).toEqual(told(pool))
      }),
      { seed: 7, numRuns: 24 },
    )
  })
})

describe('rejects', () => {
  const block = (i: number, rejected: number, lines = 200): Block => ({
    source: 'a',
    fromLine: i * 200 + 1,
    toLine: (i + 1) * 200,
    lines,
    rejected,
    firstMs: rejected === lines ? null : i * 60_000,
    lastMs: rejected === lines ? null : i * 60_000 + 59_000,
  })
  const blocks = (rejected: readonly number[]): Block[] => rejected.map((count, i) => block(i, count))

  it('jump where far more are not understood than before, from the first such block to the last', () => {
    const [jump, ...rest] = judgeBlocks(blocks([0, 1, 0, 2, 0, 150, 160, 0, 1]), 1e6)
    expect(rest).toEqual([])
    expect(jump).toMatchObject({ lines: 400, rejected: 310, fromMs: 5 * 60_000, lasting: false })
    expect(jump?.usualShare).toBeCloseTo(3 / 1000, 6)
  })

  it('last to the end of the data where nothing is understood from then on', () => {
    const [jump] = judgeBlocks(blocks([0, 0, 0, 200, 200]), 1e6)
    expect(jump).toMatchObject({ rejected: 400, fromMs: 2 * 60_000 + 59_000, toMs: 1e6, lasting: true })
  })

  it('do not jump where they were always there, or are few', () => {
    expect(judgeBlocks(blocks([40, 50, 45, 60, 38, 70]), 1e6)).toEqual([])
    expect(judgeBlocks(blocks([0, 0, 19, 0]), 1e6)).toEqual([])
    expect(judgeBlocks(blocks([200, 200, 200]), 1e6)).toEqual([])
  })
})
