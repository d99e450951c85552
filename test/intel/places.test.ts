import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { dropKnownPlaces, fillKnownPlaces, openPlaces } from '../../src/intel/places.ts'
import { sql } from '../../src/sql/sql.ts'
import { insertEvents, openTestEngine, type TestEvent } from '../features/insert-events.ts'
import { writeMmdb } from './mmdb-writer.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'winnow-places-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const written = (name: string, bytes: Buffer): string => {
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  return file
}

const vienna = { latitude: { double: 48.21 }, longitude: { double: 16.37 }, accuracy_radius: 20 }
const cities = written(
  'cities.mmdb',
  writeMmdb({
    '203.0.113.0/25': { country: { iso_code: 'AT' }, location: vienna },
    '2001:db8:1::/48': { registered_country: { iso_code: 'NG' } },
  }),
)
const networks = written(
  'networks.mmdb.gz',
  gzipSync(
    writeMmdb({
      '203.0.113.0/24': { autonomous_system_number: 64_496 },
      '198.51.100.0/24': {
        country_code: 'BR',
        latitude: { double: -23.55 },
        longitude: { double: -46.63 },
      },
    }),
  ),
)

describe('a GeoIP database', () => {
  it('says where addresses are, in the words of GeoIP2', async () => {
    const places = await openPlaces([cities])
    expect(places?.of('203.0.113.7')).toEqual({
      country: 'AT',
      latitude: 48.21,
      longitude: 16.37,
      provider: 0,
    })
    expect(places?.of('2001:db8:1::9')).toMatchObject({ country: 'NG', latitude: 0, longitude: 0 })
    expect(places?.of('203.0.113.200')).toBeNull()
    expect(places?.of('2001:db8:2::9')).toBeNull()
  })

  it('may be several files, packed or not, of which each adds what the others do not know', async () => {
    const places = await openPlaces([cities, networks])
    expect(places?.of('203.0.113.7')).toEqual({
      country: 'AT',
      latitude: 48.21,
      longitude: 16.37,
      provider: 64_496,
    })
    expect(places?.of('198.51.100.1')).toEqual({
      country: 'BR',
      latitude: -23.55,
      longitude: -46.63,
      provider: 0,
    })
  })

  it.each([
    ['is missing', path.join(folder, 'none.mmdb')],
    ['is a text', written('text.mmdb', Buffer.from('192.0.2.0/24,AT\n'))],
    ['is empty', written('empty.mmdb', Buffer.alloc(0))],
    [
      'is cut short',
      written('cut.mmdb', writeMmdb({ '203.0.113.0/24': { country_code: 'AT' } }).subarray(0, 90)),
    ],
    ['is a damaged archive', written('cut.mmdb.gz', gzipSync(Buffer.alloc(5000, 7)).subarray(0, 20))],
  ])('that %s is named in the error', async (_, file) => {
    await expect(openPlaces([file])).rejects.toMatchObject({ code: 'invalid-list', facts: { path: file } })
  })

  it('is not needed', async () => {
    expect(await openPlaces([])).toBeNull()
  })
})

describe('the table of places', () => {
  let engine: Engine
  let close: () => Promise<void>
  const login = (at: number, source: string): TestEvent => ({
    at,
    category: 'auth',
    event_action: 'login',
    source_ip: source,
  })

  beforeAll(async () => {
    const test = await openTestEngine()
    engine = test.engine
    close = test.close
    await insertEvents(engine, [
      login(1, '203.0.113.7'),
      login(2, '203.0.113.7'),
      login(3, '2001:db8:1:2::3'),
      login(4, '198.51.100.200'),
      login(5, '193.0.6.139'),
      { at: 6, category: 'web', source_ip: '198.51.100.9' },
    ])
  })
  afterAll(() => close())

  const rows = () =>
    engine.rows<Record<string, unknown>>(
      sql`SELECT toString(address) AS address, site, provider, country, latitude, longitude FROM known_places ORDER BY site`,
    )

  it('has a row for each source of logins, and for no other', async () => {
    await fillKnownPlaces(engine, await openPlaces([cities, networks]))
    expect(await rows()).toEqual([
      {
        address: '::ffff:193.0.6.139',
        site: '193.0.6.0/24',
        provider: '',
        country: '',
        latitude: 0,
        longitude: 0,
      },
      {
        address: '::ffff:198.51.100.200',
        site: '198.51.100.0/24',
        provider: '',
        country: 'BR',
        latitude: -23.55,
        longitude: -46.63,
      },
      {
        address: '2001:db8:1:2::3',
        site: '2001:db8:1::/48',
        provider: '',
        country: 'NG',
        latitude: 0,
        longitude: 0,
      },
      {
        address: '::ffff:203.0.113.7',
        site: '203.0.113.0/24',
        provider: 'AS64496',
        country: 'AT',
        latitude: 48.21,
        longitude: 16.37,
      },
    ])
  })

  it('knows countries without a database', async () => {
    await fillKnownPlaces(engine, null)
    const known = await rows()
    expect(known.find(({ site }) => site === '193.0.6.0/24')).toMatchObject({ country: 'NL', latitude: 0 })
    expect(known.find(({ site }) => site === '203.0.113.0/24')).toMatchObject({ country: '' })
  })

  it('is gone afterwards', async () => {
    await dropKnownPlaces(engine)
    await expect(rows()).rejects.toMatchObject({ code: 'engine-failed' })
  })
})
