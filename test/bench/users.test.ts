import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { lanlLogin, lanlQuality, lanlText } from '../../bench/quality/users-lanl.ts'
import { userAttacks } from '../../bench/quality/users-attacks.ts'
import { organisation } from '../../bench/quality/users-organisation.ts'

describe('the organisation', () => {
  const options = { people: 40, days: 14, seed: 2 }

  it('is the same for the same seed, and another for another', () => {
    expect(organisation(options)).toEqual(organisation(options))
    expect(organisation({ ...options, seed: 3 }).events).not.toEqual(organisation(options).events)
  })

  it('is attacked with accounts of its own, each another', () => {
    const quiet = organisation(options)
    const names = quiet.people.map(({ name }) => name)
    const attackers = userAttacks(quiet, options.days, new Set(names)).map(({ attacker }) => attacker)
    expect(new Set(attackers).size).toBe(attackers.length)
    expect(attackers.filter((name) => !names.includes(name))).toEqual(['svc-update2'])
  })
})

describe('logins in the form of LANL', () => {
  it.each([
    ['1,U1@DOM1,U1@DOM1,C1,C2,Kerberos,Network,LogOn,Success', 0],
    ['86401,U1@DOM1,U2@DOM1,C1,C2,?,?,LogOn,Fail', 1],
  ])('are read: %s', (line, day) => {
    const login = lanlLogin(line)
    expect(login?.day).toBe(day)
    expect(JSON.parse(login?.text ?? '{}')).toMatchObject({
      winlog: { computer_name: 'C2', event_data: { WorkstationName: 'C1' } },
    })
  })

  it.each([
    '1,C1$@DOM1,C1$@DOM1,C1,C2,Kerberos,Network,LogOn,Success',
    '1,U1@DOM1,U1@DOM1,C1,C2,?,?,LogOff,Success',
    'nonsense',
  ])('leave out machines, the ends of sessions, and what is none: %s', (line) => {
    expect(lanlLogin(line)).toBeNull()
  })

  it('are judged by the days on which a user is known to be hostile', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-lanl-test-'))
    try {
      const line = (day: number, second: number, user: string, from: string, to: string): string =>
        `${day * 86_400 + second},${user}@DOM1,${user}@DOM1,${from},${to},Kerberos,Network,LogOn,Success`
      const quiet = Array.from({ length: 20 }, (_, day) => day).flatMap((day) =>
        Array.from({ length: 24 }, (_, n) => [
          line(day, 30_000 + n * 60, `U${n}`, `C${n}`, `S${n % 4}`),
          line(day, 40_000 + n * 60, `U${n}`, `C${n}`, 'S9'),
        ]).flat(),
      )
      const hostile = [0, 5, 10].map((n, i) =>
        line(17, 50_000 + i * 600, 'U3', i === 0 ? 'C3' : `C${n}`, `C${n + 5}`),
      )
      writeFileSync(path.join(folder, 'auth.txt.gz'), gzipSync([...quiet, ...hostile].join('\n')))
      writeFileSync(path.join(folder, 'redteam.txt'), '1518800,U3@DOM1,C3,C5\n')
      const result = await lanlQuality(folder)
      expect(result).toMatchObject({ logins: quiet.length + hostile.length, days: 20 })
      expect(result.hostile).toMatchObject([{ user: 'U3', day: 17, rank: 1 }])
      expect(lanlText(result)).toContain('Of 1 hostile user days 1 were found')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
