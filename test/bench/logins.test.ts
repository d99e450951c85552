import { describe, expect, it } from 'vitest'
import { loginAttacks } from '../../bench/generate/logins/attacks.ts'
import { loginHost, loginLine } from '../../bench/generate/logins/login.ts'
import { quietLogins, startMs, dayMs } from '../../bench/generate/logins/quiet.ts'
import { kilometres, homeCities, attackCities } from '../../bench/generate/logins/world.ts'

const options = { users: 1500, days: 14, seed: 3 }
const quiet = quietLogins(options)
const rounds = loginAttacks(options, quiet, loginHost)
const attacks = rounds.flat()

describe('the generated organisation', () => {
  it('is the same for the same seed, and another for another', () => {
    const text = (seed: number): string =>
      quietLogins({ ...options, seed })
        .map(loginLine)
        .join('\n')
    const lines = quiet.map(loginLine).join('\n')
    expect(text(options.seed) === lines).toBe(true)
    expect(text(4) === lines).toBe(false)
  })

  it('logs in from addresses that are set aside for documentation', () => {
    const all = [...quiet, ...attacks.flatMap(({ logins }) => logins)]
    const others = all.filter(
      ({ source }) => !/^(?:192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|2001:db8:)/.test(source.address),
    )
    expect(others).toEqual([])
  })

  it('has lines in the order of time, within its days', () => {
    const times = quiet.map(({ timeMs }) => timeMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[0]).toBeGreaterThanOrEqual(startMs)
    expect(times.at(-1)).toBeLessThan(startMs + options.days * dayMs)
  })

  it('mistypes now and then, and gets in most of the time', () => {
    const people = quiet.filter(({ user }) => user.startsWith('user'))
    const failed = people.filter(({ success }) => !success).length / people.length
    expect(failed).toBeGreaterThan(0.02)
    expect(failed).toBeLessThan(0.15)
  })
})

describe('the attacks on it', () => {
  it('are each of victims of their own', () => {
    const victims = attacks.filter(({ kind }) => kind === 'stolen password').flatMap(({ about }) => about)
    expect(victims).toHaveLength(40)
    expect(new Set(victims).size).toBe(40)
  })

  it('come in rounds, none of which has many stolen passwords', () => {
    for (const round of rounds)
      expect(round.filter(({ kind }) => kind === 'stolen password').length).toBeLessThanOrEqual(4)
  })

  it('come from far away', () => {
    const [vienna] = homeCities
    for (const city of attackCities) expect(kilometres(vienna, city)).toBeGreaterThan(4000)
    // Vienna to Lagos, along a great circle.
    expect(kilometres(vienna, attackCities[0])).toBeCloseTo(4810, -2)
  })
})
