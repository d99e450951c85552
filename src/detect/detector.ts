/**
 * Detectors as data. A detector is a use case: whom to watch, over which windows, what to measure, with which model,
 * and how to say what was found.
 *
 * @module
 */
import type { Feature } from '../features/feature.ts'
import type { Filter, NumberComparison } from '../features/filter.ts'
import type { AnyModelSpec } from '../models/index.ts'
import type { Detail, Reason, Severity } from '../report/report.ts'
import type { EntityColumn, EventColumn } from '../schema/columns.ts'

/** A length of time: a number and a unit. */
export type Duration =
  | `${number} ${'second' | 'minute' | 'hour' | 'day'}`
  | `${number} ${'seconds' | 'minutes' | 'hours' | 'days'}`

const unitSeconds = { second: 1, minute: 60, hour: 3600, day: 86_400 } as const

export const secondsOf = (duration: Duration): number => {
  const [amount = '0', unit = 'second'] = duration.split(' ')
  const singular = unit.replace(/s$/, '')
  const seconds = Object.entries(unitSeconds).find(([name]) => name === singular)?.[1] ?? 1
  return Number(amount) * seconds
}

/** What is measured of a log itself: how long it was silent, or how much of it was not understood. */
export interface SourceMeasure {
  readonly kind: 'silence' | 'rejects'
  readonly units: Readonly<Record<string, Reason['unit']>>
}

/** A window and how many events it must have to be judged. */
export interface WindowSpec {
  readonly length: Duration
  readonly minEvents: number
}

/** What a sentence may use: the entity in words, and each feature as it was in the strongest window. */
export type SentenceFacts<Name extends string> = Readonly<Record<Name, number>> & {
  readonly entity: string
  /** The parts of the entity, in order. */
  readonly parts: readonly string[]
  /** The window's length in words: "1 hour". */
  readonly window: string
}

/** What a phrase may use: the same, and the values of related columns, those of the telling events first. */
export type PhraseFacts<Name extends string> = SentenceFacts<Name> & {
  readonly related: (column: EventColumn) => readonly string[]
}

/** Details that are asked of the events of a finding. */
export type Shows = Exclude<Detail['kind'], 'blinded'>

/** What was seen makes a finding at least so severe. */
export interface SeverityRule<Name extends string = string> {
  readonly when: { readonly [K in Name]?: NumberComparison }
  readonly severity: Severity
}

/** A detector as it is used; {@link defineDetector} makes one from a description and fills in the defaults. */
export interface Detector {
  readonly id: string
  readonly title: string
  /** One paragraph: what it looks for and why that matters. */
  readonly description: string
  /** MITRE ATT&CK technique numbers. */
  readonly attack: readonly string[]
  /** What looks alike and is harmless. */
  readonly lookalikes: readonly string[]
  readonly from: Filter
  readonly entity: readonly EntityColumn[]
  readonly windows: readonly WindowSpec[]
  readonly features: Readonly<Record<string, Feature>>
  /** The features the model reads, in order. */
  readonly scored: readonly string[]
  /** Only windows whose features compare so are compared with each other: what nobody else visits, say. All, where too few do. */
  readonly among: Readonly<Record<string, NumberComparison>>
  /** Only windows whose features compare so can become findings. */
  readonly requires: Readonly<Record<string, NumberComparison>>
  /** Null for a detector of sources, which are judged by their own habits. */
  readonly model: AnyModelSpec | null
  /** What a detector of sources measures; null for all others, which count events. */
  readonly measure: SourceMeasure | null
  /** The least severity of its findings: some things matter however often they happen. */
  readonly severity: Severity
  /** What it finds is a fact, not a departure from what is usual: it is shown however often it happens. */
  readonly certain: boolean
  /** Why it is shown, as a sentence: said of what is certain in place of how rare it is. */
  readonly because?: string
  /** Severity by what was seen, where some window of an episode compares so. */
  readonly raises: readonly SeverityRule[]
  /** Its findings about one entity are different stories where they lie further apart; absent: as far as those of any detector. */
  readonly apart?: Duration
  /** Columns whose values belong to the story: the users a source tried. */
  readonly related: readonly EventColumn[]
  /** What its findings show beside their reasons; null for nothing. */
  readonly shows: Shows | null
  /** The events that tell most, shown first as evidence. */
  readonly evidence: Filter
  /** Evidence lines differ in this column. */
  readonly evidenceBy: EventColumn | null
  readonly labels: Readonly<Record<string, string>>
  readonly byDefault: boolean
  readonly sentence: (facts: PhraseFacts<string>) => string
  /** What was done, in a few words that follow the name of who did it, for titles of incidents; null: the sentence says it. */
  readonly phrase: ((facts: PhraseFacts<string>) => string) | null
}

/** A detector that counts events, and so has a model. */
export type EventDetector = Detector & { readonly model: AnyModelSpec }

interface Description<F extends Readonly<Record<string, Feature>>> {
  /** Lower case with hyphens; unique. */
  readonly id: string
  readonly title: string
  readonly description: string
  readonly attack: readonly string[]
  readonly lookalikes?: readonly string[]
  /** Which events count. It should name the category. */
  readonly from: Filter
  /** One column, or several for an entity of several parts (client and destination). */
  readonly entity: EntityColumn | readonly EntityColumn[]
  /** One length, or several, whose surprises are combined. Default of `minEvents`: 1. */
  readonly window:
    | Duration
    | readonly (Duration | { readonly length: Duration; readonly minEvents: number })[]
  readonly features: F & { readonly [K in keyof F]: Feature<Extract<keyof F, string>> }
  /** Default: all features, in order. */
  readonly scored?: readonly Extract<keyof F, string>[]
  /** Which windows are compared with each other at all. Default: all. */
  readonly among?: { readonly [K in keyof F]?: NumberComparison }
  readonly requires?: { readonly [K in keyof F]?: NumberComparison }
  readonly model: AnyModelSpec
  readonly severity?: Severity
  /** What it finds is a fact, not a departure from what is usual: it is shown however often it happens. Default false. */
  readonly certain?: boolean
  /** Why that is shown, as a sentence in place of how rare it is. Default: that it is in the log. */
  readonly because?: string
  readonly raises?: readonly SeverityRule<Extract<keyof F, string>>[]
  /** Its findings about one entity are different stories where they lie further apart. Default: a day and more is one story. */
  readonly apart?: Duration
  readonly related?: readonly EventColumn[]
  /** What its findings show beside their reasons: a rhythm, queries, targets. */
  readonly shows?: Shows
  readonly evidence?: Filter
  readonly evidenceBy?: EventColumn
  /** Features in words, for reasons: `failed: 'failing requests'`. Default: the name, spaced out. */
  readonly labels?: { readonly [K in keyof F]?: string }
  /** Whether a hunt runs it unless told otherwise. Default true. */
  readonly byDefault?: boolean
  readonly sentence: (facts: PhraseFacts<Extract<keyof F, string>>) => string
  /**
   * What was done, in a few words in the past tense that follow the name of who did it ("guessed passwords of 12 users"): an
   * incident of several findings is told with them. Default: the sentence, without its subject.
   */
  readonly phrase?: (facts: PhraseFacts<Extract<keyof F, string>>) => string
}

const comparisonsOf = (given: object | undefined): Readonly<Record<string, NumberComparison>> =>
  Object.fromEntries(
    Object.entries(given ?? {}).flatMap(([name, comparison]) =>
      // The mapped type allows only comparisons; entries() widens them.
      comparison === undefined ? [] : [[name, comparison as NumberComparison]],
    ),
  )

const spacedOut = (name: string): string => name.replaceAll(/([A-Z])/g, ' $1').toLowerCase()

const windowSpec = (window: Duration | WindowSpec): WindowSpec =>
  typeof window === 'string' ? { length: window, minEvents: 1 } : window

/**
 * Describes a detector. Misspelt columns and features do not compile.
 *
 * @example
 * ```ts
 * export default defineDetector({
 *   id: 'door-tailgating',
 *   title: 'A badge that is refused at many doors',
 *   description: 'Someone tries where a badge opens.',
 *   attack: ['T1078'],
 *   from: { category: 'auth', event_action: 'door' },
 *   entity: 'user_name',
 *   window: '1 hour',
 *   features: { refused: count({ event_outcome: 'failure' }), doors: distinct('host_name') },
 *   model: tailScore(),
 *   sentence: (f) => `${f.entity} was refused ${f.refused} times at ${f.doors} doors in ${f.window}`,
 * })
 * ```
 */
export const defineDetector = <const F extends Readonly<Record<string, Feature>>>(
  description: Description<F>,
): EventDetector => {
  const features: Readonly<Record<string, Feature>> = description.features
  const names = Object.keys(features)
  const given: Readonly<Record<string, string | undefined>> = description.labels ?? {}
  return {
    id: description.id,
    title: description.title,
    description: description.description,
    attack: description.attack,
    lookalikes: description.lookalikes ?? [],
    from: description.from,
    entity: typeof description.entity === 'string' ? [description.entity] : description.entity,
    windows: (typeof description.window === 'string' ? [description.window] : description.window).map(
      windowSpec,
    ),
    features,
    scored: description.scored ?? names,
    among: comparisonsOf(description.among),
    requires: comparisonsOf(description.requires),
    model: description.model,
    measure: null,
    severity: description.severity ?? 'low',
    certain: description.certain ?? false,
    ...(description.because === undefined ? {} : { because: description.because }),
    raises: description.raises ?? [],
    ...(description.apart === undefined ? {} : { apart: description.apart }),
    related: description.related ?? [],
    shows: description.shows ?? null,
    evidence: description.evidence ?? {},
    evidenceBy: description.evidenceBy ?? null,
    labels: Object.fromEntries(names.map((name) => [name, given[name] ?? spacedOut(name)])),
    byDefault: description.byDefault ?? true,
    // A detector's own sentence reads only its own features, which are all given.
    sentence: description.sentence as Detector['sentence'],
    // The same holds for its phrase.
    phrase: (description.phrase as Detector['phrase'] | undefined) ?? null,
  }
}
