import { describe, expect, it } from 'vitest'
import {
  agentOf,
  day,
  homeOf,
  hour,
  huntLogins,
  lagos,
  login,
  quietWeeks,
  userOf,
  vienna,
  type Login,
} from './login-story.ts'
import { named } from './story.ts'

const quiet = quietWeeks()
const stranger = '2001:db8:fa11::66'
const tool = 'python-requests/2.32.3'

const findingsWith = async (...attack: Login[]): Promise<string[]> =>
  named(await huntLogins([...quiet, ...attack]))

describe('login detectors that know places', () => {
  it('are silent in quiet weeks: a VPN, a traveller, a night on call, an expired password, the morning of new ones', async () => {
    expect(await findingsWith()).toEqual([])
  })

  it('name a user who is in two places at once', async () => {
    // A Wednesday at eleven, two hours after a login in the office.
    const found = await findingsWith(
      login(16 * day + 11 * hour, 7, { ip: stranger, place: lagos, agent: agentOf(7) }),
    )
    expect(found).toContain(`impossible-travel: ${userOf(7)}`)
  })

  it('name a login from a new country, and first of all one with a new program too', async () => {
    // A Sunday: there is time for the journey.
    const found = await findingsWith(
      login(20 * day + 12 * hour, 9, { ip: stranger, place: lagos, agent: tool }),
    )
    expect(found[0]).toBe(`login-takeover: ${userOf(9)} → ${stranger}`)
    expect(found).toContain(`login-new-country: ${userOf(9)} → ${stranger}`)
    expect(found.filter((name) => name.startsWith('impossible-travel'))).toEqual([])
  })

  it('name a program that nobody else has', async () => {
    const found = await findingsWith(login(17 * day + 10 * hour, 12, { agent: 'loader/1.0' }))
    expect(found).toContain(`login-new-device: ${userOf(12)} → loader/1.0`)
  })

  it('name a login in the middle of the night by somebody who sleeps then', async () => {
    const found = await findingsWith(login(16 * day + 2 * hour, 14))
    expect(found).toContain(`login-unusual-hour: ${userOf(14)}`)
  })

  it('let an update of all browsers be, and a new address in the usual network', async () => {
    const updated = quiet.map((one) =>
      one.at < 12 * day ? one : { ...one, agent: one.agent.replaceAll('140.0', '141.0') },
    )
    const neighbour = login(15 * day + 19 * hour, 5, { ip: homeOf(5).replace('::10', '::77') })
    expect(named(await huntLogins([...updated, neighbour]))).toEqual([])
  })

  it('judge a login by what came before it, not by what came after', async () => {
    // The stranger stays: on the last days, the place is as usual as can be.
    const stays = Array.from({ length: 30 }, (_, i) =>
      login(16 * day + 11 * hour + i * 3.5 * hour, 7, { ip: stranger, place: lagos, agent: tool }),
    )
    const found = await findingsWith(...stays)
    expect(found).toContain(`login-takeover: ${userOf(7)} → ${stranger}`)
  })
})

describe('guesses from many sources', () => {
  const bot = (i: number): string => `2001:db8:${(0xb000 + i).toString(16)}::5`

  it('name the user whose password is guessed, though no source tries more than once', async () => {
    const guesses = Array.from({ length: 14 }, (_, i) =>
      login(15 * day + 12 * hour + i * 200, 11, { ip: bot(i), place: lagos, agent: tool, success: false }),
    )
    expect(await findingsWith(...guesses)).toContain(`login-brute-force-user: ${userOf(11)}`)
  })

  it('name the machine at which a quarter of all users fail within an hour, each once and each from elsewhere', async () => {
    const tries = Array.from({ length: 12 }, (_, i) =>
      login(15 * day + 10 * hour + i * 240, i * 3, { ip: bot(i), place: vienna, success: false }),
    )
    expect(await findingsWith(...tries)).toContain('login-spraying-distributed: login.example.com')
  })

  it('name the machine on which names are tried that nobody there has, within fifty requests', async () => {
    const tries = Array.from({ length: 50 }, (_, i) =>
      login(15 * day + 10 * hour + i * 9, 0, {
        user: `leaked${i * 37}`,
        ip: bot(i),
        place: lagos,
        agent: tool,
        success: false,
      }),
    )
    expect(await findingsWith(...tries)).toContain('login-stuffing: login.example.com')
  })
})
