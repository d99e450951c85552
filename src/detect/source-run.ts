/**
 * Runs a detector of sources: silence or rejects → episodes, as those of any detector.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { instant } from '../sql/instant.ts'
import { sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import type { Episode, ToldSource } from './episodes.ts'
import { readJumps, strangeRejects, type Jump } from './rejects.ts'
import type { Detection } from './run.ts'
import { judgeSilence, type Silence } from './silence.ts'
import type { Neighbours, SourceFacts } from './source-detector.ts'
import { blindedBy } from './source-evidence.ts'
import { readStreams } from './streams.ts'
import type { Scope } from './windows.ts'

const daySeconds = 86_400
/** Some odd last lines are no stream. */
const leastUnread = 20

/** "7 hours", "4.5 days": how long something lasted, roughly. */
const durationText = (seconds: number): string => {
  const hours = seconds / 3600
  const [amount, unit] = hours < 48 ? [Math.round(hours), 'hour'] : [Math.round(hours / 12) / 2, 'day']
  return `${amount} ${unit}${amount === 1 ? '' : 's'}`
}

const momentText = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`

interface Measured {
  readonly entity: readonly string[]
  readonly told: Omit<ToldSource, 'blinded' | 'facts'>
  readonly fromMs: number
  readonly toMs: number
  readonly lasting: boolean
  readonly events: number
  readonly observed: Readonly<Record<string, readonly [observed: number, typical: number]>>
  readonly surprise: number
  readonly rarity: number
  readonly facts: Pick<SourceFacts, 'lines' | 'share' | 'usualShare'>
}

const ofSilence = (silence: Silence, streams: number): Measured => {
  const { stream, fromSeconds, toSeconds, usualHours, longestBefore, expected, surprise } = silence
  return {
    entity: [stream.path, stream.host],
    told: { sources: stream.sources, host: stream.host, places: [] },
    fromMs: fromSeconds * 1000,
    toMs: toSeconds * 1000,
    lasting: silence.lasting,
    events: 0,
    observed: { silent: [usualHours * 3600, longestBefore * 3600] },
    surprise,
    rarity: surprise - Math.log10(Math.max(1, streams)),
    facts: { lines: expected, share: 0, usualShare: 0 },
  }
}

const ofJump = (jump: Jump, blocks: number, days: number): Measured => ({
  entity: [jump.sources.at(-1) ?? '', ''],
  told: { sources: jump.sources, host: '', places: jump.blocks },
  fromMs: jump.fromMs,
  toMs: jump.toMs,
  lasting: jump.lasting,
  events: jump.rejected,
  observed: { share: [jump.rejected / jump.lines, jump.usualShare] },
  surprise: jump.surprise,
  rarity: jump.surprise - Math.log10(Math.max(1, blocks / Math.max(1, days))),
  facts: { lines: jump.rejected, share: jump.rejected / jump.lines, usualShare: jump.usualShare },
})

const episodeOf = (measured: Measured, blinded: readonly Detector[]): Episode => {
  const { entity, told, fromMs, toMs, lasting, events, observed, surprise, rarity } = measured
  const features = Object.fromEntries(Object.entries(observed).map(([name, [value]]) => [name, value]))
  const window = {
    entity,
    windowSeconds: daySeconds,
    startMs: fromMs,
    firstMs: fromMs,
    lastMs: toMs,
    events,
    features,
    score: surprise,
    surprise,
    explain: () =>
      Object.entries(observed).map(([feature, [value, typical]]) => ({
        feature,
        observed: value,
        typical,
        share: 1,
      })),
  }
  const facts: SourceFacts = {
    entity: told.host === '' ? (entity[0] ?? '') : told.host,
    since: momentText(fromMs),
    until: lasting ? null : momentText(toMs),
    duration: durationText((toMs - fromMs) / 1000),
    ...measured.facts,
    blinded: blinded.map(({ id }) => id),
  }
  return {
    entity,
    surprise,
    rarity,
    strongest: window,
    windows: [window],
    firstMs: fromMs,
    lastMs: toMs,
    events,
    source: { ...told, blinded, facts },
  }
}

/** Lines still come from what looks silent: they are only not understood, which is another finding. */
const comesUnread = async (
  engine: Engine,
  { told, fromMs }: Measured,
  options: QueryOptions,
): Promise<boolean> => {
  const own = sql`source = ${told.sources.at(-1) ?? ''}`
  const [last] = await engine.rows<{ line: number }>(
    sql`SELECT max(line_number) AS line FROM events WHERE category != 'reject' AND ${own} AND timestamp <= ${instant(fromMs)}`,
    options,
  )
  const [after] = await engine.rows<{ rejected: number }>(
    sql`SELECT count() AS rejected FROM events WHERE ${strangeRejects} AND ${own} AND line_number > ${last?.line ?? 0}`,
    options,
  )
  return (after?.rejected ?? 0) >= leastUnread
}

/** Runs a detector of sources over the events in the scope. */
export const runSourceDetector = async (
  engine: Engine,
  detector: Detector,
  scope: Scope,
  neighbours: Neighbours,
  options: QueryOptions,
): Promise<Detection> => {
  const none: Detection = { detector, episodes: [], judged: new Map() }
  if (detector.measure === null) return none
  let measured: Measured[]
  let judged: number
  if (detector.measure.kind === 'silence') {
    const streams = await readStreams(engine, scope.all, neighbours, options)
    const found = judgeSilence(streams, scope.all.toMs / 1000, scope.untilNow)
    measured = found.silences.map((silence) => ofSilence(silence, found.streams))
    judged = found.streams
  } else {
    const { jumps, judged: blocks } = await readJumps(engine, neighbours, scope.all.toMs, options)
    measured = jumps.map((jump) => ofJump(jump, blocks, scope.activeDays))
    judged = blocks
  }
  const inScope = measured.filter(
    ({ fromMs, toMs }) => fromMs < scope.judged.toMs && toMs > scope.judged.fromMs,
  )
  const episodes: Episode[] = []
  for (const one of inScope.toSorted((a, b) => b.rarity - a.rarity || a.fromMs - b.fromMs)) {
    const silent = one.told.places.length === 0
    if (silent && one.lasting && one.told.host === '' && (await comesUnread(engine, one, options))) continue
    const blind = silent || one.facts.share >= 0.5
    episodes.push(
      episodeOf(
        one,
        blind ? await blindedBy(engine, one.told, one.fromMs, neighbours.detectors, options) : [],
      ),
    )
  }
  return { detector, episodes, judged: new Map([[daySeconds, judged]]) }
}
