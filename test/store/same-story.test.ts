/** The same situation never opens twice, in whatever order and pieces it is told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getFinding, listFindings, recordFindings, type LiveFinding } from '../../src/store/findings.ts'
import { getIncident, listIncidents } from '../../src/store/incidents.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { noSurroundings } from '../../src/triage/identity.ts'
import { makeFinding } from '../triage/make-finding.ts'
import { emptyStore, patienceMs } from './on-both.ts'

const nowMs = Date.UTC(2026, 2, 6)

/** What one detector sees of an actor, told in looks that each see a piece of it. */
interface Sight {
  readonly actor: number
  readonly detector: string
  /** Hours, whole: looks overlap or touch within the hour that a finding reaches. */
  readonly looks: readonly { readonly from: number; readonly to: number }[]
}

/** Sights of an actor follow each other within 20 hours: one story, however it is told. */
const actors = fc.array(
  fc.array(fc.record({ gap: fc.constantFrom(0, 14, 18, 20), hours: fc.integer({ min: 0, max: 2 }) }), {
    minLength: 1,
    maxLength: 5,
  }),
  { minLength: 1, maxLength: 3 },
)

const sightsOf = (all: readonly (readonly { gap: number; hours: number }[])[]): Sight[] =>
  all.flatMap((own, actor) => {
    let at = 0
    return own.map(({ gap, hours }, i): Sight => {
      const from = at + gap
      at = from + hours
      const looks = Array.from({ length: hours + 1 }, (_, step) => ({
        from: from + Math.max(0, step - 1),
        to: from + step,
      }))
      return { actor, detector: `d${i}`, looks }
    })
  })

const tell = (sights: readonly Sight[]): LiveFinding[] =>
  sights.flatMap(({ actor, detector, looks }) =>
    looks.map(({ from, to }, i): LiveFinding => {
      const finding = makeFinding({
        rank: 1,
        entity: { source_ip: `192.0.2.${actor + 1}` },
        detector,
        at: from,
        until: to,
      })
      return { finding: { ...finding, id: `${actor}-${detector}-${i}` }, rarity: i, state: 'shown' }
    }),
  )

/** The looks in some order, some of them again, in batches. */
const tellings = actors.chain((all) => {
  const sights = sightsOf(all)
  const told = tell(sights)
  return fc
    .tuple(
      fc.shuffledSubarray(told, { minLength: told.length }),
      fc.subarray(told),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 20, maxLength: 20 }),
    )
    .map(([order, again, sizes]) => {
      const left = [...order, ...again]
      const batches = sizes.map((size) => left.splice(0, size))
      return { sights, batches: [...batches, left].filter((batch) => batch.length > 0) }
    })
})

const record = (store: Store, findings: readonly LiveFinding[], step: number) =>
  recordFindings(store.db, { findings, surroundings: noSurroundings, nowMs: nowMs + step * 60_000 })

describe('a situation', () => {
  let store: Store | undefined
  const open = (): Store => store ?? expect.fail('the store is not open')
  beforeAll(async () => {
    store = await openStore({})
  }, patienceMs)
  afterAll(() => store?.close())

  it(
    'is one incident in the end, whatever the order and the pieces it is told in',
    async () => {
      await fc.assert(
        fc.asyncProperty(tellings, async ({ sights, batches }) => {
          await emptyStore(open())
          const numbers = new Map<string, number>()
          for (const [step, batch] of batches.entries()) {
            await record(open(), batch, step)
            for (const { id, number } of (await listIncidents(open().db, {})).incidents) {
              expect(numbers.get(id) ?? number).toBe(number)
              numbers.set(id, number)
            }
          }
          const { incidents } = await listIncidents(open().db, {})
          expect(incidents.length).toBe(new Set(sights.map(({ actor }) => actor)).size)
          const { findings } = await listFindings(open().db, {})
          expect(findings.length).toBe(sights.length)
          for (const { actor, detector, looks } of sights) {
            const own = findings.filter(
              (one) => one.detector === detector && one.entity.value === `192.0.2.${actor + 1}`,
            )
            expect(own.length).toBe(1)
            expect(Date.parse(own[0]?.first ?? '')).toBe(
              Date.UTC(2026, 2, 2) + (looks[0]?.from ?? 0) * 3_600_000,
            )
            expect(Date.parse(own[0]?.last ?? '')).toBe(
              Date.UTC(2026, 2, 2) + (looks.at(-1)?.to ?? 0) * 3_600_000,
            )
            // Its first id still leads to it.
            expect(await getFinding(open().db, own[0]?.id ?? '')).not.toBeNull()
          }
          const actorsOf = incidents.map(
            ({ id }) =>
              new Set(findings.filter(({ incident }) => incident === id).map(({ entity }) => entity.value))
                .size,
          )
          expect(actorsOf).toEqual(incidents.map(() => 1))
          // Every incident that ever was still leads to one that is.
          for (const id of numbers.keys()) {
            const page = await getIncident(open().db, id)
            const into = page?.mergedInto ?? id
            expect(incidents.map((one) => one.id)).toContain(into)
          }
          await record(open(), batches.flat(), 50)
          const after = await listIncidents(open().db, {})
          expect(after.incidents.map(({ id, number }) => [id, number])).toEqual(
            incidents.map(({ id, number }) => [id, number]),
          )
        }),
        { numRuns: 25 },
      )
    },
    patienceMs,
  )
})

describe('a server that starts again', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'winnow-story-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(
    'goes on with the incidents it had',
    async () => {
      const [sight] = sightsOf([[{ gap: 1, hours: 3 }]])
      const told = tell(sight === undefined ? [] : [sight])
      const before = await openStore({ folder: path.join(folder, 'work') })
      await record(before, told.slice(0, 2), 0)
      const ids = (await listIncidents(before.db, {})).incidents.map(({ id }) => id)
      await before.close()
      const after = await openStore({ folder: path.join(folder, 'work') })
      await record(after, told, 1)
      expect((await listIncidents(after.db, {})).incidents.map(({ id }) => id)).toEqual(ids)
      await after.close()
    },
    patienceMs,
  )
})
