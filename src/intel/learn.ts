/**
 * What the outside knows of the few that matter: the outside ends of the findings that are shown. Never of every line.
 *
 * @module
 */
import { BlockList, isIPv4 } from 'node:net'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Finding, Knowledge, ListSummary } from '../report/report.ts'
import { id, sql } from '../sql/sql.ts'
import { openCache } from './cache.ts'
import { bundledCountries } from './countries.ts'
import { knownDestinations } from '../features/known-destinations.ts'
import { fillKnownDestinations, openList, type ListFile } from './lists.ts'
import {
  defaultLookUps,
  lookUp,
  lookUpKinds,
  type Answer,
  type LookUpKind,
  type LookUpSettings,
} from './look-up.ts'
import { networksOf, openNetworks, type NetworkFile } from './networks.ts'
import { fillKnownPlaces, openPlaces, type Places } from './places.ts'
import { isPublicAddress, registeredName } from './public.ts'
import { subjectsOf, type Subject } from './subjects.ts'
import { groupNetworks, privateNetworks } from '../addresses/networks.ts'
import { domainParts } from '../domains/public-suffixes.ts'
import { answerWords, countryWords } from './words.ts'

/** What may be learned from elsewhere than the logs. Nothing needs to be given; nobody is asked unless `lookUps` says so. */
export interface OutsideRequest {
  /** Files of domain categories: a value a line, CSV (value, category, note), or the hosts format. */
  readonly categories?: readonly string[]
  /** Files of known bad domains, addresses and networks, in the same forms. */
  readonly reputation?: readonly string[]
  /** A file that says which network (autonomous system) addresses belong to. */
  readonly networks?: string
  /**
   * Databases in MaxMind's format (`.mmdb`) that say where addresses are: of cities, of countries, of networks. Without one,
   * only the country of an address is known.
   */
  readonly geoip?: readonly string[]
  /**
   * What to ask servers outside about the destinations of findings: all, or some. Default: nothing, because whoever runs
   * those servers, the adversary perhaps, learns of the interest.
   */
  readonly lookUps?: boolean | readonly LookUpKind[]
  /** How look-ups are made. */
  readonly lookUpSettings?: Partial<Omit<LookUpSettings, 'kinds'>>
  /** Networks of one's own beside the private ones, in CIDR notation: nothing is to be learned of them. */
  readonly ownNetworks?: readonly string[]
}

/** Files that were looked at, ready to be read. */
export interface Opened {
  readonly lists: readonly ListFile[]
  readonly networks: NetworkFile | null
  readonly places: Places | null
}

/**
 * Looks at the user's files, before long work begins.
 *
 * @throws AppError `invalid-list`
 */
export const openOutside = async (request: OutsideRequest): Promise<Opened> => {
  const lists: ListFile[] = []
  for (const kind of ['categories', 'reputation'] as const) {
    for (const file of request[kind] ?? []) lists.push(await openList(kind, file))
  }
  return {
    lists,
    networks: request.networks === undefined ? null : await openNetworks(request.networks),
    places: await openPlaces(request.geoip ?? []),
  }
}

/** {@link fillKnownDestinations} and {@link fillKnownPlaces}, for what was opened. To be called before detectors run. */
export const fillKnown = async (
  engine: Engine,
  opened: Opened,
  options: QueryOptions = {},
): Promise<ListSummary[]> => {
  await fillKnownPlaces(engine, opened.places, options)
  return fillKnownDestinations(engine, opened.lists, options)
}

/** Reserved space is nobody's outside either. */
const insideNetworks = [...privateNetworks, ...groupNetworks, '240.0.0.0/4']

/** Whether an address is inside: private, this machine's own, of a group, or of one of the networks. */
const insideTest = (ownNetworks: readonly string[]): ((address: string) => boolean) => {
  const block = new BlockList()
  for (const network of [...insideNetworks, ...ownNetworks]) {
    const [address = '', bits] = network.split('/')
    const v4 = isIPv4(address)
    block.addSubnet(address, Number(bits ?? (v4 ? 32 : 128)), v4 ? 'ipv4' : 'ipv6')
  }
  return (address) => block.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

/** What the user's files say, by value. */
const listed = async (
  engine: Engine,
  opened: Opened,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<(subject: Subject) => readonly Omit<Knowledge, 'about'>[]> => {
  if (opened.lists.length === 0 || subjects.length === 0) return () => []
  interface Row {
    readonly value: string
    readonly categorised: number
    readonly category: string
    readonly listed: number
    readonly listed_as: string
  }
  const names = subjects.map(({ value }) => value)
  const rows = await engine.rows<Row>(
    sql`SELECT value, categorised, category, listed, listed_as FROM ${id(knownDestinations.name)} WHERE value IN ${names}`,
    options,
  )
  const byValue = new Map(rows.map((row) => [row.value, row]))
  const hasCategories = opened.lists.some(({ kind }) => kind === 'categories')
  return ({ value, kind, destination }) => {
    const row = byValue.get(value)
    const bad =
      row === undefined || row.listed === 0
        ? []
        : [{ source: 'reputation', label: 'listed as', value: row.listed_as }]
    const category =
      row?.categorised === 1
        ? row.category
        : kind === 'name' && destination && registeredName(value) !== null
          ? 'uncategorised'
          : ''
    return hasCategories && category !== ''
      ? [...bad, { source: 'category', label: 'category', value: category }]
      : bad
  }
}

/** A name below a suffix at which a company gives names away says nothing of that company. */
const givenName = (name: string): Omit<Knowledge, 'about'>[] => {
  const { registered, suffix, isPrivate } = domainParts(name)
  return isPrivate && registered !== null && suffix !== null
    ? [{ source: 'suffix', label: 'suffix', value: `${suffix}, below which anybody gets a name` }]
    : []
}

const settingsOf = (request: OutsideRequest): LookUpSettings | null => {
  const { lookUps = false } = request
  const kinds = lookUps === true ? lookUpKinds : lookUps === false ? [] : lookUps
  return kinds.length === 0 ? null : { ...defaultLookUps, ...request.lookUpSettings, kinds }
}

const answersFor = async (
  subjects: readonly Subject[],
  request: OutsideRequest,
  place: { readonly data?: string },
  options: QueryOptions,
): Promise<ReadonlyMap<string, readonly Answer[]>> => {
  const settings = settingsOf(request)
  if (settings === null) return new Map()
  const cache = await openCache(place.data)
  const answers = await lookUp(subjects, settings, cache, options.signal)
  await cache.save()
  return answers
}

/**
 * The findings with what is known of their outside ends: from the user's files and from the table of countries always,
 * from look-ups if the request says so.
 *
 * @param place where answers are kept for the next hunt
 * @throws AppError `cancelled`, and what the engine throws; never because of an answer from outside
 */
export const withKnowledge = async (
  engine: Engine,
  findings: readonly Finding[],
  request: OutsideRequest,
  opened: Opened,
  place: { readonly data?: string },
  options: QueryOptions = {},
): Promise<Finding[]> => {
  const isInside = insideTest(request.ownNetworks ?? [])
  const of = findings.map((finding) =>
    subjectsOf(finding, ({ kind, value }) => kind === 'name' || !isInside(value)),
  )
  const subjects = [...new Map(of.flat().map((subject) => [subject.value, subject])).values()]
  const addresses = subjects.filter(({ kind }) => kind === 'address').map(({ value }) => value)
  const [listWords, answers, networks, countries] = await Promise.all([
    listed(engine, opened, subjects, options),
    answersFor(of.flat(), request, place, options),
    opened.networks === null
      ? new Map<string, string>()
      : networksOf(engine, opened.networks, addresses, options),
    addresses.some(isPublicAddress) ? bundledCountries() : null,
  ])
  return findings.map((finding, i) => {
    const knowledge = (of[i] ?? []).flatMap((subject): Knowledge[] => {
      const learned = (answers.get(subject.value) ?? []).flatMap((answer) =>
        answerWords(answer, subject.value, finding.first),
      )
      const country = subject.kind === 'address' ? (countries?.of(subject.value) ?? null) : null
      const network = networks.get(subject.value)
      return [
        ...listWords(subject),
        ...(subject.kind === 'name' ? givenName(subject.value) : []),
        ...learned,
        ...(country === null ? [] : [{ source: 'country', label: 'country', value: countryWords(country) }]),
        ...(network === undefined ? [] : [{ source: 'network', label: 'network', value: network }]),
      ].map((fact) => ({ about: subject.about, ...fact }))
    })
    return { ...finding, knowledge }
  })
}
