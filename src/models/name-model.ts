/**
 * Names that look generated: a name against what names of sites usually look like, and against the ways in which programs
 * make names up.
 *
 * @module
 */
import { ngram, ngramModel } from './ngram.ts'
import type { FittedNgram } from './ngram.ts'
import type { TextReason } from './text-model.ts'

export interface NameModel {
  /**
   * How much each name looks generated, in bits: −log2 of how probable it is that the name is ordinary, were one
   * name in two generated. Finite, never below 0.
   */
  score(names: readonly string[]): Float64Array
  /** What is odd about a name, the oddest characters first. */
  explain(name: string): TextReason[]
}

let table: FittedNgram | undefined

const ordinaryNgrams = async (): Promise<FittedNgram> => {
  // 290 kB that only a hunt in names needs.
  const { ordinaryNames } = await import('./ordinary-names.ts')
  return (table ??= ngramModel.load(ordinaryNames))
}

/** A name in use here says as much of the others as so many of the 170,000 registered names of the table. */
const OWN_WEIGHT = 10
/** Fewer names than this say nothing of a place. */
const FEWEST_OWN = 50

/** Of the known generators, so many draw characters; the others put words together, which only their length gives away. */
const DRAWING = 0.8

/** The logarithm of a registered name's length is about normal: the mean and deviation of those in the table. */
const USUAL_LENGTH = Math.log(9.7)
const LENGTH_SPREAD = 0.45
/** Generators make names of 6 to 30 characters, of any length alike. */
const SHORTEST = 6
const LONGEST = 30
/** Shorter names are all taken: each character less makes one so much less likely to be generated. */
const EACH_SHORTER = 0.1

const vowels = new Set(Array.from('aeiouy', (vowel) => vowel.charCodeAt(0)))
const VOWELS = vowels.size
const CONSONANTS = 26 - VOWELS
/** A generator that makes names to be spoken goes from consonant to vowel and back so often. */
const TURNS = 0.8
/** Bits of a spoken name's next letter: by whether it is a vowel, and whether the one before was of the other kind. */
const spoken = [CONSONANTS, VOWELS].map((size) => [Math.log2(size / (1 - TURNS)), Math.log2(size / TURNS)])

/**
 * The mean, over the ways in which generators draw characters, of the probability of a name that way, over its probability
 * among ordinary names: letters, letters and digits, hexadecimal digits, consonants and vowels in turn.
 */
function drawnOdds(name: string, ordinaryBits: number): number {
  let [letters, hex, plain] = [true, true, true]
  let spokenBits = 0
  let before = -1
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    const isLetter = code >= 97 && code <= 122
    const isDigit = code >= 48 && code <= 57
    letters &&= isLetter
    hex &&= isDigit || (code >= 97 && code <= 102)
    plain &&= isLetter || isDigit || code === 45
    const kind = vowels.has(code) ? 1 : 0
    spokenBits += spoken[kind]?.[before === kind ? 0 : 1] ?? 0
    before = kind
  }
  const chance = (bits: number): number => 2 ** Math.min(1000, ordinaryBits - bits)
  const { length } = name
  return (
    ((letters ? chance(length * Math.log2(26)) + chance(spokenBits) : 0) +
      (plain ? chance(length * Math.log2(37)) : 0) +
      (hex ? chance(length * 4) : 0)) /
    4
  )
}

/** How much likelier a length is of a generated name than of an ordinary one; beyond the longest, as at the longest. */
function lengthOdds(length: number): number {
  if (length < SHORTEST) return EACH_SHORTER ** (SHORTEST - length)
  const x = Math.min(length, LONGEST)
  const usual = Math.exp(-0.5 * ((Math.log(x) - USUAL_LENGTH) / LENGTH_SPREAD) ** 2)
  const ordinary = usual / (x * LENGTH_SPREAD * Math.sqrt(2 * Math.PI))
  return 1 / (LONGEST - SHORTEST + 1) / ordinary
}

/**
 * With P the probability of a name among ordinary ones by 4-grams and D the mean of those by each way to draw characters,
 * the odds that it is generated are `(0.8·D/P + 0.2)` times how much likelier its length is of a generated name; the score is
 * log2(1 + odds). Kinds of generators: Plohmann et al., A Comprehensive Measurement Study of Domain Generating Malware,
 * USENIX Security 2016.
 */
function nameBits(name: string, ordinaryBits: number): number {
  if (name === '') return 0
  const odds = DRAWING * drawnOdds(name, ordinaryBits) + 1 - DRAWING
  return Math.log1p(odds * lengthOdds(name.length)) / Math.LN2
}

/**
 * A model of the names of sites: the label somebody registered, without its suffix, in lower case.
 *
 * @param own names known to be harmless, each once; they count where there are some dozens of them
 */
export async function nameModel(own: readonly string[] = []): Promise<NameModel> {
  const ordinary = await ordinaryNgrams()
  const texts = own.map((text) => ({ text, weight: OWN_WEIGHT }))
  const model = own.length < FEWEST_OWN ? ordinary : ngramModel.fit(ngram(), texts, ordinary)
  return {
    score: (names) => model.score(names, 'sum').map((bits, i) => nameBits(names[i] ?? '', bits)),
    explain: (name) => model.explain(name),
  }
}
