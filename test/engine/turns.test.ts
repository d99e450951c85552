import { expect, test } from 'vitest'
import { takeTurns } from '../../src/engine/turns.ts'
import { refused } from './suite-tables.ts'

test('as many run at once as there are things, the rest in the order they asked', async () => {
  const take = takeTurns(['a', 'b'])
  const begun: string[] = []
  const ends: (() => void)[] = []
  const one = (name: string): Promise<string> =>
    take({}, async (thing) => {
      begun.push(name)
      await new Promise<void>((resolve) => ends.push(resolve))
      return thing
    })
  const all = ['1', '2', '3', '4'].map(one)
  await Promise.resolve()
  expect(begun).toEqual(['1', '2'])
  for (let i = 0; i < 4; i++) {
    ends[i]?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(begun).toEqual(['1', '2', '3', '4'])
  expect((await Promise.all(all)).toSorted()).toEqual(['a', 'a', 'b', 'b'])
})

test('one who fails gives the thing back', async () => {
  const take = takeTurns([1])
  await expect(take({}, () => Promise.reject(new RangeError('no')))).rejects.toThrow('no')
  expect(await take({}, async (thing) => thing)).toBe(1)
})

test('one who stops waiting never gets a thing', async () => {
  const take = takeTurns([1])
  const controller = new AbortController()
  let end: () => void = () => undefined
  const first = take({}, () => new Promise<void>((resolve) => (end = resolve)))
  const second = refused(
    take({ signal: controller.signal }, async () => 'used'),
    'cancelled',
  )
  const third = take({}, async () => 'third')
  controller.abort()
  await second
  end()
  await first
  expect(await third).toBe('third')
  await refused(
    take({ signal: controller.signal }, async () => 'used'),
    'cancelled',
  )
})

test('one who asks for much is not served before others who ask for little', async () => {
  const take = takeTurns([1])
  const begun: string[] = []
  const ask = (asker: string): Promise<void> =>
    take({ asker }, async () => {
      begun.push(asker)
      await new Promise((resolve) => setImmediate(resolve))
    })
  await Promise.all(['a', 'a', 'a', 'a', 'b', 'b', 'c'].map(ask))
  expect(begun).toEqual(['a', 'b', 'c', 'a', 'b', 'a', 'a'])
})
