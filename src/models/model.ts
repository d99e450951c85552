/**
 * What every model is: numbers in, scores and reasons out. A model knows nothing of logs, entities or time.
 *
 * @module
 */

/** A table of numbers, row by row: cell (row r, column c) is `values[r * names.length + c]`. */
export interface Matrix {
  readonly names: readonly string[]
  readonly rows: number
  readonly values: Float64Array
}

/** How much one feature adds to one row's score. The shares of a row add up to 1 (all 0 where the score is 0). */
export interface Contribution {
  readonly feature: string
  readonly observed: number
  /** What the reference rows usually have: their median. */
  readonly typical: number
  readonly share: number
}

/**
 * The scale of a model's score: `free` scores only rank (they are calibrated to surprise afterwards), `surprise` scores
 * are already −log10 of a probability.
 */
export type Scale = 'free' | 'surprise'

/** A model's settings: plain, serialisable data that a detector names. `kind` selects the model in `models/index.ts`. */
export interface ModelSpec {
  readonly kind: string
}

/** A model that has seen its reference rows. Immutable. */
export interface FittedModel {
  readonly kind: string
  readonly scale: Scale
  /** The features it was fitted on, in the order in which `score` and `explain` read them. */
  readonly names: readonly string[]
  /**
   * Set where the score would be too long to say in SQL: `formula` then only brings out rows worth scoring (finite, never
   * below 0, higher for what is likelier to score high), and `score` has to judge them.
   */
  readonly screens?: true
  /** One score a row, higher is stranger; finite and never below 0. */
  score(rows: Matrix): Float64Array
  /** The reasons for one row's score, largest share first. */
  explain(row: ArrayLike<number>): Contribution[]
  /**
   * The same score as a ClickHouse expression over numeric columns, so that millions of rows are scored where they are.
   * `columns` are SQL expressions in the order of `names`. Where `screens` is set, it is not the score.
   */
  formula(columns: readonly string[]): string
  /** Plain JSON from which `loadModel` restores a model that scores identically. */
  toJSON(): unknown
}

/** A kind of model. `fit` is deterministic: the same spec, rows and seed give the same model. */
export interface Model<Spec extends ModelSpec> {
  readonly kind: Spec['kind']
  readonly title: string
  /** The paper or source of the method. */
  readonly source: string
  /** Its cost to fit and to score, and when it does not work. */
  readonly notes: string
  fit(spec: Spec, reference: Matrix, seed: number): FittedModel
  load(json: unknown): FittedModel
}
