/**
 * Whether a stretch without a line is longer than a stream's own habits explain.
 *
 * @module
 */
import { groupBy } from './group-by.ts'
import type { Stream, Streams } from './streams.ts'

/** A stretch without a line, in seconds since 1970. */
export interface Silence {
  readonly stream: Stream
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Whether it lasts to the end of the data. */
  readonly lasting: boolean
  /** How many of its hours usually have a line, and the longest such stretch before, in hours. */
  readonly usualHours: number
  readonly longestBefore: number
  /** How many lines usually come in such a time. */
  readonly expected: number
  /** −log10 of how often a day of this stream's data such a stretch begins by chance. */
  readonly surprise: number
}

export interface Judged {
  readonly silences: readonly Silence[]
  /** How many streams had enough of a past to be judged. */
  readonly streams: number
}

const hour = 3600
const day = 86_400

/** What pauses for less, in hours that usually have lines, is nobody's business. */
const leastHours = 1
/**
 * Gaps of logs have heavy tails: twice as long is a quarter as frequent, not e⁻ˡ. With the longest stretch of D days as the
 * unit, a gap g times as long begins g⁻² / D times a day; and n times that where n are as long.
 */
const tailPower = 2
/** A stream is known after so many lines, hours and days. */
const leastLines = 50
const leastActiveHours = 12
const leastDays = 1
/** Hours of a working day in which hardly ever anything comes, beyond which a stream goes by its people's day. */
const quietNight = 6
const seldom = 0.2
/** A class of hours that was seen so many times more, always silent, is how sure one is of it before. */
const doubt = 2
/** Days from which each hour of the week is known by itself, and not only as one of a working day or a weekend. */
const weeksKnown = 14
/** Only the longest stretches are looked at. */
const mostGaps = 12
/** A stretch so rare is told, and is no measure for the others: less than once in ten days over all streams. */
const rare = 1

interface Habits {
  readonly classOf: (hourIndex: number) => number
  readonly seen: Map<number, number>
  readonly active: Map<number, number>
  /** Lines in an hour of the class, over all its hours. */
  readonly lines: Map<number, number>
}

/** 1970-01-01 was a Thursday: day 0 of the week is Monday. */
const dayOfWeek = (hourIndex: number): number => (Math.floor(hourIndex / 24) + 3) % 7

const add = (map: Map<number, number>, key: number, value: number): void => {
  map.set(key, (map.get(key) ?? 0) + value)
}

const habitsOf = (stream: Stream, bucketSeconds: number): Habits => {
  const hourOf = (bucket: number): number => Math.floor((bucket * bucketSeconds) / hour)
  const first = hourOf(stream.buckets[0] ?? 0)
  const last = hourOf(stream.buckets.at(-1) ?? 0)
  const byWeek = (last - first) / 24 >= weeksKnown
  const classOf = (index: number): number =>
    byWeek ? dayOfWeek(index) * 24 + (index % 24) : (dayOfWeek(index) >= 5 ? 24 : 0) + (index % 24)
  const habits: Habits = { classOf, seen: new Map(), active: new Map(), lines: new Map() }
  for (let index = first; index <= last; index++) add(habits.seen, classOf(index), 1)
  const active = new Set<number>()
  stream.buckets.forEach((bucket, i) => {
    active.add(hourOf(bucket))
    add(habits.lines, classOf(hourOf(bucket)), stream.counts[i] ?? 0)
  })
  for (const index of active) add(habits.active, classOf(index), 1)
  return habits
}

interface Gap {
  readonly fromSeconds: number
  readonly toSeconds: number
  readonly lasting: boolean
}

/** Hours of the gap that usually have lines, and the lines; by what is known of such hours from outside the gap. */
const weigh = (gap: Gap, habits: Habits, lastHour: number): { hours: number; lines: number } => {
  const from = Math.floor(gap.fromSeconds / hour)
  const to = Math.floor((gap.toSeconds - 1) / hour)
  const inside = new Map<number, number>()
  // The hours of a lasting gap were never counted as seen.
  for (let index = from + 1; index < Math.min(to, lastHour); index++) add(inside, habits.classOf(index), 1)
  let hours = 0
  let lines = 0
  for (let index = from; index <= to; index++) {
    const part =
      (Math.min(gap.toSeconds, (index + 1) * hour) - Math.max(gap.fromSeconds, index * hour)) / hour
    const kind = habits.classOf(index)
    const seen = Math.max(0, (habits.seen.get(kind) ?? 0) - (inside.get(kind) ?? 0))
    hours += (part * Math.min(seen, habits.active.get(kind) ?? 0)) / (seen + doubt)
    lines += seen === 0 ? 0 : (part * (habits.lines.get(kind) ?? 0)) / seen
  }
  return { hours, lines }
}

/** How many hours of a working day usually have lines, where nights have none; null where lines come day and night. */
const workingHours = (habits: Habits): number | null => {
  const shares = Array.from({ length: 24 }, (_, i) => {
    // Monday to Friday, or the one class of working days.
    const kinds = [0, 1, 2, 3, 4].map((weekday) => habits.classOf((4 + weekday) * 24 + i))
    const seen = kinds.reduce((sum, kind) => sum + (habits.seen.get(kind) ?? 0), 0)
    return seen === 0 ? 0 : kinds.reduce((sum, kind) => sum + (habits.active.get(kind) ?? 0), 0) / seen
  })
  const quiet = shares.filter((share) => share < seldom).length
  return quiet < quietNight ? null : shares.reduce((sum, share) => sum + share, 0)
}

/** A stream with what is asked of it again and again. */
interface Known {
  readonly stream: Stream
  readonly habits: Habits
  /** Null where lines come day and night. */
  readonly working: number | null
  /** Lines up to each bucket, that one included. */
  readonly upTo: readonly number[]
  readonly total: number
  /** Lines that usually come up to each hour of a week, the first of which is that of 1970-01-01T00:00Z. */
  readonly week: readonly number[]
}

const weekHours = 168

const weekOf = ({ classOf, seen, lines }: Habits): number[] => {
  const upTo = [0]
  for (let index = 0; index < weekHours; index++) {
    const kind = classOf(index)
    const times = seen.get(kind) ?? 0
    upTo.push((upTo[index] ?? 0) + (times === 0 ? 0 : (lines.get(kind) ?? 0) / times))
  }
  return upTo
}

const knownOf = (stream: Stream, bucketSeconds: number): Known => {
  const habits = habitsOf(stream, bucketSeconds)
  let total = 0
  const upTo = stream.counts.map((count) => (total += count))
  return { stream, habits, working: workingHours(habits), upTo, total, week: weekOf(habits) }
}

/** Lines in the buckets that begin before a time. */
const linesBefore = ({ stream, upTo }: Known, bucketSeconds: number, seconds: number): number => {
  let low = 0
  let high = stream.buckets.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stream.buckets[middle] ?? 0) * bucketSeconds < seconds) low = middle + 1
    else high = middle
  }
  return upTo[low - 1] ?? 0
}

/** So many lines are no accident: a clock that is wrong for a moment writes fewer. */
const severalLines = ({ total }: Known): number => Math.max(2, 0.001 * total)

/** Who has this share of its usual lines goes on. */
const goesOn = 0.3

/** How many lines of a stream usually come in such a stretch. */
const usualLines = ({ week }: Known, gap: Gap): number => {
  const before = (seconds: number): number => {
    const weeks = Math.floor(seconds / hour / weekHours)
    const hours = seconds / hour - weeks * weekHours
    const whole = Math.floor(hours)
    const [from = 0, to = from] = week.slice(whole, whole + 2)
    return weeks * (week[weekHours] ?? 0) + from + (hours - whole) * (to - from)
  }
  return before(gap.toSeconds) - before(gap.fromSeconds)
}

/** Streams of one kind are compared: logs with each other, and the machines of one log. */
const kindOf = ({ stream }: Known): string => (stream.host === '' ? '' : stream.path)

/** Others that were there in the day before a stretch, and those of them that went on in it. */
const othersIn = (gap: Gap, known: Known, alike: readonly Known[], bucketSeconds: number) => {
  const between = (other: Known, from: number, to: number): number =>
    linesBefore(other, bucketSeconds, to) - linesBefore(other, bucketSeconds, from)
  const beside = alike.filter(
    (other) => other !== known && between(other, gap.fromSeconds - day, gap.fromSeconds) > 0,
  )
  return {
    beside,
    on: beside.filter(
      (other) =>
        between(other, gap.fromSeconds, gap.toSeconds) >=
        Math.max(severalLines(other), goesOn * usualLines(other, gap)),
    ),
  }
}

/** Whether a log of the same format begins where this one ends: the same, cut into files by hand. */
const isContinued = (gap: Gap, { stream }: Known, all: readonly Known[], bucketSeconds: number): boolean =>
  all.some(({ stream: other }) => {
    const first = (other.buckets[0] ?? 0) * bucketSeconds
    return (
      other.path !== stream.path &&
      other.host === '' &&
      other.formats.some((format) => stream.formats.includes(format)) &&
      first >= gap.fromSeconds - bucketSeconds &&
      first < gap.toSeconds
    )
  })

const gapsOf = ({ buckets }: Stream, bucketSeconds: number, endSeconds: number): Gap[] => {
  const ends = buckets.map((bucket) => (bucket + 1) * bucketSeconds)
  return ends
    .map((fromSeconds, i): Gap => {
      const next = buckets[i + 1]
      return next === undefined
        ? { fromSeconds, toSeconds: endSeconds, lasting: true }
        : { fromSeconds, toSeconds: next * bucketSeconds, lasting: false }
    })
    .filter((gap) => gap.toSeconds - gap.fromSeconds >= leastHours * hour)
}

const judgeStream = (
  known: Known,
  all: readonly Known[],
  alike: readonly Known[],
  bucketSeconds: number,
  endSeconds: number,
  untilNow: boolean,
): readonly Silence[] | null => {
  const { stream, habits, working, total } = known
  const { buckets } = stream
  const first = (buckets[0] ?? 0) * bucketSeconds
  const last = ((buckets.at(-1) ?? 0) + 1) * bucketSeconds
  const hours = new Set(buckets.map((bucket) => Math.floor((bucket * bucketSeconds) / hour)))
  const activeDays = new Set([...hours].map((index) => Math.floor(index / 24))).size
  if (total < leastLines || hours.size < leastActiveHours || last - first < leastDays * day) return null
  // A machine that is off at night is somebody's desk: nobody misses it by day.
  if (stream.host !== '' && working !== null) return null
  const weighed = gapsOf(stream, bucketSeconds, endSeconds)
    .map((gap) => ({ gap, ...weigh(gap, habits, Math.floor(last / hour)) }))
    .toSorted((a, b) => b.hours - a.hours || a.gap.fromSeconds - b.gap.fromSeconds)
    .slice(0, mostGaps)
    .toReversed()
  let longest = leastHours
  const silences: Silence[] = []
  for (const [place, { gap, hours: usualHours, lines }] of weighed.entries()) {
    const before = linesBefore(known, bucketSeconds, gap.fromSeconds)
    if (usualHours <= longest || before < leastLines) continue
    const { beside, on } = othersIn(gap, known, alike, bucketSeconds)
    const resumes = total - before >= severalLines(known)
    // What ends with the others was cut there, and what was put away goes on under another name.
    const ended =
      !resumes &&
      (!stream.live ||
        (!untilNow && (on.length === 0 || 2 * on.length < beside.length)) ||
        isContinued(gap, known, all, bucketSeconds))
    // A file put together from pieces of other times is mostly gap.
    const piecewise = resumes && on.length === 0 && gap.toSeconds - gap.fromSeconds > activeDays * day
    if (ended || piecewise) continue
    // Where people set the pace, a day off is no silence, unless others of their kind go on.
    const peopleGoOn = on.some((other) => other.working !== null)
    const unit = working !== null && !peopleGoOn ? Math.max(longest, working) : longest
    const days = (last - first - (gap.lasting ? 0 : gap.toSeconds - gap.fromSeconds)) / day
    // Of what happens again and again, no time is rare.
    const asLong = weighed.length - place
    const surprise = Math.log10(Math.max(days, 1 / 24) / asLong) + tailPower * Math.log10(usualHours / unit)
    if (surprise > 0 && usualHours > unit)
      silences.push({
        stream,
        ...gap,
        usualHours,
        longestBefore: unit,
        expected: Math.round(lines),
        surprise,
      })
    if (surprise < rare) longest = usualHours
  }
  return silences
}

/** The same stretch of a log and of each machine in it is told of the log only. */
const ofWhole = (silence: Silence, silences: readonly Silence[]): boolean =>
  silence.stream.host === '' ||
  !silences.some(
    ({ stream, fromSeconds, toSeconds }) =>
      stream.host === '' &&
      stream.path === silence.stream.path &&
      fromSeconds < silence.toSeconds &&
      toSeconds > silence.fromSeconds,
  )

/**
 * The stretches of each stream that stand out from its own. Hours are weighed by how often they have lines at that time of the
 * week, so that nights and weekends of an office weigh nothing.
 *
 * @param endSeconds the end of the data
 * @param untilNow whether that is the time of the clock: what ends was not cut there, though all end
 */
export const judgeSilence = (all: Streams, endSeconds: number, untilNow = false): Judged => {
  const known = all.streams.map((stream) => knownOf(stream, all.bucketSeconds))
  const kinds = groupBy(known, kindOf)
  const judged = known.flatMap((one) => {
    const alike = kinds.get(kindOf(one)) ?? []
    const silences = judgeStream(one, known, alike, all.bucketSeconds, endSeconds, untilNow)
    return silences === null ? [] : [silences]
  })
  const told = rare + Math.log10(Math.max(1, judged.length))
  const silences = judged.flat().filter(({ surprise }) => surprise >= told)
  return { silences: silences.filter((silence) => ofWhole(silence, silences)), streams: judged.length }
}
