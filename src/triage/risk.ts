/**
 * How much an incident matters, from 0 to 100: evidence that adds up with diminishing returns, more for what gets further.
 *
 * @module
 */
import { groupBy } from '../detect/group-by.ts'
import type { Finding, Severity } from '../report/report.ts'
import { keyOf, partsOf, type Named, type Surroundings } from './identity.ts'
import { mainTactic } from './tactics.ts'

/** The chance that a lone finding is a true incident, by its severity; surprise moves it half of the way to the next. */
const likely: Readonly<Record<Severity, readonly [number, number]>> = {
  low: [0.15, 0.25],
  medium: [0.35, 0.47],
  high: [0.6, 0.72],
  critical: [0.85, 0.9],
}

/** A surprise of so much makes half of the difference: 5 is once in 100,000 windows. */
const halfSurprise = 5

/** What the same detector says again is worth a quarter of what it said before: other kinds of evidence count for more. */
const repeated = 0.25

/** Each step from one tactic on to a later one, later in time, makes the whole weigh so much more. */
const perStep = 0.25

/** What the user says a machine or a person is worth, under any of its names. */
const assetOf = (part: Named, surroundings: Surroundings): number | undefined =>
  surroundings.assets.get(part.value.toLowerCase()) ??
  surroundings.assets.get(keyOf(part, surroundings).replace(/^\w+ /, ''))

/** Evidence of one finding, in units of −ln(1 − p), so that independent findings add up. */
const evidenceOf = (finding: Finding, surroundings: Surroundings): number => {
  const [least, most] = likely[finding.severity]
  const surprise = Math.max(0, finding.surprise)
  const chance = least + ((most - least) * surprise) / (surprise + halfSurprise)
  const assets = partsOf(finding).flatMap((part) => assetOf(part, surroundings) ?? [])
  const asset = assets.length === 0 ? 1 : Math.max(...assets)
  return -Math.log(1 - chance) * (mainTactic(finding.attack)?.weight ?? 1) * asset
}

/**
 * The longest advance of an attack: how many tactics can be told in which each comes later in the order of ATT&CK, and no
 * earlier in time, than the one before. 1 for findings of one tactic, 0 where none is named.
 */
const advanceOf = (findings: readonly Finding[]): number => {
  const steps = findings
    .flatMap((finding) => {
      const tactic = mainTactic(finding.attack)
      return tactic === undefined ? [] : [{ place: tactic.place, atMs: Date.parse(finding.first) }]
    })
    .toSorted((a, b) => a.place - b.place || a.atMs - b.atMs)
  const longest: number[] = []
  steps.forEach((step, i) => {
    const before = steps
      .slice(0, i)
      .map((other, j) => (other.place < step.place && other.atMs <= step.atMs ? (longest[j] ?? 0) : 0))
    longest.push(1 + Math.max(0, ...before))
  })
  return Math.max(0, ...longest)
}

/** One more finding never makes it less, whatever the finding. */
export const riskOf = (findings: readonly Finding[], surroundings: Surroundings): number => {
  const sum = [...groupBy(findings, ({ detector }) => detector).values()]
    .map((own) => own.map((finding) => evidenceOf(finding, surroundings)).toSorted((a, b) => b - a))
    .flatMap((evidence) => evidence.map((each, i) => each * repeated ** i))
    // In order of size: a sum of fractions depends on its order.
    .toSorted((a, b) => a - b)
    .reduce((total, each) => total + each, 0)
  const advance = 1 + perStep * Math.max(0, advanceOf(findings) - 1)
  return Math.round(100 * (1 - Math.exp(-sum * advance)))
}
