/**
 * Where logins come from: a GeoIP database that the user names, else the table of countries that comes with Winnow.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { gunzipSync } from 'node:zlib'
import { Reader } from 'mmdb-lib'
import { plainAddressSql } from '../addresses/address.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { loadMade } from '../engine/load-made.ts'
import { AppError, messageOf } from '../errors.ts'
import { knownPlaces } from '../features/known-places.ts'
import { id, join, sql } from '../sql/sql.ts'
import { bundledCountries } from './countries.ts'
import { isPublicAddress } from './public.ts'

/** What a database says of an address. */
interface PlaceFacts {
  /** ISO 3166; empty where it is not known. */
  readonly country: string
  /** Both 0 where they are not known. */
  readonly latitude: number
  readonly longitude: number
  /** The number of the autonomous system; 0 where it is not known. */
  readonly provider: number
}

export interface Places {
  /** Null for an address that is not in the database. */
  readonly of: (address: string) => PlaceFacts | null
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** A number within bounds, or 0. */
const numberIn = (value: unknown, least: number, most: number): number =>
  typeof value === 'number' && value >= least && value <= most ? value : 0

const countryOf = (value: unknown): string =>
  typeof value === 'string' && /^[A-Z]{2}$/.test(value) ? value : ''

/** GeoIP2 and GeoLite2 nest what they say; databases of others keep it flat (`country_code`, `latitude`). */
const factsOf = (entry: unknown): PlaceFacts | null => {
  if (!isObject(entry)) return null
  const inside = (name: string): Readonly<Record<string, unknown>> => {
    const value = entry[name]
    return isObject(value) ? value : {}
  }
  const location = { ...entry, ...inside('location') }
  return {
    country: countryOf(
      inside('country').iso_code ?? inside('registered_country').iso_code ?? entry.country_code,
    ),
    latitude: numberIn(location.latitude, -90, 90),
    longitude: numberIn(location.longitude, -180, 180),
    provider: numberIn(entry.autonomous_system_number, 0, 2 ** 32),
  }
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

const nothing: PlaceFacts = { country: '', latitude: 0, longitude: 0, provider: 0 }

const unreadable = (file: string, problem: string, error: unknown): AppError =>
  new AppError(
    'invalid-list',
    { kind: 'geoip', path: file, problem: `${problem}: ${messageOf(error)}` },
    error,
  )

/**
 * Reads a database in MaxMind's format (`.mmdb`, or packed with gzip): of cities, countries or networks.
 *
 * @throws AppError `invalid-list` where it cannot be read or is something else
 */
const openDatabase = async (file: string): Promise<Places> => {
  try {
    const bytes = await readFile(file)
    const reader = new Reader<never>(isGzip(bytes) ? gunzipSync(bytes) : bytes)
    // A damaged file shows when something is looked up in it.
    reader.get('192.0.2.1')
    const hasV6 = reader.metadata.ipVersion === 6
    return {
      of: (address) => {
        if (!hasV6 && address.includes(':')) return null
        try {
          return factsOf(reader.get(address))
        } catch (error) {
          throw unreadable(file, 'it is damaged', error)
        }
      },
    }
  } catch (error) {
    throw unreadable(file, "it is no database in MaxMind's format", error)
  }
}

/**
 * Several databases as one: cities in one file and networks in another. Of two that know the same, the first counts.
 *
 * @throws AppError `invalid-list`
 */
export const openPlaces = async (files: readonly string[]): Promise<Places | null> => {
  if (files.length === 0) return null
  const databases: Places[] = []
  for (const file of files) databases.push(await openDatabase(file))
  return {
    of: (address) =>
      databases.reduce<PlaceFacts | null>((known, database) => {
        const more = database.of(address)
        if (known === null || more === null) return known ?? more
        const located = known.latitude !== 0 || known.longitude !== 0
        return {
          country: known.country === '' ? more.country : known.country,
          provider: known.provider === 0 ? more.provider : known.provider,
          latitude: located ? known.latitude : more.latitude,
          longitude: located ? known.longitude : more.longitude,
        }
      }, null),
  }
}

/** What is known of each address: from the database where one is given, else the country alone. */
const lookedUp = async (
  addresses: readonly string[],
  places: Places | null,
): Promise<(address: string) => PlaceFacts> => {
  if (places !== null) return (address) => places.of(address) ?? nothing
  if (!addresses.some(isPublicAddress)) return () => nothing
  const countries = await bundledCountries()
  return (address) => ({ ...nothing, country: countries.of(address) ?? '' })
}

/** Addresses are looked up so many at a time. */
const addressesAtOnce = 50_000

/** A line for each address: as stored, country, latitude, longitude and provider, with blanks between. */
async function* factLines(
  engine: Engine,
  places: Places | null,
  options: QueryOptions,
): AsyncGenerator<string> {
  const sources = sql`SELECT source_ip FROM events WHERE category = 'auth' AND source_ip != toIPv6('::') GROUP BY source_ip`
  const [counted] = await engine.rows<{ addresses: number }>(
    sql`SELECT count() AS addresses FROM (${sources})`,
    options,
  )
  const rounds = Math.ceil((counted?.addresses ?? 0) / addressesAtOnce)
  for (let round = 0; round < rounds; round++) {
    const rows = await engine.rows<{ stored: string; address: string }>(
      sql`SELECT toString(source_ip) AS stored, ${plainAddressSql(sql`source_ip`)} AS address FROM (${sources}) WHERE cityHash64(source_ip) % ${rounds} = ${round}`,
      options,
    )
    const factsFor = await lookedUp(
      rows.map(({ address }) => address),
      places,
    )
    yield* rows.map(({ stored, address }) => {
      const { country, latitude, longitude, provider } = factsFor(address)
      return `${stored} ${country} ${latitude} ${longitude} ${provider}`
    })
  }
}

/**
 * Makes {@link knownPlaces} for the events that are loaded. To be called before detectors run, without a database too: the
 * table is there then, with networks and countries. {@link dropKnownPlaces} removes it.
 */
export const fillKnownPlaces = async (
  engine: Engine,
  places: Places | null,
  options: QueryOptions = {},
): Promise<void> => {
  await engine.dropTable(knownPlaces)
  await engine.createTable(knownPlaces)
  const names = join(knownPlaces.columns.map(({ name }) => id(name)))
  await loadMade(
    engine,
    factLines(engine, places, options),
    {
      into: sql`INSERT INTO ${id(knownPlaces.name)} (${names})`,
      select: (lines) => {
        const v4 = sql`startsWith(cells[1], '::ffff:')`
        const start = sql`toString(tupleElement(IPv6CIDRToRange(parsed, toUInt8(if(${v4}, 120, 48))), 1))`
        const site = sql`if(${v4}, concat(substring(${start}, 8), '/24'), concat(${start}, '/48'))`
        const provider = sql`if(cells[5] = '0', '', concat('AS', cells[5]))`
        return sql`SELECT parsed AS address, ${site} AS site, ${provider} AS provider, cells[2] AS country, toFloat64OrZero(cells[3]) AS latitude, toFloat64OrZero(cells[4]) AS longitude FROM (SELECT cells, toIPv6OrDefault(cells[1]) AS parsed FROM (SELECT splitByChar(' ', line) AS cells FROM ${lines}))`
      },
    },
    options,
  )
}

export const dropKnownPlaces = (engine: Engine): Promise<void> => engine.dropTable(knownPlaces)
