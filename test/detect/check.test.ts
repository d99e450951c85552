import { describe, expect, it } from 'vitest'
import bruteForce from '../../detectors/login-brute-force.ts'
import newSource from '../../detectors/login-new-source.ts'
import { detectors } from '../../detectors/index.ts'
import { checkDetectors } from '../../src/detect/check.ts'
import type { Detector } from '../../src/detect/detector.ts'
import { age, prior, ratio } from '../../src/features/feature.ts'

const own: Detector = { ...bruteForce, id: 'own' }

/** What plain JavaScript lets through; the compiler would not. */
const damaged = (change: Readonly<Record<string, unknown>>): Detector => ({ ...own, ...change }) as Detector

describe("a detector of one's own", () => {
  it('passes where it is whole, as all bundled ones do', () => {
    expect(() => checkDetectors([own], detectors)).not.toThrow()
    expect(() => checkDetectors(detectors, [])).not.toThrow()
  })

  it.each([
    ['an id that is taken', bruteForce, /another detector/],
    ['an id with spaces', damaged({ id: 'my own' }), /hyphens/],
    ['a column that is not there', damaged({ entity: ['source_io'] }), /no column source_io/],
    ['a window without a unit', damaged({ windows: [{ length: '10', minEvents: 1 }] }), /10 minutes/],
    ['a scored feature it does not measure', damaged({ scored: ['nothing'] }), /nothing/],
    [
      'a ratio of what it does not measure',
      damaged({ features: { ...own.features, r: ratio('a', 'failures') } }),
      /made of a/,
    ],
    [
      'a sum by no part of its entity',
      { ...newSource, id: 'own', features: { ...newSource.features, x: prior('logins', ['host_name']) } },
      /host_name/,
    ],
    [
      'the age of no part of its entity',
      damaged({ features: { ...own.features, x: age('host_name', { by: 'source_ip' }) } }),
      /age of host_name/,
    ],
  ] as const)('is refused for %s', (_, detector, message) => {
    expect(() => checkDetectors([detector], detectors)).toThrow(message)
  })
})
