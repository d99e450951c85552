import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { expect, it } from 'vitest'
import { openBus } from '../../src/bus.ts'
import type { LiveEvent } from '../../src/api/api.ts'
import { startNotify, type Notify } from '../../src/notify/notify.ts'
import type { webhookPayload } from '../../src/notify/webhook.ts'
import { changeChannel, createChannel, listChannels } from '../../src/store/channels.ts'
import { recordFindings } from '../../src/store/findings.ts'
import { changeIncident, listIncidents } from '../../src/store/incidents.ts'
import type { Store } from '../../src/store/store.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { onBoth } from '../store/on-both.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { hourMs, minuteMs, nowMs } from './place.ts'

type Sent = ReturnType<typeof webhookPayload>

interface Place {
  readonly store: Store
  readonly bus: ReturnType<typeof openBus<LiveEvent>>
  readonly url: string
  readonly sent: readonly Sent[]
  /** What the receiver answers from now on. */
  answer: RequestListener
  readonly start: (isLeader?: () => boolean) => Notify
  readonly pass: (ms: number) => void
  readonly now: () => number
  readonly logged: string[]
  /** Finds something, and publishes what changed. */
  readonly find: (what: Partial<Parameters<typeof makeFinding>[0]> & { rank: number }) => Promise<void>
}

const accept: RequestListener = (_request, response) => void response.end()
const refuse: RequestListener = (_request, response) => void response.writeHead(503).end()

const inPlace = async (store: Store, use: (place: Place) => Promise<void>): Promise<void> => {
  const sent: Sent[] = []
  const started: Notify[] = []
  const logged: string[] = []
  let atMs = nowMs
  const bus = openBus<LiveEvent>()
  const server = createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      // Our own payload, tested elsewhere.
      sent.push(JSON.parse(Buffer.concat(pieces).toString('utf8')) as Sent)
      place.answer(request, response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const note = (_facts: object, text: string): void => void logged.push(text)
  const place: Place = {
    store,
    bus,
    url: `http://127.0.0.1:${port}/`,
    sent,
    logged,
    answer: accept,
    start: (isLeader = () => true) => {
      const notify = startNotify({
        db: store.db,
        bus,
        url: 'https://winnow.example.com',
        isLeader,
        now: () => atMs,
        everyMs: 3_600_000,
        log: { info: note, warn: note, error: note },
      })
      started.push(notify)
      return notify
    },
    pass: (ms) => {
      atMs += ms
    },
    now: () => atMs,
    find: async ({ rank, ...more }) => {
      const finding = makeFinding({
        rank,
        entity: { source_ip: `192.0.2.${rank}` },
        severity: 'high',
        ...more,
      })
      const { changes } = await recordFindings(store.db, {
        findings: [{ finding, rarity: 5, state: 'shown' }],
        surroundings: noSurroundings,
        nowMs: atMs,
      })
      for (const change of changes) bus.publish(change)
    },
  }
  try {
    await use(place)
  } finally {
    for (const notify of started) await notify.close()
    server.closeAllConnections()
    server.close()
  }
}

const addChannel = (
  { store, url, now }: Place,
  settings: Readonly<Record<string, string | number | boolean>> = {},
) =>
  createChannel(
    store.db,
    {
      name: 'hook',
      kind: 'webhook',
      enabled: true,
      leastRisk: 0,
      settings: { url, allowLocal: true, ...settings },
      secrets: {},
    },
    now(),
  )

const settle = 11_000

onBoth('notifications', (store) => {
  it('tell of an incident when it opens, once, over restarts too', () =>
    inPlace(store(), async (place) => {
      await addChannel(place)
      const first = place.start()
      await place.find({ rank: 1 })
      await first.settled()
      expect(place.sent).toEqual([])
      await first.close()
      place.pass(settle)
      const second = place.start()
      await second.settled()
      expect(place.sent).toMatchObject([
        {
          incidents: [
            {
              change: 'opened',
              number: 1,
              url: expect.stringMatching(/^https:\/\/winnow\.example\.com\/incidents\/./),
            },
          ],
        },
      ])
      await place.find({ rank: 1, until: 11 })
      place.pass(5 * minuteMs)
      await second.settled()
      await second.close()
      const third = place.start()
      place.pass(5 * minuteMs)
      await third.settled()
      expect(place.sent).toHaveLength(1)
      expect(JSON.stringify(place.sent)).not.toContain('lines')
      expect((await listChannels(place.store.db))[0]).toMatchObject({ lastError: null })
    }))

  it('tell what happened while nobody was there to write it down', () =>
    inPlace(store(), async (place) => {
      await addChannel(place)
      await place.find({ rank: 1 })
      const notify = place.start()
      await notify.settled()
      place.pass(settle)
      await notify.settled()
      expect(place.sent.map(({ incidents }) => incidents.length)).toEqual([1])
    }))

  it('tell what comes within a minute as one message, and later what got worse or opened again', () =>
    inPlace(store(), async (place) => {
      await addChannel(place)
      const notify = place.start()
      for (const rank of [1, 2, 3]) await place.find({ rank, severity: 'medium' })
      await notify.settled()
      place.pass(settle)
      await notify.settled()
      expect(place.sent.map(({ incidents }) => incidents.length)).toEqual([3])
      await place.find({ rank: 4 })
      place.pass(settle)
      await notify.settled()
      expect(place.sent).toHaveLength(1)
      place.pass(minuteMs)
      await notify.settled()
      expect(place.sent[1]?.incidents.map(({ number }) => number)).toEqual([4])
      await place.find({ rank: 1, severity: 'critical', until: 10.5 })
      await notify.settled()
      place.pass(2 * minuteMs)
      await notify.settled()
      expect(place.sent[2]?.incidents).toMatchObject([{ number: 1, change: 'risen', severity: 'critical' }])
      const { incidents } = await listIncidents(place.store.db, { sort: 'opened' })
      const id = incidents.find(({ number }) => number === 4)?.id ?? ''
      const closed = await changeIncident(
        place.store.db,
        id,
        { state: 'closed', reason: 'threat' },
        { id: 'u', name: 'Ann' },
        place.now(),
      )
      for (const event of closed.events) place.bus.publish(event)
      place.pass(hourMs)
      await place.find({ rank: 4, severity: 'critical', until: 11 })
      await notify.settled()
      place.pass(2 * minuteMs)
      await notify.settled()
      expect(place.sent[3]?.incidents).toMatchObject([{ number: 4, change: 'reopened' }])
      expect(place.sent).toHaveLength(4)
    }))

  it('keep below what a channel wants to hear, in risk and in messages an hour', () =>
    inPlace(store(), async (place) => {
      const { id } = await addChannel(place, { perHour: 2 })
      const notify = place.start()
      for (let i = 1; i <= 40; i++) {
        await place.find({ rank: i, at: i })
        await notify.settled()
        place.pass(3 * minuteMs)
        await notify.settled()
      }
      // In two hours: what was held back is told together.
      expect(place.sent.map(({ incidents, heldBack }) => [incidents.length, heldBack])).toEqual([
        [1, false],
        [20, true],
      ])
      const { length } = place.sent
      await changeChannel(place.store.db, id, { leastRisk: 100 })
      place.pass(3 * hourMs)
      await notify.settled()
      await place.find({ rank: 50, at: 50 })
      await notify.settled()
      place.pass(hourMs)
      await notify.settled()
      expect(place.sent).toHaveLength(length + 1)
      const numbers = place.sent.flatMap(({ incidents }) => incidents.map(({ number }) => number))
      expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
    }))

  it('are tried again with growing delays, told as an error, and given up', () =>
    inPlace(store(), async (place) => {
      await addChannel(place)
      place.answer = refuse
      const notify = place.start()
      await place.find({ rank: 1 })
      const errors: (string | null)[] = []
      for (const minutes of [1, 1, 5, 15, 60, 180, 360, 1000]) {
        await notify.settled()
        place.pass(minutes * minuteMs)
        await notify.settled()
        errors.push((await listChannels(place.store.db))[0]?.lastError ?? null)
      }
      expect(place.sent).toHaveLength(7)
      // The same message, so that whoever got it twice can tell.
      expect(new Set(place.sent.map(({ id }) => id)).size).toBe(1)
      expect(errors[0]).toBe('it answered 503')
      expect(errors.at(-1)).toBe('given up after 7 tries: it answered 503')
      expect(place.logged).toContain('messages given up')
    }))

  it('go out together when what was wrong is mended', () =>
    inPlace(store(), async (place) => {
      const { id } = await addChannel(place)
      place.answer = refuse
      const notify = place.start()
      await place.find({ rank: 1 })
      for (let i = 0; i < 4; i++) {
        await notify.settled()
        place.pass(20 * minuteMs)
      }
      await place.find({ rank: 2, at: 40 })
      await notify.settled()
      expect(await notify.test(id)).toEqual({ error: 'it answered 503' })
      place.answer = accept
      const { length } = place.sent
      expect(await notify.test(id)).toEqual({ error: null })
      await notify.settled()
      expect(place.sent.slice(length).map(({ kind, incidents }) => [kind, incidents.length])).toEqual([
        ['test', 0],
        ['incidents', 2],
      ])
      expect((await listChannels(place.store.db))[0]).toMatchObject({ lastError: null })
      expect(await notify.test('nobody')).toEqual({ error: 'there is no such channel' })
    }))

  it('are written by every server and sent by the one that leads, once', () =>
    inPlace(store(), async (place) => {
      await addChannel(place)
      const follower = place.start(() => false)
      const leader = place.start()
      // Both hear of the same incident.
      await place.find({ rank: 1 })
      await Promise.all([follower.settled(), leader.settled()])
      place.pass(settle)
      await follower.settled()
      expect(place.sent).toEqual([])
      await Promise.all([follower.settled(), leader.settled()])
      await leader.settled()
      expect(place.sent.map(({ incidents }) => incidents.length)).toEqual([1])
    }))

  it('reach others while one channel hangs, and wait for it no longer than they must', () =>
    inPlace(store(), async (place) => {
      const hung = await addChannel(place, { url: `${place.url}hung` })
      await addChannel(place)
      place.answer = (request, response) => void (request.url === '/hung' ? undefined : response.end())
      const notify = place.start()
      await place.find({ rank: 1 })
      // `settled` would wait for the one that hangs.
      const look = async (sent: number): Promise<void> => {
        for (let i = 0; i < 400 && (i < 10 || place.sent.length < sent); i++) {
          void notify.settled()
          await new Promise((resolve) => setTimeout(resolve, 25))
        }
      }
      await look(0)
      place.pass(settle)
      await look(2)
      expect(place.sent).toHaveLength(2)
      await place.find({ rank: 2, at: 40 })
      await look(0)
      place.pass(2 * minuteMs)
      await look(3)
      expect(place.sent.map(({ incidents }) => incidents.map(({ number }) => number))).toEqual([
        [1],
        [1],
        [2],
      ])
      await notify.close()
      // Whoever comes next sends what was under way.
      place.answer = accept
      place.pass(5 * minuteMs)
      const next = place.start()
      await next.settled()
      expect(place.sent).toHaveLength(4)
      expect(place.sent[3]?.id).toContain(hung.id)
      expect(place.sent[3]?.incidents).toHaveLength(2)
      const channels = await listChannels(place.store.db)
      expect(channels.map(({ lastError }) => lastError)).toEqual([null, null])
    }))

  it('hold lines of logs only where the channel is set to have them', () =>
    inPlace(store(), async (place) => {
      await addChannel(place, { includeLines: true })
      const notify = place.start()
      const finding = makeFinding({ rank: 1, entity: { source_ip: '192.0.2.1' } })
      const line = `sshd[1]: Failed password for root ${'x'.repeat(1000)}`
      const { changes } = await recordFindings(place.store.db, {
        findings: [
          {
            finding: { ...finding, evidence: { filter: '', lines: [line], places: [] } },
            rarity: 5,
            state: 'shown',
          },
        ],
        surroundings: noSurroundings,
        nowMs: place.now(),
      })
      for (const change of changes) place.bus.publish(change)
      await notify.settled()
      place.pass(settle)
      await notify.settled()
      const [one] = place.sent[0]?.incidents ?? []
      expect(one?.lines?.[0]).toMatch(/^sshd\[1\]: Failed password for root x+…$/)
      expect(one?.lines?.[0]).toHaveLength(400)
    }))

  it('wait for a channel that is off, or whose settings cannot be read', () =>
    inPlace(store(), async (place) => {
      const { id } = await addChannel(place)
      const notify = place.start()
      await place.find({ rank: 1 })
      await notify.settled()
      await changeChannel(place.store.db, id, { enabled: false })
      place.pass(settle)
      await notify.settled()
      expect(place.sent).toEqual([])
      await changeChannel(place.store.db, id, { enabled: true, settings: { url: 'ftp://example.com' } })
      place.pass(hourMs)
      await notify.settled()
      expect((await listChannels(place.store.db))[0]?.lastError).toContain('url')
      await changeChannel(place.store.db, id, { settings: { url: place.url } })
      place.pass(hourMs)
      await notify.settled()
      expect(place.sent).toHaveLength(1)
    }))
})
