import { describe, expect, it } from 'vitest'
import { parsePeers } from '../../src/detect/peer-file.ts'

describe('a file of peers', () => {
  it('is a line for each entity, with titles, comments and quotes as people write them', () => {
    const text =
      '\ufeffentity,group\r\n# people\nAlice,finance\n"EXAMPLE\\bob" ; "sales, north"\n192.0.2.7\tservers\n\nalice,finance\n'
    expect([...parsePeers(text, 'peers.csv').groups]).toEqual([
      ['alice', 'finance'],
      ['example\\bob', 'sales, north'],
      ['192.0.2.7', 'servers'],
    ])
  })

  it.each([
    ['alice', 'line 1: expected "entity,group"'],
    ['alice,finance\nbob', 'line 2: expected "entity,group"'],
    ['alice,finance,berlin', 'line 1: expected "entity,group"'],
    ['alice,', 'line 1: alice has no group'],
    [',finance', 'line 1: there is no entity before the comma'],
    ['alice,finance\nAlice,sales', 'line 2: Alice is in finance already'],
    ['entity,group\n', 'it names nobody'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(() => parsePeers(text, 'peers.csv')).toThrow(`invalid file for --peers, peers.csv: ${problem}`)
  })
})
