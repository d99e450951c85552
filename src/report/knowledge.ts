/**
 * What is known from elsewhere, put together by whom it is about.
 *
 * @module
 */
import type { Knowledge } from './report.ts'

/** What could not be learned has this label; its value says why. */
export const notLearned = 'not learned'

export interface KnownSubject {
  readonly about: string
  readonly facts: readonly Knowledge[]
  readonly missing: readonly Knowledge[]
}

/** In the order they come. */
export function knownSubjects(knowledge: readonly Knowledge[]): readonly KnownSubject[] {
  const subjects = [...new Set(knowledge.map(({ about }) => about))]
  return subjects.map((about) => {
    const own = knowledge.filter((each) => each.about === about)
    return {
      about,
      facts: own.filter(({ label }) => label !== notLearned),
      missing: own.filter(({ label }) => label === notLearned),
    }
  })
}

/** "certificate: no answer within 5 s; registration: …" */
export function missingText(missing: readonly Knowledge[]): string {
  return missing.map(({ source, value }) => `${source}: ${value}`).join('; ')
}
