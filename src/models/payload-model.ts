/**
 * Payloads: stretches of a value that are no ordinary value's, by the 3-grams of its shape.
 *
 * @module
 */
import { BEGINNING, END, alphabet, symbolAt } from './alphabet.ts'
import { gramBits, gramTable } from './gram-table.ts'
import { ngram, ngramModel } from './ngram.ts'
import { ordinaryAgents, ordinaryValues } from './ordinary-values.ts'
import { textShape } from './payload-text.ts'
import type { WeightedText } from './text-model.ts'

/** What is known before any log is read: values of parameters and paths, or what clients call themselves. */
export type PayloadBase = 'values' | 'agents'

const order = 3
const letters = alphabet('classes')
const contexts = letters.size ** (order - 1)

/** Bits of a character of a payload, which may be any: the stretch is odd where the ordinary model pays more. */
const anyCharacter = Math.log2(letters.size - 1)

const ordinary: Readonly<Record<PayloadBase, () => WeightedText[]>> = {
  values: ordinaryValues,
  agents: ordinaryAgents,
}

/** The bits of a gram's last character after those before it. */
export type GramBits = (gram: number) => number

const known = new Map<PayloadBase, GramBits>()

/** What the built-in base says of a gram. There are few enough to remember all. */
const baseBits = (base: PayloadBase): GramBits => {
  const found = known.get(base)
  if (found !== undefined) return found
  const { counts } = ngramModel.fit(ngram({ order, alphabet: 'classes' }), ordinary[base]())
  const table = gramTable(counts, letters.size)
  const bits = new Float64Array(letters.size ** order).fill(Number.NaN)
  const bitsOf: GramBits = (gram) => {
    const remembered = bits[gram] ?? Number.NaN
    return Number.isNaN(remembered) ? (bits[gram] = gramBits(table, gram)) : remembered
  }
  known.set(base, bitsOf)
  return bitsOf
}

/** The grams of a shape, its end among them. */
export const shapeGrams = (shape: string): Uint32Array => {
  const grams = new Uint32Array(shape.length + 1)
  let gram = BEGINNING
  for (let at = 0; at <= shape.length; at++) {
    const symbol = at < shape.length ? symbolAt(letters, shape.charCodeAt(at)) : END
    gram = (gram % contexts) * letters.size + symbol
    grams[at] = gram
  }
  return grams
}

/** Who sent a gram: as many are told apart. */
const mostClients = 1000
/** What fewer clients sent says nothing: an attacker must not make payloads ordinary. */
const fewestClients = 3

/** How often grams of one length were sent, by their number and by that of what stands before their last character. */
interface LearnedGrams {
  readonly counts: ReadonlyMap<number, number>
  readonly after: ReadonlyMap<number, { readonly all: number; readonly kinds: number }>
}

/** What one place has taught: the whole log, a parameter's name, a parameter of a page. By length of gram, from 1. */
export type LearnedPlace = readonly LearnedGrams[]

/** What is being read in one place. */
export interface OpenPlace {
  /** Counts a text's grams once for each of these clients. */
  readonly read: (grams: Uint32Array, clients: readonly number[]) => void
  readonly finish: () => LearnedPlace
}

/** Who sent the grams of this length, by the longest ones. */
const shortened = (
  longest: ReadonlyMap<number, ReadonlySet<number>>,
  length: number,
): ReadonlyMap<number, ReadonlySet<number>> => {
  if (length === order) return longest
  const shorter = new Map<number, Set<number>>()
  for (const [gram, clients] of longest) {
    const part = gram % letters.size ** length
    const who = shorter.get(part) ?? new Set()
    shorter.set(part, who)
    for (const client of clients) if (who.size < mostClients) who.add(client)
  }
  return shorter
}

/** @param fewest grams that fewer clients sent are not learned */
export const openPlace = (fewest = fewestClients): OpenPlace => {
  const seen = new Map<number, Set<number>>()
  return {
    read(grams, clients) {
      for (const gram of grams) {
        let who = seen.get(gram)
        if (who === undefined) seen.set(gram, (who = new Set()))
        for (const client of clients) if (who.size < mostClients) who.add(client)
      }
    },
    finish: () =>
      Array.from({ length: order }, (_, index) => {
        const counts = new Map<number, number>()
        const after = new Map<number, { all: number; kinds: number }>()
        for (const [gram, who] of shortened(seen, index + 1)) {
          if (who.size < fewest) continue
          counts.set(gram, who.size)
          const context = Math.floor(gram / letters.size)
          const known = after.get(context) ?? { all: 0, kinds: 0 }
          after.set(context, { all: known.all + who.size, kinds: known.kinds + 1 })
        }
        return { counts, after }
      }),
  }
}

/** Witten–Bell over the lengths of grams, from 1; below them, what more general knowledge says. */
const chanceIn = (place: LearnedPlace, gram: number, general: number): number =>
  place.reduce((chance, { counts, after }, index) => {
    const part = gram % letters.size ** (index + 1)
    const context = after.get(Math.floor(part / letters.size))
    return context === undefined
      ? chance
      : ((counts.get(part) ?? 0) + context.kinds * chance) / (context.all + context.kinds)
  }, general)

/**
 * The bits of grams by all that is known.
 *
 * @param places what was learned, from the most general to the most special
 */
export const gramBitsIn = (base: PayloadBase, places: readonly LearnedPlace[] = []): GramBits => {
  const general = baseBits(base)
  if (places.length === 0) return general
  const remembered = new Map<number, number>()
  return (gram) => {
    const found = remembered.get(gram)
    if (found !== undefined) return found
    const bits = -Math.log2(
      places.reduce((chance, place) => chanceIn(place, gram, chance), 2 ** -general(gram)),
    )
    remembered.set(gram, bits)
    return bits
  }
}

/**
 * How odd the oddest stretch of a text is, in bits: the largest sum, over a stretch, of how much likelier each character is
 * among any characters than among ordinary ones after those before it. Were the model true, a text of n characters would
 * come to b bits in fewer than n of 2^b cases.
 */
export const payloadBits = (bitsOf: GramBits, grams: Uint32Array): number => {
  let most = 0
  let stretch = 0
  for (const gram of grams) {
    stretch = Math.max(0, stretch + bitsOf(gram) - anyCharacter)
    most = Math.max(most, stretch)
  }
  return most
}

/** What the page of models says of it. */
export const payloadPage = {
  kind: 'payload',
  title: 'Payloads: the oddest stretch of a text, by 3-grams of its shape',
  source:
    'Interpolated 3-grams: Witten and Bell 1991; the best-scoring stretch: Karlin and Altschul 1990; signs of payloads by character distributions: Kruegel and Vigna 2003',
  notes:
    'A built-in base, and over it what visitors of these logs send: of the kind, of the parameter, of the parameter of a page. Scores fifty thousand texts a second or more. Blind to payloads of words and numbers alone, and takes a notation that nobody else uses for one.',
} as const

export interface PayloadModel {
  /** How odd each decoded text is, in bits: see {@link payloadBits}. An empty text scores 0. */
  readonly score: (texts: readonly string[]) => Float64Array
}

/**
 * A model of the values of one kind of parameter.
 *
 * @param own values known to be harmless, decoded; the more there are, the less the built-in base counts
 */
export const payloadModel = (own: readonly string[] = [], base: PayloadBase = 'values'): PayloadModel => {
  const place = openPlace(1)
  own.forEach((text, i) => place.read(shapeGrams(textShape(text)), [i]))
  const bitsOf = gramBitsIn(base, own.length === 0 ? [] : [place.finish()])
  return {
    score: (texts) =>
      Float64Array.from(texts, (text) =>
        text === '' ? 0 : payloadBits(bitsOf, shapeGrams(textShape(text))),
      ),
  }
}
