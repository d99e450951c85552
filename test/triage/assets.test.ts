import { describe, expect, it } from 'vitest'
import { openAssets, parseAssets } from '../../src/triage/assets.ts'

describe('a file of assets', () => {
  it('gives machines and people a weight, under their names in lower case', () => {
    const text = '\uFEFFentity,weight\n# the crown jewels\nDB1,3\n"198.51.100.7";0.5\n\nalice,2\r\n'
    expect([...parseAssets(text, 'assets.csv')]).toEqual([
      ['db1', 3],
      ['198.51.100.7', 0.5],
      ['alice', 2],
    ])
  })

  it.each([
    ['db1', 'line 1: expected "entity,weight"'],
    ['db1,2\nalice,many', 'line 2: expected'],
    ['db1,0', 'above 0 and up to 10'],
    ['db1,11', 'above 0 and up to 10'],
    ['# nobody', 'it names nothing'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(() => parseAssets(text, 'assets.csv')).toThrow(problem)
  })

  it('says which file cannot be read', async () => {
    await expect(openAssets('/no/such/assets.csv')).rejects.toThrow('--assets, /no/such/assets.csv')
  })
})
