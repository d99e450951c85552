/**
 * Models of texts: weighted texts in, bits of surprise and reasons out. They stand beside `Model`, which reads tables of
 * numbers: a text is scored once, in TypeScript, and its score becomes a number that any `Model` may read.
 *
 * @module
 */

/** A text and how much it counts. */
export interface WeightedText {
  readonly text: string
  /** At least 0; counts in whole thousandths. */
  readonly weight: number
}

/** How the surprises of a text's characters become one number: their mean, sum, the largest, the mean of the five largest. */
export type TextStatistic = 'mean' | 'sum' | 'max' | 'top'

/** What surprises in a text. */
export interface TextReason {
  /** The characters as the model reads them; `^` is the beginning of the text, `$` its end. The last one is what surprises. */
  readonly gram: string
  /** Where its last character is, from 0. */
  readonly at: number
  readonly bits: number
}

/** A model that has read its texts. Immutable. */
export interface FittedTextModel {
  readonly kind: string
  /** One number of bits a text, higher is stranger; finite and never below 0. An empty text scores 0. */
  score(texts: readonly string[], statistic: TextStatistic): Float64Array
  /** The pieces of a text, the most surprising first. */
  explain(text: string): TextReason[]
  /** Plain JSON from which `load` restores a model that scores identically. */
  toJSON(): unknown
}

/** A kind of text model. `fit` is deterministic, and the order of the texts does not matter. */
export interface TextModel<Spec extends { readonly kind: string }, Fitted extends FittedTextModel> {
  readonly kind: Spec['kind']
  readonly title: string
  /** The paper or source of the method. */
  readonly source: string
  /** Its cost to fit and to score, and when it does not work. */
  readonly notes: string
  /** @param base a model of the same spec that knows ordinary texts already; what it has read counts as well */
  fit(spec: Spec, texts: readonly WeightedText[], base?: Fitted): Fitted
  load(json: unknown): Fitted
}
