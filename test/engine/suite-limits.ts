import { describe, expect, test } from 'vitest'
import { sql } from '../../src/sql/sql.ts'
import { refused, sleepy, sleepySettings, type Opened } from './suite-tables.ts'

const long = { settings: sleepySettings, seconds: 60 }
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const seconds = (since: number): number => (performance.now() - since) / 1000

/** Long work can be bounded and stopped, and is in nobody's way. */
export const limitTests = (engine: Opened): void => {
  describe('limits', () => {
    test('a query that takes too long is stopped with its limit named', async () => {
      const started = performance.now()
      const error = await refused(engine().rows(sleepy(30), { ...long, seconds: 1 }), 'timed-out')
      expect(error.facts).toEqual({ seconds: 1 })
      expect(seconds(started)).toBeLessThan(6)
    })

    test('a query that needs too much memory is stopped with its limit named', async () => {
      const hungry = sql`SELECT length(groupArray(toString(number))) AS n FROM numbers(20000000)`
      const error = await refused(engine().rows(hungry, { memoryBytes: 60_000_000 }), 'out-of-memory')
      expect(error.facts).toEqual({ limit: '60 MB' })
      expect(await engine().rows(sql`SELECT 1 AS x`)).toEqual([{ x: 1 }])
    })

    test('a signal that has fired already is an answer at once', async () => {
      const started = performance.now()
      await refused(engine().rows(sleepy(30), { ...long, signal: AbortSignal.abort() }), 'cancelled')
      expect(seconds(started)).toBeLessThan(0.5)
    })

    test('a signal stops one query within two seconds, and only that one', async () => {
      const other = engine().rows<{ slept: number }>(sleepy(4), long)
      const controller = new AbortController()
      const cancelled = refused(
        engine().rows(sleepy(30), { ...long, signal: controller.signal }),
        'cancelled',
      )
      await pause(500)
      const started = performance.now()
      controller.abort()
      await cancelled
      expect(seconds(started)).toBeLessThan(2)
      expect(await other).toHaveLength(1)
    })

    test('a signal stops an interactive query while long ones run on every session', async () => {
      const stop = new AbortController()
      const others = [1, 2, 3].map(() =>
        refused(engine().rows(sleepy(30), { ...long, signal: stop.signal }), 'cancelled'),
      )
      const controller = new AbortController()
      const cancelled = refused(
        engine().rows(sleepy(30), { ...long, interactive: true, signal: controller.signal }),
        'cancelled',
      )
      await pause(500)
      const started = performance.now()
      controller.abort()
      await cancelled
      expect(seconds(started)).toBeLessThan(2)
      stop.abort()
      await Promise.all(others)
      expect(seconds(started)).toBeLessThan(5)
    })

    test('a signal stops a query that has not begun', async () => {
      const stop = new AbortController()
      const others = [1, 2, 3, 4].map(() =>
        refused(engine().rows(sleepy(30), { ...long, signal: stop.signal }), 'cancelled'),
      )
      const controller = new AbortController()
      const waiting = refused(engine().rows(sleepy(30), { ...long, signal: controller.signal }), 'cancelled')
      await pause(300)
      const started = performance.now()
      controller.abort()
      await waiting
      expect(seconds(started)).toBeLessThan(2)
      stop.abort()
      await Promise.all(others)
    })

    test('an interactive query answers while long ones run', async () => {
      const stop = new AbortController()
      const others = [1, 2, 3, 4].map(() =>
        refused(engine().rows(sleepy(30), { ...long, signal: stop.signal }), 'cancelled'),
      )
      await pause(300)
      const started = performance.now()
      expect(await engine().rows(sql`SELECT 1 AS x`, { interactive: true })).toEqual([{ x: 1 }])
      expect(seconds(started)).toBeLessThan(2)
      stop.abort()
      await Promise.all(others)
    })

    test('many queries at once all answer, each with its own result', async () => {
      const numbers = Array.from({ length: 40 }, (_, i) => i)
      const results = await Promise.all(
        numbers.map((n) => engine().rows<{ n: number }>(sql`SELECT ${n} AS n`, { interactive: n % 4 === 0 })),
      )
      expect(results).toEqual(numbers.map((n) => [{ n }]))
    })

    test('a stopped query leaves the engine as it was', async () => {
      const controller = new AbortController()
      const stopped = refused(engine().rows(sleepy(30), { ...long, signal: controller.signal }), 'cancelled')
      controller.abort()
      await stopped
      expect(await engine().rows(sql`SELECT count() AS n FROM numbers(5)`)).toEqual([{ n: 5 }])
    })
  })
}
