import type { Detector } from './detector.ts'

/** Detectors at work at once: while one waits for the engine to plan or fits a model, another's query uses the cores. */
const detectorsAtOnce = 3

/** Does the work for each detector, a few at once. Fails with the first failure when all have ended. */
export const sideBySide = async (
  detectors: readonly Detector[],
  work: (detector: Detector) => Promise<void>,
): Promise<void> => {
  const queue = [...detectors]
  const one = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next)
  }
  // All end before a failure is passed on: none may still ask an engine that is being closed.
  const ends = await Promise.allSettled(Array.from({ length: detectorsAtOnce }, one))
  const failed = ends.find((end) => end.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
