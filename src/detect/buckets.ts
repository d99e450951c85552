/** Bucket widths people read easily, in seconds. */
const widths = [
  1,
  10,
  60,
  300,
  600,
  1800,
  3600,
  3 * 3600,
  6 * 3600,
  12 * 3600,
  86_400,
  7 * 86_400,
  30 * 86_400,
  365 * 86_400,
] as const

/** The narrowest bucket, in ms, of which at most `most` cover a span of `spanMs`. */
export const bucketWidth = (spanMs: number, most: number): number =>
  (widths.find((seconds) => spanMs / (seconds * 1000) <= most) ?? 365 * 86_400) * 1000
