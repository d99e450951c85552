import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import {
  changeChannel,
  createChannel,
  deleteChannel,
  listChannels,
  secretChannel,
} from '../../src/store/channels.ts'
import { changeDetector, readDetectorSettings } from '../../src/store/detector-settings.ts'
import { giveBackLease, takeLease } from '../../src/store/leases.ts'
import { deleteModels, loadModels, saveModel } from '../../src/store/models.ts'
import { messageFailed, messageSent, putMessages, takeMessages } from '../../src/store/outbox.ts'
import { deleteSearch, listSearches, saveSearch } from '../../src/store/searches.ts'
import { changeSettings, readSettings } from '../../src/store/settings.ts'
import { loadSources, saveSource } from '../../src/store/sources.ts'
import { onBoth } from './on-both.ts'

const nowMs = Date.UTC(2026, 2, 3)
const minute = 60_000

const webhook = {
  name: 'Pager',
  kind: 'webhook',
  enabled: true,
  leastRisk: 60,
  settings: { url: 'https://example.com/hook' },
  secrets: { key: 'k1' },
} as const

onBoth('the rest of the work state', (store) => {
  it('gives a lease to one holder, until it is given back or runs out', async () => {
    const { db } = store()
    const asked = await Promise.all(
      ['a', 'b', 'c'].map((holder) => takeLease(db, 'scheduler', holder, minute)),
    )
    expect(asked.filter(Boolean).length).toBe(1)
    const holder = ['a', 'b', 'c'][asked.indexOf(true)] ?? ''
    expect(await takeLease(db, 'scheduler', holder, minute)).toBe(true)
    expect(await takeLease(db, 'scheduler', 'd', minute)).toBe(false)
    await giveBackLease(db, 'scheduler', 'd')
    expect(await takeLease(db, 'scheduler', 'd', minute)).toBe(false)
    await giveBackLease(db, 'scheduler', holder)
    expect(await takeLease(db, 'scheduler', 'd', 1)).toBe(true)
    await sleep(20)
    expect(await takeLease(db, 'scheduler', 'e', minute)).toBe(true)
  })

  it('keeps settings over what the configuration says', async () => {
    const { db } = store()
    const defaults = {
      budgetPerDay: 10,
      retentionDays: 90,
      retentionBytes: null,
      excludedPeriods: [],
      ownNetworks: ['192.0.2.0/24'],
    }
    expect(await readSettings(db, defaults)).toEqual(defaults)
    await changeSettings(db, { retentionBytes: 1e12, ownNetworks: undefined })
    await changeSettings(db, { retentionBytes: 2e12, budgetPerDay: 3 })
    expect(await readSettings(db, defaults)).toEqual({ ...defaults, retentionBytes: 2e12, budgetPerDay: 3 })
  })

  it('keeps searches, the shared ones for all', async () => {
    const { db } = store()
    const search = { name: 'Failed', query: 'event_outcome:failure', range: '24h', shared: false }
    const own = await saveSearch(db, search, { id: 'u1', name: 'Ann' })
    await saveSearch(db, { ...search, name: 'All', shared: true }, { id: 'u2', name: 'Bo' })
    expect((await listSearches(db, 'u1')).map(({ name }) => name)).toEqual(['All', 'Failed'])
    expect((await listSearches(db, 'u3')).map(({ name }) => name)).toEqual(['All'])
    expect(await deleteSearch(db, own.id, 'u2')).toBe(false)
    expect(await deleteSearch(db, own.id, 'u1')).toBe(true)
  })

  it('changes of a detector what is given', async () => {
    const { db } = store()
    expect(await changeDetector(db, 'a', { strictness: 0.5 })).toEqual({ enabled: true, strictness: 0.5 })
    expect(await changeDetector(db, 'a', { enabled: false })).toEqual({ enabled: false, strictness: 0.5 })
    expect([...(await readDetectorSettings(db))]).toEqual([['a', { enabled: false, strictness: 0.5 }]])
  })

  it('keeps models and what is known of sources', async () => {
    const { db } = store()
    const model = { centres: [[0.1, Number.MAX_VALUE]], text: 'a\0b' }
    await saveModel(db, { detector: 'a', windowSeconds: 60, model: 1, fittedMs: nowMs })
    await saveModel(db, { detector: 'a', windowSeconds: 60, model, fittedMs: nowMs + 1 })
    expect(await loadModels(db)).toEqual([{ detector: 'a', windowSeconds: 60, model, fittedMs: nowMs + 1 }])
    await deleteModels(db, 'a')
    expect(await loadModels(db, 'a')).toEqual([])
    await saveSource(db, 'a', { lines: 1 })
    await saveSource(db, 'a', { lines: 2 })
    expect([...(await loadSources(db))]).toEqual([['a', { lines: 2 }]])
  })

  it('never shows the secrets of a channel', async () => {
    const { db } = store()
    const { id } = await createChannel(db, webhook, nowMs)
    await changeChannel(db, id, { secrets: { token: 't' }, enabled: false })
    expect(await secretChannel(db, id)).toMatchObject({ enabled: false, secrets: { key: 'k1', token: 't' } })
    expect(JSON.stringify(await listChannels(db))).not.toMatch(/k1|secrets/)
    expect(await deleteChannel(db, id)).toBe(true)
    expect(await changeChannel(db, id, {})).toBeNull()
  })

  it('hands each message to one sender, and again when it was not sent', async () => {
    const { db } = store()
    const { id: channel } = await createChannel(db, webhook, nowMs)
    const message = { channel, incident: null, kind: 'test', payload: { text: 'ü\0' } }
    await putMessages(db, [message, { ...message, kind: 'opened' }], nowMs)
    const take = (at: number) => takeMessages(db, { nowMs: at, holdMs: minute, limit: 10 })
    const taken = (await Promise.all([take(nowMs), take(nowMs)])).flat()
    expect(taken.map(({ kind, payload, tries }) => ({ kind, payload, tries }))).toEqual([
      { kind: 'test', payload: { text: 'ü\0' }, tries: 1 },
      { kind: 'opened', payload: { text: 'ü\0' }, tries: 1 },
    ])
    const [first = -1, second = -1] = taken.map(({ id }) => id)
    await messageSent(db, first, nowMs)
    await messageFailed(db, second, 'refused', nowMs + 5 * minute)
    expect((await listChannels(db))[0]).toMatchObject({
      lastSent: '2026-03-03T00:00:00.000Z',
      lastError: 'refused',
    })
    expect(await take(nowMs + 4 * minute)).toEqual([])
    expect((await take(nowMs + 5 * minute)).map(({ id, tries }) => [id, tries])).toEqual([[second, 2]])
    await messageFailed(db, second, 'gone', null)
    expect(await take(nowMs + 60 * minute)).toEqual([])
  })
})
