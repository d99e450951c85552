import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as fc from 'fast-check'
import { getDomain } from 'tldts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { suffixRules } from '../../src/domains/public-suffixes.ts'
import { registeredDomainSql } from '../../src/domains/registered-domain.ts'
import { openEmbedded } from '../../src/engine/embedded.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { raw, sql } from '../../src/sql/sql.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'winnow-domains-'))
let engine: Engine
beforeAll(() => {
  engine = openEmbedded({ path: folder, sessions: 1, temporary: true })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const bySql = async (names: readonly string[]): Promise<string[]> => {
  const rows = await engine.rows<{ domain: string }>(
    sql`SELECT ${registeredDomainSql(raw('name'))} AS domain FROM (SELECT arrayJoin(${names}) AS name)`,
  )
  return rows.map(({ domain }) => domain)
}

const byLibrary = (names: readonly string[]): string[] =>
  names.map((name) => getDomain(name, { allowPrivateDomains: true }) ?? '')

const { exact, wildcard, exception } = suffixRules()

describe('the registered domain of a name', () => {
  test.for([
    ['www.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['com', ''],
    ['a.b.example.co.uk', 'example.co.uk'],
    ['co.uk', ''],
    ['alice.github.io', 'alice.github.io'],
    ['www.alice.github.io', 'alice.github.io'],
    // *.ck is a rule, and www.ck its exception.
    ['a.b.ck', 'a.b.ck'],
    ['b.ck', ''],
    ['a.www.ck', 'www.ck'],
    ['printer', ''],
    ['printer.lan', 'printer.lan'],
    ['a.printer.lan', 'printer.lan'],
    ['192.0.2.7', ''],
    ['2001:db8::7', ''],
    ['', ''],
  ])('of %s is "%s"', async ([name = '', domain = '']) => {
    expect(await bySql([name])).toEqual([domain])
  })

  test('is what the library says, below, at and above every rule of the list', async () => {
    expect(exact.length).toBeGreaterThan(8000)
    expect(wildcard.length).toBeGreaterThan(10)
    expect(exception.length).toBeGreaterThan(3)
    const under = (name: string): string[] => [name, `x.${name}`, `y.x.${name}`, `z.y.x.${name}`]
    const names = [...exact.filter((_, i) => i % 7 === 0), ...wildcard, ...exception].flatMap(under)
    expect(await bySql(names)).toEqual(byLibrary(names))
  })

  test('is what the library says of any name made of labels and suffixes', async () => {
    const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,8}[a-z0-9])?$/)
    const suffix = fc.constantFrom(...exact, ...wildcard, ...exception, 'lan', 'corp')
    const name = fc
      .tuple(fc.array(label, { maxLength: 3 }), suffix)
      .map(([labels, end]) => [...labels, end].join('.'))
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 300, maxLength: 300 }), async (names) => {
        expect(await bySql(names)).toEqual(byLibrary(names))
      }),
      { numRuns: 5, seed: 11, endOnFailure: true },
    )
  })
})
