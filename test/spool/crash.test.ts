import { cp, mkdir, open, readFile, rm, stat, truncate } from 'node:fs/promises'
import path from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { journalPath, journalsIn } from '../../src/spool/journal.ts'
import { withFolder } from '../ingest/place.ts'
import { give, openIn, stream, waitingLines } from './place.ts'

const append = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  lines: fc.array(
    fc.string({ maxLength: 40 }).map((text) => text.replaceAll('\n', ' ')),
    { maxLength: 6 },
  ),
  together: fc.boolean(),
})

/** What a crash may leave behind the last group that is whole. */
const damage = fc.constantFrom('cut', 'zeros', 'flipped')

interface Expected {
  /** The journal's size once it was acknowledged. */
  readonly size: number
  readonly lines: Readonly<Record<string, readonly string[]>>
  readonly positions: Readonly<Record<string, string>>
}

const damageAt = async (file: string, at: number, how: string): Promise<void> => {
  const { size } = await stat(file)
  if (how === 'flipped') {
    const handle = await open(file, 'r+')
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, at)
    byte[0] = (byte[0] ?? 0) ^ 0x55
    await handle.write(byte, 0, 1, at)
    await handle.close()
    return
  }
  const isZero = (await readFile(file)).subarray(at).every((byte) => byte === 0)
  await truncate(file, at)
  // Where there were zeros already (a checksum may end in one), writing them would be no damage.
  if (isZero) return
  // The file's length reached the disk, its contents did not.
  if (how === 'zeros') await truncate(file, size)
}

test('whatever a crash leaves of the last write, all that was acknowledged before is there and nothing else', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(append, { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      damage,
      async (appends, where, how) =>
        withFolder(async (folder) => {
          const place = path.join(folder, 'spool')
          const spool = await openIn(place)
          const states: Expected[] = [{ size: 0, lines: {}, positions: {} }]
          let pending: Promise<void>[] = []
          const lines: Record<string, string[]> = {}
          const positions: Record<string, string> = {}
          for (const [i, one] of appends.entries()) {
            pending.push(give(spool, stream(one.name), one.lines, String(i)))
            if (one.lines.length > 0) (lines[one.name] ??= []).push(...one.lines)
            positions[one.name] = String(i)
            if (one.together && i < appends.length - 1) continue
            await Promise.all(pending)
            pending = []
            const { bytes } = spool.stats()
            states.push({ size: bytes, lines: structuredClone(lines), positions: { ...positions } })
          }
          // As it stands at this moment, unsealed.
          const crashed = path.join(folder, 'crashed')
          await mkdir(crashed)
          await cp(place, crashed, { recursive: true })
          await spool.close()
          const [journal = 0] = await journalsIn(crashed)
          const file = journalPath(crashed, journal)
          const { size } = await stat(file)
          const before = states.at(-2)?.size ?? 0
          const at = Math.min(size - 1, before + Math.floor(where * (size - before)))
          await damageAt(file, at, how)

          const again = await openIn(crashed)
          const found = await waitingLines(again, folder)
          const seen = Object.fromEntries(
            ['a', 'b', 'c'].flatMap((name) => {
              const position = again.position(name)
              return position === null ? [] : [[name, position]]
            }),
          )
          // The last write may have been several groups: each is there as a whole or not at all.
          const least = states.at(-2)
          for (const [name, own] of Object.entries(least?.lines ?? {}))
            expect(found[name]?.slice(0, own.length)).toEqual(own)
          const isOne = appends.every(({ together }) => !together)
          expect(isOne ? found : {}).toEqual(isOne ? least?.lines : {})
          expect(isOne ? seen : {}).toEqual(isOne ? least?.positions : {})
          for (const [name, own] of Object.entries(found))
            expect(lines[name]?.slice(0, own.length)).toEqual(own)
          // It goes on as if nothing had been.
          await give(again, stream('a'), ['after'], 'after')
          await again.close()
          const later = await openIn(crashed)
          expect((await waitingLines(later, folder))['a']).toEqual([...(found['a'] ?? []), 'after'])
          expect(later.position('a')).toBe('after')
          await later.close()
          await rm(crashed, { recursive: true })
        }),
    ),
    {
      numRuns: 60,
      examples: [
        // Only the first bytes of a group reached the disk.
        [
          [
            { name: 'a', lines: [], together: true },
            { name: 'a', lines: [], together: false },
          ],
          0.015,
          'zeros',
        ],
      ],
    },
  ))

test('of what is appended at once, all is there after a crash, or nothing', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(append, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      damage,
      async (requests, where, how) =>
        withFolder(async (folder) => {
          const place = path.join(folder, 'spool')
          const spool = await openIn(place)
          const lines: Record<string, string[]> = {}
          const positions: Record<string, string> = {}
          let before = { size: 0, lines: {}, positions: {} }
          for (const [i, request] of requests.entries()) {
            before = { size: spool.stats().bytes, lines: structuredClone(lines), positions: { ...positions } }
            for (const one of request) {
              if (one.lines.length > 0) (lines[one.name] ??= []).push(...one.lines)
              positions[one.name] = String(i)
            }
            await spool.appendAll(
              request.map((one) => ({
                stream: stream(one.name),
                lines: Buffer.from(one.lines.map((line) => `${line}\n`).join('')),
                count: one.lines.length,
                position: String(i),
              })),
            )
          }
          const crashed = path.join(folder, 'crashed')
          await cp(place, crashed, { recursive: true })
          await spool.close()
          const [journal = 0] = await journalsIn(crashed)
          const file = journalPath(crashed, journal)
          const { size } = await stat(file)
          await damageAt(
            file,
            Math.min(size - 1, before.size + Math.floor(where * (size - before.size))),
            how,
          )
          const again = await openIn(crashed)
          expect(await waitingLines(again, folder)).toEqual(before.lines)
          const found = again.names().map((name) => [name, again.position(name)] as const)
          expect(Object.fromEntries(found)).toEqual(before.positions)
          await again.close()
        }),
    ),
    { numRuns: 60 },
  ))
