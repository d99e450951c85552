/**
 * Risks, judged: what happened to whom in which hour is read from the engine, judged here in the order of time, and given back as
 * a table. What the worst hours are told by is remembered for their findings.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { loadMade } from '../engine/load-made.ts'
import type { JudgedRisks } from '../features/risk.ts'
import { noveltyRisk, type Group, type GroupRisk } from '../models/novelty-risk.ts'
import { addressText } from '../schema/columns.ts'
import { compareText } from '../order.ts'
import { id, sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import type { Episode } from './episodes.ts'
import { companyOf, leastBits, oftenOf, type Stretch } from './company.ts'
import { groupBy } from './group-by.ts'
import { kindsOf, type Kinds } from './kinds.ts'

/** What an entity's stretch is told by. */
interface RiskStory {
  readonly bits: number
  /** The values that make the most of it, most first. */
  readonly values: readonly string[]
  /** Who else was as unusual at the time: entities as texts of their parts. */
  readonly company: readonly (readonly string[])[]
}

/** Entity parts joined by NUL, and the start of the stretch in ms → its story. */
type RiskStories = ReadonlyMap<string, RiskStory>

const storyKey = (entity: readonly string[], startMs: number): string => [...entity, startMs].join('\u0000')

/** As many cells are held here at a time. */
const cellsAtOnce = 200_000
const valuesTold = 6
const hourSeconds = 3600

/**
 * A month's memory, as for what a user does; a day until the daily round is known, or a quarter of what there is; see the decision
 * on alert risk.
 *
 * @param stretches from the first to the last
 */
const settingsFor = (seconds: number, stretches: number) => {
  const day = (24 * hourSeconds) / seconds
  return { fade: 30 * day, silence: day, usual: 8, most: 40, warm: Math.min(day, stretches / 4) }
}

/** A kind that adds so many bits is one that tells: once in eight. */
const tellingBits = 3

/** The kinds that tell: all that are so unusual, the most unusual one at least. */
const tellingOf = ({ telling }: GroupRisk): GroupRisk['telling'] =>
  telling.filter(({ bits }, i) => i === 0 || bits >= tellingBits)

interface Row {
  readonly stretch: number
  readonly entity: string
  readonly value: string
  readonly events: number
  readonly taught: number
}

/** Cells in the order of time, all of a stretch together. */
async function* stretchesOf(
  engine: Engine,
  table: string,
  counts: readonly { readonly stretch: number; readonly cells: number }[],
  options: QueryOptions,
): AsyncGenerator<readonly [number, Row[]]> {
  let at = 0
  while (at < counts.length) {
    const from = counts[at]?.stretch ?? 0
    let cells = counts[at]?.cells ?? 0
    while (at + 1 < counts.length && cells + (counts[at + 1]?.cells ?? 0) <= cellsAtOnce) {
      at++
      cells += counts[at]?.cells ?? 0
    }
    // 64-bit numbers come as numbers, which hashes are too large for: as text they stay whole.
    const rows = await engine.rows<Row>(
      sql`SELECT stretch, toString(entity) AS entity, toString(value) AS value, events, taught FROM ${id(table)} WHERE stretch BETWEEN ${from} AND ${counts[at]?.stretch ?? 0}`,
      options,
    )
    const byStretch = groupBy(rows, ({ stretch }) => stretch)
    for (const [stretch, own] of [...byStretch].toSorted(([a], [b]) => a - b)) yield [stretch, own]
    at++
  }
}

const groupsOf = (rows: readonly Row[], entities: ReadonlyMap<string, number>, kinds: Kinds): Group[] =>
  [...groupBy(rows, ({ entity }) => entity)]
    .map(([entity, own]): Group => {
      const counts = new Map<number, number>()
      for (const { value, events } of own) {
        const kind = kinds.kindOf(value)
        if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + events)
      }
      return {
        who: entities.get(entity) ?? 0,
        kinds: counts,
        taught: own.every(({ taught }) => taught === 1),
      }
    })
    .toSorted((a, b) => a.who - b.who)

interface Judged extends Stretch {
  /** How many kinds tell, and the first of them by number where they may be told. */
  readonly kinds: number
  readonly told: readonly number[]
}

const judgedOf = (stretch: number, risk: GroupRisk): Judged => {
  const telling = tellingOf(risk)
  const told = risk.bits < leastBits ? [] : telling.slice(0, valuesTold).map(({ kind }) => kind)
  return { who: risk.who, stretch, bits: risk.bits, kinds: telling.length, told }
}

const judgeAll = async (
  engine: Engine,
  { cells, seconds }: JudgedRisks,
  entities: ReadonlyMap<string, number>,
  kinds: Kinds,
  options: QueryOptions,
): Promise<Judged[]> => {
  const counts = await engine.rows<{ stretch: number; cells: number }>(
    sql`SELECT stretch, count() AS cells FROM ${id(cells.table.name)} GROUP BY stretch ORDER BY stretch`,
    options,
  )
  const stretches = (counts.at(-1)?.stretch ?? 0) - (counts[0]?.stretch ?? 0) + 1
  const model = noveltyRisk(settingsFor(seconds, stretches))
  const judged: Judged[] = []
  for await (const [stretch, rows] of stretchesOf(engine, cells.table.name, counts, options)) {
    for (const risk of model.judge(stretch, groupsOf(rows, entities, kinds)))
      if (risk.bits > 0) judged.push(judgedOf(stretch, risk))
  }
  return judged
}

/** Fills the table of risks; the cells must be filled. */
export const judgeRisks = async (
  engine: Engine,
  asked: JudgedRisks,
  options: QueryOptions,
): Promise<RiskStories> => {
  const [entities, values] = await Promise.all([
    engine.rows<{ entity: string; parts: string[] }>(asked.entities, options),
    engine.rows<{ value: string; name: string; family: string; cells: number }>(asked.values, options),
  ])
  // Numbers by content, so that ties are broken the same in every run.
  const known = entities.toSorted((a, b) => compareText(a.parts.join('\u0000'), b.parts.join('\u0000')))
  const kinds = kindsOf(values)
  const judged = await judgeAll(
    engine,
    asked,
    new Map(known.map(({ entity }, i) => [entity, i])),
    kinds,
    options,
  )
  const company = companyOf(judged, hourSeconds / asked.seconds)
  const often = oftenOf(judged, (24 * hourSeconds) / asked.seconds)
  const stories = new Map<string, RiskStory>()
  function* riskLines(): Generator<string> {
    for (const one of judged) {
      const { who, stretch, bits, kinds: telling, told } = one
      const others = company.get(one) ?? []
      yield `${known[who]?.entity ?? '0'} ${stretch} ${Math.round(bits * 1000)} ${telling} ${others.length} ${Math.round((often.get(one) ?? 0) * 1000)}`
      if (told.length === 0) continue
      const partsOf = (place: number): string[] => (known[place]?.parts ?? []).map(addressText)
      stories.set(storyKey(partsOf(who), stretch * asked.seconds * 1000), {
        bits,
        values: told.map(kinds.nameOf),
        company: others.map((other) => partsOf(other.who)),
      })
    }
  }
  await engine.dropTable(asked.risks)
  await engine.createTable(asked.risks)
  const field = (n: number) => sql`splitByChar(' ', line)[${n}]`
  await loadMade(
    engine,
    riskLines(),
    {
      into: sql`INSERT INTO ${id(asked.risks.name)} (entity, stretch, bits, kinds, company, often)`,
      select: (lines) =>
        sql`SELECT toUInt64OrZero(${field(1)}), toUInt32OrZero(${field(2)}), toUInt32OrZero(${field(3)}), toUInt32OrZero(${field(4)}), toUInt32OrZero(${field(5)}), toUInt32OrZero(${field(6)}) FROM ${lines}`,
    },
    options,
  )
  return stories
}

/** Gives episodes what the worst of their stretches are told by; the worst says it first. */
export const tellEpisodes = (
  episodes: readonly Episode[],
  stories: RiskStories | null,
  detector: Detector,
  seconds: number,
): readonly Episode[] => {
  const of = Object.values(detector.features).find((feature) => feature.kind === 'risk')?.of
  if (stories === null || of === undefined) return episodes
  return episodes.map((episode) => {
    const found = episode.windows
      .flatMap(({ startMs, windowSeconds }) =>
        Array.from({ length: windowSeconds / seconds }, (_, i) =>
          stories.get(storyKey(episode.entity, startMs + i * seconds * 1000)),
        ),
      )
      .filter((story) => story !== undefined)
      .toSorted((a, b) => b.bits - a.bits)
    const values = [...new Set(found.flatMap((story) => story.values))].map((value) => ({ kind: of, value }))
    const company = found
      .flatMap((story) => story.company)
      .flatMap((parts) => parts.map((value, i) => ({ kind: detector.entity[i] ?? '', value })))
    const once = company.filter(
      (one, i) => company.findIndex(({ kind, value }) => kind === one.kind && value === one.value) === i,
    )
    return { ...episode, told: [...values.slice(0, valuesTold), ...once], company: once }
  })
}
