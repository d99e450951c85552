/**
 * Where the sources of logins are, as a small table that features may ask.
 *
 * @module
 */
import type { Table } from '../schema/tables.ts'
import { id, raw, sql, type Sql } from '../sql/sql.ts'

/**
 * One row for each address that anybody logged in from. Made anew for each hunt, before any detector runs, and gone
 * afterwards.
 */
export const knownPlaces: Table = {
  name: 'known_places',
  columns: [
    { name: 'address', type: 'IPv6' },
    /** The network of a site or an access line: 192.0.2.0/24, 2001:db8::/48. */
    { name: 'site', type: 'String' },
    /** The autonomous system, as AS64496; empty where it is not known. */
    { name: 'provider', type: 'String' },
    /** ISO 3166, two capital letters; empty where it is not known. */
    { name: 'country', type: 'String' },
    /** In degrees; both 0 where they are not known. */
    { name: 'latitude', type: 'Float64' },
    { name: 'longitude', type: 'Float64' },
  ],
  orderBy: ['address'],
  shardBy: 'cityHash64(address)',
}

/** What may be asked of the source of an event. */
export interface Place {
  /** The network of a site: a text. */
  readonly site: Sql
  /** The autonomous system where it is known, else the site: a text. */
  readonly network: Sql
  /** Two letters, or empty. */
  readonly country: Sql
  readonly latitude: Sql
  readonly longitude: Sql
}

/** The place of an event that {@link withPlaces} has been joined to: as the log says, else as the table does. */
export const placeOfSource: Place = {
  site: raw('place_site'),
  network: sql`multiIf(source_as_number > 0, concat('AS', toString(source_as_number)), place_provider != '', place_provider, place_site)`,
  country: sql`if(source_geo_country_iso_code != '', toString(source_geo_country_iso_code), place_country)`,
  latitude: sql`if(source_geo_latitude != 0 OR source_geo_longitude != 0, source_geo_latitude, place_latitude)`,
  longitude: sql`if(source_geo_latitude != 0 OR source_geo_longitude != 0, source_geo_longitude, place_longitude)`,
}

/** `FROM events` with the place of each source. */
export const withPlaces: Sql = sql`events GLOBAL ANY LEFT JOIN (SELECT address AS place_address, site AS place_site, provider AS place_provider, country AS place_country, latitude AS place_latitude, longitude AS place_longitude FROM ${id(knownPlaces.name)}) AS places ON source_ip = place_address`
