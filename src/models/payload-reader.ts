/**
 * Reads what requests hold, value by value, learns what of it is ordinary here, and judges the rest.
 *
 * @module
 */
import { kindsOf, type PayloadKind } from './payload-kinds.ts'
import {
  gramBitsIn,
  openPlace,
  payloadBits,
  shapeGrams,
  type GramBits,
  type LearnedPlace,
  type OpenPlace,
  type PayloadBase,
} from './payload-model.ts'
import { decodedText, textShape, withoutEntities } from './payload-text.ts'

/** A text of a request: `part` is 1 for a query, 2 for a path, 3 for a user agent, 4 for a referrer. */
export interface RequestText {
  readonly hash: string
  readonly part: number
  /** Site and path of the page that was asked for. */
  readonly page: string
  readonly text: string
  /** Who sent it, some of them; 0 stands for those that are not learned from. */
  readonly clients: readonly number[]
  readonly requests: number
}

export interface OddText {
  readonly hash: string
  readonly bits: number
  /** What the words in it say it is meant for. */
  readonly kinds: readonly PayloadKind[]
}

export interface PayloadReader {
  readonly read: (text: RequestText) => void
  /** By client that sent odd texts: in how many requests, about. */
  readonly oddRequests: () => ReadonlyMap<number, number>
  /** Names of parameters of which it matters what they ordinarily hold, as in {@link PlainValues}. */
  readonly wanted: () => ReadonlySet<string>
  /** Values of one shape that were too plain to be read one by one. */
  readonly readPlain: (plain: PlainValues) => void
  /** @param suspects clients whose texts say nothing of what is ordinary */
  readonly judge: (suspects: ReadonlySet<number>) => Iterable<OddText>
}

/** Values of a parameter that are but words and numbers, of one shape. */
export interface PlainValues {
  /** In lower case, with its numbers as 0. */
  readonly name: string
  readonly shape: string
  readonly clients: readonly number[]
}

/** One value: a parameter's, or a whole text. */
export interface Value {
  /** Decoded. */
  readonly text: string
  /** The parameter's name, with its numbers as 0; empty where there is none. */
  readonly name: string
}

const plainValue = /^[\w.-]*$/
const plainName = /^[\w.[\]:$-]{1,60}$/

const nameOf = (name: string): string => name.toLowerCase().replaceAll(/\d+/g, '0')

/** The values of a query that could be odd. What has no name that could be one is a value as a whole. */
export const queryValues = (query: string): Value[] => {
  const values: Value[] = []
  for (const piece of withoutEntities(query).split('&')) {
    if (plainValue.test(piece)) continue
    const equals = piece.indexOf('=')
    const name = equals < 0 ? '' : decodedText(piece.slice(0, equals), true)
    if (!plainName.test(name)) {
      values.push({ text: decodedText(piece, true), name: '' })
      continue
    }
    const value = piece.slice(equals + 1)
    // A name may be odd where its value is not: `a[$ne]=1`.
    if (name.includes('[$')) values.push({ text: decodedText(piece, true), name: '' })
    else if (!plainValue.test(value)) values.push({ text: decodedText(value, true), name: nameOf(name) })
  }
  return values
}

/** What is judged of a text, part by part. */
export const valuesOf = ({ part, text }: Pick<RequestText, 'part' | 'text'>): Value[] => {
  if (part === 1) return queryValues(text)
  if (part !== 4) return [{ text: decodedText(text, false), name: '' }]
  const question = text.indexOf('?')
  const page = question < 0 ? text : text.slice(0, question)
  return [
    { text: decodedText(page, false), name: '' },
    ...(question < 0 ? [] : queryValues(text.slice(question + 1))),
  ]
}

/** Pieces of a path that are numbers, codes or coded are the same for all pages of a kind. */
const templateOf = (page: string): string =>
  page
    .split('/', 5)
    .map((piece) => (/[\d%]/.test(piece) || piece.length > 24 ? '*' : piece))
    .join('/')

/** What the built-in base finds less odd than this can be no payload, whatever else is usual in its place. */
const leastBase = 4
/** From here on a text is odd enough to be told of. */
const leastBits = 10
/** What has no word of an attack in it must be odder by so many bits; in a header it is never told of: clients write what they like. */
const unexplained = (part: number): number => (part > 2 ? Number.POSITIVE_INFINITY : 18)
/** By this a client is thought to attack, and teaches nothing for now. */
const suspiciousBits = 15
/** What is usual in its place makes a value odder by at most so many bits than it is by itself. */
const mostAdded = 8
/** With more kinds of values or places the others are judged by what is known of all. */
const mostKinds = 50_000
const mostPlaces = 20_000
const mostWanted = 200
const mostClientsOfKind = 1000

/** Values of one shape in one place. */
interface Kind {
  readonly base: PayloadBase
  readonly shape: string
  /** From the most general to the most special. */
  readonly places: readonly number[]
  readonly baseBits: number
  readonly clients: Set<number>
}

interface Waiting {
  readonly hash: string
  readonly part: number
  readonly values: readonly { readonly kind: Kind; readonly text: string }[]
}

const partNames = ['', 'query', 'path', 'agent', 'referrer']

/** An empty reader. */
export const payloadReader = (): PayloadReader => {
  const kinds = new Map<string, Kind>()
  const placeNumbers = new Map<string, number>()
  const waiting: Waiting[] = []
  const oddRequests = new Map<number, number>()
  const wanted = new Set<string>()

  const placeNumber = (name: string): number[] => {
    const known = placeNumbers.get(name)
    if (known !== undefined) return [known]
    if (placeNumbers.size >= mostPlaces) return []
    placeNumbers.set(name, placeNumbers.size)
    return [placeNumbers.size - 1]
  }
  const placesOf = (part: number, template: string, name: string): number[] => {
    const all = partNames[part] ?? ''
    if (name === '') return placeNumber(all)
    return [all, `${all} ${name}`, `${all} ${template} ${name}`].flatMap(placeNumber)
  }
  const kindOf = (part: number, template: string, { text, name }: Value): Kind => {
    const shape = textShape(text)
    const key = `${part} ${template} ${name} ${shape}`
    const known = kinds.get(key)
    if (known !== undefined) return known
    const base = part === 3 ? 'agents' : 'values'
    const kind: Kind = {
      base,
      shape,
      places: placesOf(part, template, name),
      baseBits: payloadBits(gramBitsIn(base), shapeGrams(shape)),
      clients: new Set(),
    }
    if (kinds.size < mostKinds) kinds.set(key, kind)
    return kind
  }
  const learn = (suspects: ReadonlySet<number>): LearnedPlace[] => {
    const places: OpenPlace[] = Array.from({ length: placeNumbers.size }, () => openPlace())
    for (const { shape, places: where, clients } of kinds.values()) {
      const visitors = [...clients].filter((client) => client !== 0 && !suspects.has(client))
      if (visitors.length === 0) continue
      const grams = shapeGrams(shape)
      for (const place of where) places[place]?.read(grams, visitors)
    }
    return places.map((place) => place.finish())
  }

  return {
    read(row) {
      const template = row.part === 1 ? templateOf(row.page) : ''
      const values = valuesOf(row).map((value) => {
        const kind = kindOf(row.part, template, value)
        for (const client of row.clients) if (kind.clients.size < mostClientsOfKind) kind.clients.add(client)
        return { kind, ...value }
      })
      const odd = values.filter(({ kind }) => kind.baseBits >= leastBase)
      if (odd.length === 0) return
      for (const { name } of row.part === 1 ? odd : [])
        if (wanted.size < mostWanted && name !== '') wanted.add(name)
      waiting.push({ hash: row.hash, part: row.part, values: odd })
      if (!odd.some(({ kind }) => kind.baseBits >= suspiciousBits)) return
      const each = Math.ceil(row.requests / Math.max(1, row.clients.length))
      for (const client of row.clients) oddRequests.set(client, (oddRequests.get(client) ?? 0) + each)
    },
    oddRequests: () => oddRequests,
    wanted: () => wanted,
    readPlain({ name, shape, clients }) {
      const place = placeNumbers.get(`${partNames[1]} ${name}`)
      if (place === undefined) return
      const key = `plain ${name} ${shape}`
      kinds.set(key, { base: 'values', shape, places: [place], baseBits: 0, clients: new Set(clients) })
    },
    *judge(suspects) {
      const learned = learn(suspects)
      const known = new Map<string, GramBits>()
      const judged = new Map<Kind, number>()
      const bitsAt = (base: PayloadBase, places: readonly number[]): GramBits => {
        const key = `${base} ${places.join(' ')}`
        const found = known.get(key)
        if (found !== undefined) return found
        const bits = gramBitsIn(
          base,
          places.map((place) => learned[place] ?? []),
        )
        known.set(key, bits)
        return bits
      }
      const bitsOf = (kind: Kind): number => {
        const found = judged.get(kind)
        if (found !== undefined) return found
        const own = payloadBits(bitsAt(kind.base, kind.places), shapeGrams(kind.shape))
        const bits = Math.min(own, kind.baseBits + mostAdded)
        judged.set(kind, bits)
        return bits
      }
      for (const { hash, part, values } of waiting) {
        const judgedValues = values.flatMap(({ kind, text }) => {
          const bits = bitsOf(kind)
          if (bits < leastBits) return []
          const kinds = kindsOf(text)
          return [{ bits: kinds.length === 0 ? bits - unexplained(part) : bits, kinds }]
        })
        const most = Math.max(0, ...judgedValues.map(({ bits }) => bits))
        if (most < leastBits) continue
        yield { hash, bits: most, kinds: judgedValues.flatMap(({ kinds }) => kinds) }
      }
    },
  }
}
