/**
 * Character n-grams: how surprising a text's characters are, each after those before it.
 *
 * @module
 */
import { BEGINNING, END, alphabet, alphabetNames, symbolAt } from './alphabet.ts'
import type { Alphabet, AlphabetName } from './alphabet.ts'
import { packCounts, unpackCounts } from './gram-pack.ts'
import { gramBits, gramTable, sortedCounts } from './gram-table.ts'
import type { GramCounts } from './gram-table.ts'
import { savedChoice, savedModel, savedNumber, savedStrings } from './saved.ts'
import type { FittedTextModel, TextModel, TextReason, TextStatistic } from './text-model.ts'

export interface NgramSpec {
  readonly kind: 'ngram'
  /** How many characters a gram has, the judged one among them: 2 to 5. */
  readonly order: number
  readonly alphabet: AlphabetName
  /**
   * No character counts for more bits than this, above 0: the more was read, the more the first character of its kind there
   * would cost.
   */
  readonly most: number
}

export interface FittedNgram extends FittedTextModel {
  readonly spec: NgramSpec
  /** How many texts it has read, those of its base among them. */
  readonly texts: number
  /** By length of gram, from 1: of the longest, and of shorter ones what is known of them beyond those. */
  readonly counts: readonly GramCounts[]
}

/** Settings of an n-gram model, with the defaults filled in: 4 characters of names, each at most 12 bits. */
export function ngram(settings: Partial<Omit<NgramSpec, 'kind'>> = {}): NgramSpec {
  return { kind: 'ngram', order: 4, alphabet: 'names', most: 12, ...settings }
}

/** Of longer texts only the beginning counts. */
const MOST_CHARACTERS = 2000
/** `top` is the mean of so many surprises. */
const TOP = 5

/**
 * The surprise of a character is −log2 of its probability after the `order − 1` characters before it, by interpolated
 * Witten–Bell smoothing; the end of the text counts as a character.
 */
export const ngramModel: TextModel<NgramSpec, FittedNgram> = {
  kind: 'ngram',
  title: 'Character n-grams: how surprising the characters of a text are',
  source: 'Witten and Bell 1991; Chen and Goodman 1998',
  notes:
    'Fits and scores half a million names a second or more. Does not work on words put together from a dictionary, ' +
    'and takes harmless text of an unknown kind (another language, serial numbers) for strange.',
  fit(spec, texts, base) {
    requireSpec(spec, base)
    const letters = alphabet(spec.alphabet)
    const counts = new Map<number, number>()
    const longest = base?.counts.at(-1)
    longest?.grams.forEach((gram, i) => counts.set(gram, longest.counts[i] ?? 0))
    for (const { text, weight } of texts) count(counts, letters, spec.order, text, Math.round(weight * 1000))
    const none = sortedCounts(new Map())
    const shorter = base?.counts.slice(0, -1) ?? Array.from({ length: spec.order - 1 }, () => none)
    return restore(spec, [...shorter, sortedCounts(counts)], texts.length + (base?.texts ?? 0))
  },
  load(json) {
    const saved = savedModel(json, 'ngram')
    const spec: NgramSpec = {
      kind: 'ngram',
      order: savedNumber(saved, 'order', 2),
      alphabet: savedChoice(saved, 'alphabet', alphabetNames),
      most: savedNumber(saved, 'most', Number.MIN_VALUE),
    }
    requireSpec(spec)
    const { size } = alphabet(spec.alphabet)
    const counts = savedStrings(saved, 'grams', spec.order).map((packed, i) =>
      unpackCounts(packed, size ** (i + 1)),
    )
    return restore(spec, counts, savedNumber(saved, 'texts', 0))
  },
}

function requireSpec(spec: NgramSpec, base?: FittedNgram): void {
  if (!(Number.isInteger(spec.order) && spec.order >= 2 && spec.order <= 5))
    throw new TypeError(`Unexpected order: ${spec.order}, expected 2 to 5`)
  if (!(spec.most > 0 && Number.isFinite(spec.most)))
    throw new TypeError(`Unexpected most: ${spec.most}, expected a number above 0`)
  if (base !== undefined && (base.spec.order !== spec.order || base.spec.alphabet !== spec.alphabet))
    throw new TypeError(`Unexpected base: of ${base.spec.order} ${base.spec.alphabet}`)
}

function count(
  counts: Map<number, number>,
  letters: Alphabet,
  order: number,
  text: string,
  weight: number,
): void {
  if (!(weight > 0 && Number.isFinite(weight)) || text === '') return
  const base = letters.size ** (order - 1)
  const end = Math.min(text.length, MOST_CHARACTERS)
  let gram = BEGINNING
  for (let at = 0; at <= end; at++) {
    gram = (gram % base) * letters.size + (at < end ? symbolAt(letters, text.charCodeAt(at)) : END)
    counts.set(gram, (counts.get(gram) ?? 0) + weight)
  }
}

function restore(spec: NgramSpec, counts: readonly GramCounts[], texts: number): FittedNgram {
  const letters = alphabet(spec.alphabet)
  const base = letters.size ** (spec.order - 1)
  const table = gramTable(counts, letters.size)
  const surprises = new Float64Array(MOST_CHARACTERS + 1)
  /** Fills `surprises`; returns how many there are. */
  const surprise = (text: string): number => {
    if (text === '') return 0
    const end = Math.min(text.length, MOST_CHARACTERS)
    let gram = BEGINNING
    for (let at = 0; at <= end; at++) {
      gram = (gram % base) * letters.size + (at < end ? symbolAt(letters, text.charCodeAt(at)) : END)
      surprises[at] = Math.min(spec.most, gramBits(table, gram))
    }
    return end + 1
  }
  return {
    kind: 'ngram',
    spec,
    texts,
    counts,
    score: (rows, statistic) =>
      Float64Array.from(rows, (text) => summary(surprises, surprise(text), statistic)),
    explain(text): TextReason[] {
      const found = surprises.slice(0, surprise(text))
      return Array.from(found, (bits, at) => ({
        gram: writtenGram(letters, spec.order, text, at),
        at,
        bits,
      })).toSorted((one, other) => other.bits - one.bits || one.at - other.at)
    },
    toJSON: () => ({
      kind: 'ngram',
      order: spec.order,
      alphabet: spec.alphabet,
      most: spec.most,
      texts,
      grams: counts.map(packCounts),
    }),
  }
}

function summary(surprises: Float64Array, length: number, statistic: TextStatistic): number {
  if (length === 0) return 0
  let sum = 0
  let largest = 0
  for (let at = 0; at < length; at++) {
    const bits = surprises[at] ?? 0
    sum += bits
    largest = Math.max(largest, bits)
  }
  switch (statistic) {
    case 'mean':
      return sum / length
    case 'max':
      return largest
    case 'top': {
      const kept = surprises.slice(0, length).toSorted().slice(-TOP)
      return kept.reduce((total, bits) => total + bits, 0) / kept.length
    }
    case 'sum':
      return sum
  }
}

function writtenGram(letters: Alphabet, order: number, text: string, at: number): string {
  const end = Math.min(text.length, MOST_CHARACTERS)
  return Array.from({ length: order }, (_, i) => at - order + 1 + i)
    .map(
      (place) =>
        letters.written[
          place < 0 ? BEGINNING : place < end ? symbolAt(letters, text.charCodeAt(place)) : END
        ] ?? '',
    )
    .join('')
}
