import { describe, expect, it } from 'vitest'
import { detectors } from '../../detectors/index.ts'

/** Facts as any detector may ask for them: two of everything. */
const facts = new Proxy<Record<string, unknown>>(
  {},
  {
    get: (_, name) => {
      switch (name) {
        case 'parts':
          return ['someone', 'something']
        case 'blinded':
          return []
        case 'related':
          return () => []
        case 'entity':
        case 'since':
        case 'until':
        case 'duration':
        case 'window':
          return `the ${name}`
        default:
          return 2
      }
    },
  },
)

describe('the phrase', () => {
  it.each(detectors.map((detector) => [detector.id, detector] as const))(
    'of %s follows the name of who did it',
    (_, { phrase }) => {
      expect(phrase).not.toBeNull()
      // The proxy has every fact there is.
      const text = phrase?.(facts as never) ?? ''
      expect(text).toMatch(/^[a-z]+ \S/)
      expect(text).not.toMatch(/undefined|NaN|\.$|^(the entity|someone)/)
      expect(text.length).toBeLessThan(100)
    },
  )
})
