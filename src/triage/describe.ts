/**
 * What was chosen, told: one look at the evidence for each detector.
 *
 * @module
 */
import type { Detector } from '../detect/detector.ts'
import { showEvidence } from '../detect/evidence.ts'
import { describeFinding, type UnrankedFinding } from '../detect/findings.ts'
import { detectorsAtOnce } from '../detect/run.ts'
import type { Engine, QueryOptions } from '../engine/engine.ts'
import type { Scope } from '../detect/windows.ts'
import type { Finding } from '../report/report.ts'
import { sideBySide } from '../side-by-side.ts'
import type { Choice } from './budget.ts'

/** Findings in the order of the choices, with their evidence. @param range the time of the data: charts stay inside it */
export const describeChoices = async (
  engine: Engine,
  chosen: readonly Choice[],
  range: Scope['judged'],
  options: QueryOptions,
): Promise<Finding[]> => {
  const described = new Map<Choice, UnrankedFinding>()
  const describeOf = async (detector: Detector): Promise<void> => {
    const own = chosen.filter((choice) => choice.detector === detector)
    const episodes = own.map((choice) => choice.episode)
    const shown = await showEvidence(engine, detector, episodes, range, options)
    own.forEach((choice, i) => {
      const evidence = shown[i]
      if (evidence !== undefined)
        described.set(choice, describeFinding(detector, choice.episode, evidence, range))
    })
  }
  await sideBySide(new Set(chosen.map((choice) => choice.detector)), detectorsAtOnce, describeOf)
  return chosen.flatMap((choice, i) => {
    const finding = described.get(choice)
    return finding === undefined ? [] : [{ rank: i + 1, ...finding }]
  })
}
