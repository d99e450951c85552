/**
 * What the compiler cannot see of a detector that comes from plain JavaScript.
 *
 * @module
 */
import { AppError } from '../errors.ts'
import { madeOf } from '../features/feature.ts'
import { isColumnName } from '../schema/columns.ts'
import type { Detector } from './detector.ts'

const durationPattern = /^\d+(?:\.\d+)? (?:second|minute|hour|day)s?$/

const problems = (detector: Detector): string[] => {
  const named = Object.keys(detector.features)
  const unknownFeature = (name: string): boolean => !named.includes(name)
  return [
    ...(/^[a-z][a-z0-9-]*$/.test(detector.id) ? [] : ['its id is not lower case with hyphens']),
    ...(detector.entity.length === 0 ? ['it has no entity'] : []),
    ...detector.entity
      .filter((column) => !isColumnName(column))
      .map((column) => `there is no column ${String(column)}`),
    ...(detector.windows.length === 0 ? ['it has no window'] : []),
    ...detector.windows
      .filter(({ length }) => !durationPattern.test(length))
      .map(({ length }) => `a window is a number and a unit such as "10 minutes", not "${length}"`),
    ...named
      .filter((name) => !/^[A-Za-z]\w*$/.test(name))
      .map((name) => `"${name}" is no name for a feature`),
    ...detector.scored
      .filter(unknownFeature)
      .map((name) => `it scores the feature ${name}, which it does not measure`),
    ...Object.keys(detector.among)
      .filter(unknownFeature)
      .map((name) => `it compares by the feature ${name}, which it does not measure`),
    ...Object.keys(detector.requires)
      .filter(unknownFeature)
      .map((name) => `it requires the feature ${name}, which it does not measure`),
    ...Object.entries(detector.features).flatMap(([name, feature]) => {
      const parts =
        feature.kind === 'prior' || feature.kind === 'sofar'
          ? feature.by.filter((part) => !detector.entity.includes(part))
          : []
      return [
        ...madeOf(feature)
          .filter(unknownFeature)
          .map((other) => `${name} is made of ${other}, which it does not measure`),
        ...(feature.kind === 'age' && !detector.entity.includes(feature.of)
          ? [`${name} is the age of ${feature.of}, which is no part of its entity`]
          : []),
        ...parts.map((part) => `${name} sums by ${part}, which is no part of its entity`),
      ]
    }),
  ]
}

/**
 * Checks detectors of one's own beside those that are known.
 *
 * @throws AppError `invalid-detector` with the first thing that is wrong
 */
export const checkDetectors = (own: readonly Detector[], known: readonly Detector[]): void => {
  const ids = new Set(known.map((detector) => detector.id))
  for (const detector of own) {
    const [problem] = ids.has(detector.id) ? ['there is another detector with its id'] : problems(detector)
    if (problem !== undefined) throw new AppError('invalid-detector', { id: detector.id, problem })
    ids.add(detector.id)
  }
}

/**
 * The detector with an id.
 *
 * @throws AppError `unknown-detector`, with the ids that are known
 */
export const findDetector = (id: string, known: readonly Detector[]): Detector => {
  const found = known.find((detector) => detector.id === id)
  if (found !== undefined) return found
  throw new AppError('unknown-detector', { id, known: known.map((detector) => detector.id).join(', ') })
}
