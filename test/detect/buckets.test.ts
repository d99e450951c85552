import { describe, expect, it } from 'vitest'
import { bucketWidth } from '../../src/detect/buckets.ts'

describe('a bucket', () => {
  it.each([
    [60_000, 60, 1000],
    [3_600_000, 120, 60_000],
    [86_400_000, 120, 1_800_000],
    [30 * 86_400_000, 120, 6 * 3_600_000],
    [1e15, 120, 365 * 86_400_000],
  ])('of %d ms in at most %d is %d ms wide', (span, most, expected) => {
    expect(bucketWidth(span, most)).toBe(expected)
  })
})
