/**
 * Generated domains: how well names alone tell them from ordinary ones.
 *
 * A file has lines of label (`legit` or anything else), family and name. Of each name the label left of the public
 * suffix is judged, as the detector does. Learned are the built-in table alone, or with it every other legitimate name;
 * then the rest of them is judged.
 *
 * @module
 */
import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'tldts'
import { mostBitsInMean } from '../../src/features/surprisal.ts'
import { nameModel } from '../../src/models/name-model.ts'
import { table } from '../table.ts'
import { readLines, shownPath } from './log-files.ts'
import { thresholdAt } from './precision.ts'

interface Name {
  readonly family: string
  readonly label: string
  readonly legitimate: boolean
}

/** What telling one set of scores from another comes to. */
export interface Separation {
  /** How often a generated name scores higher than a legitimate one. */
  readonly auc: number
  /** Shares of the generated found where 1 % and 0.1 % of the legitimate are taken for generated. */
  readonly atOnePercent: number
  readonly atOneInThousand: number
}

interface FamilyResult extends Separation {
  readonly family: string
  readonly names: number
  readonly bursts: Separation
}

export interface DgaQuality {
  readonly file: string
  readonly learned: string
  readonly legitimate: number
  readonly generated: number
  readonly names: Separation
  /** Means of five names: of one family, against five legitimate ones. */
  readonly bursts: Separation
  readonly families: readonly FamilyResult[]
}

const burstNames = 5

/** The lists of a folder, or the file itself. Empty where there is no such place. */
export const nameLists = (place: string): string[] => {
  const found = statSync(place, { throwIfNoEntry: false })
  if (found === undefined) return []
  if (found.isFile()) return [place]
  return readdirSync(place)
    .filter((name) => /\.csv(\.gz)?$/.test(name))
    .toSorted()
    .map((name) => path.join(place, name))
}

const readNames = (file: string): Name[] =>
  readLines(file).flatMap((line) => {
    const [kind = '', family = '', name = ''] = line.trim().split(',')
    const label = parse(name.toLowerCase(), { allowPrivateDomains: true }).domainWithoutSuffix ?? ''
    return label === '' ? [] : [{ family, label, legitimate: kind === 'legit' }]
  })

/** How often one of `high` is above one of `low`, ties counting half. */
export const areaUnderCurve = (low: readonly number[], high: readonly number[]): number => {
  const all = [
    ...low.map((score) => ({ score, high: 0 })),
    ...high.map((score) => ({ score, high: 1 })),
  ].toSorted((a, b) => a.score - b.score)
  let rankSum = 0
  for (let start = 0, end = 0; start < all.length; start = end) {
    let above = 0
    for (end = start; end < all.length && all[end]?.score === all[start]?.score; end++)
      above += all[end]?.high ?? 0
    rankSum += above * ((start + end + 1) / 2)
  }
  return (rankSum - (high.length * (high.length + 1)) / 2) / (high.length * low.length)
}

const separation = (low: readonly number[], high: readonly number[]): Separation => {
  const found = (rate: number): number => {
    const threshold = thresholdAt(low, rate * low.length)
    return high.filter((score) => score > threshold).length / high.length
  }
  return { auc: areaUnderCurve(low, high), atOnePercent: found(0.01), atOneInThousand: found(0.001) }
}

/** Means of five, as many as there are scores: every score takes part in five of them, with neighbours at several distances. */
const burstsOf = (scores: readonly number[]): number[] =>
  scores.map((_, i) => {
    const chosen = Array.from(
      { length: burstNames },
      (_, k) => scores[(i + k * (k + 1) * 7) % scores.length] ?? 0,
    )
    return chosen.reduce((sum, score) => sum + Math.min(score, mostBitsInMean), 0) / burstNames
  })

const everyOther = <T>(list: readonly T[], first: 0 | 1): T[] => list.filter((_, i) => i % 2 === first)

const measure = async (
  file: string,
  learned: string,
  own: readonly Name[],
  judged: readonly Name[],
  generated: readonly Name[],
): Promise<DgaQuality> => {
  const model = await nameModel([...new Set(own.map(({ label }) => label))])
  const scores = (names: readonly Name[]): number[] => [...model.score(names.map(({ label }) => label))]
  const low = scores(judged)
  const lowBursts = burstsOf(low)
  const families = [...new Set(generated.map(({ family }) => family))].toSorted()
  const results = families.map((family) => {
    const high = scores(generated.filter((name) => name.family === family))
    return { family, names: high.length, scores: high }
  })
  return {
    file: shownPath(file),
    learned,
    legitimate: low.length,
    generated: generated.length,
    names: separation(low, scores(generated)),
    bursts: separation(
      lowBursts,
      results.flatMap(({ scores }) => burstsOf(scores)),
    ),
    families: results.map(({ family, names, scores }) => ({
      family,
      names,
      ...separation(low, scores),
      bursts: separation(lowBursts, burstsOf(scores)),
    })),
  }
}

export const dgaQuality = async (file: string): Promise<DgaQuality[]> => {
  const names = readNames(file)
  const legitimate = names.filter((name) => name.legitimate)
  const generated = names.filter((name) => !name.legitimate)
  const judged = everyOther(legitimate, 1)
  return [
    await measure(file, 'the built-in table', [], legitimate, generated),
    await measure(file, 'and half of the legitimate names', everyOther(legitimate, 0), judged, generated),
  ]
}

const share = (value: number): string => value.toFixed(3)

const cells = ({ auc, atOnePercent, atOneInThousand }: Separation): string[] =>
  [auc, atOnePercent, atOneInThousand].map(share)

const listText = (results: readonly DgaQuality[]): string => {
  const [first] = results
  const last = results.at(-1)
  if (first === undefined || last === undefined) return 'No names.'
  const columns = ['AUC', 'found at 1 %', 'at 0.1 %', 'five: AUC', 'at 1 %', 'at 0.1 %']
  const summary = table(
    ['learned from', 'legitimate', 'generated', ...columns],
    results.map((result) => [
      result.learned,
      String(result.legitimate),
      String(result.generated),
      ...cells(result.names),
      ...cells(result.bursts),
    ]),
  )
  const families = table(
    ['family', 'names', ...columns],
    last.families.map((result) => [
      result.family,
      String(result.names),
      ...cells(result),
      ...cells(result.bursts),
    ]),
  )
  return `${first.file}: names alone, and means of five names\n\n${summary}\n\n${families}`
}

export const dgaText = (lists: readonly (readonly DgaQuality[])[]): string => lists.map(listText).join('\n\n')
