/**
 * Counts of grams as a short text: base64 of numbers in groups of seven bits, lowest first, the top bit of a byte saying
 * that more follows. First the unit of the counts in thousandths, then for each gram its distance from the one before
 * it, and its count in units.
 *
 * @module
 */
import type { GramCounts } from './gram-table.ts'

export function packCounts({ grams, counts }: GramCounts): string {
  const bytes: number[] = []
  const put = (value: number): void => {
    let rest = value
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
    bytes.push(rest)
  }
  const unit = counts.every((count) => count % 1000 === 0) ? 1000 : 1
  put(unit)
  grams.forEach((gram, i) => {
    put(gram - (grams[i - 1] ?? 0))
    put((counts[i] ?? 0) / unit)
  })
  return Buffer.from(bytes).toString('base64')
}

/**
 * @param most every gram is below it
 * @throws TypeError if the text is damaged
 */
export function unpackCounts(packed: string, most: number): GramCounts {
  const bytes = Buffer.from(packed, 'base64')
  const numbers: number[] = []
  for (let at = 0, value = 0, scale = 1; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    value += (byte % 128) * scale
    scale *= 128
    if (byte >= 128) continue
    numbers.push(value)
    value = 0
    scale = 1
  }
  const [unit = 0, ...pairs] = numbers
  const grams = new Float64Array(Math.floor(pairs.length / 2))
  const counts = new Float64Array(grams.length)
  let gram = 0
  for (let i = 0; i < grams.length; i++) {
    const distance = pairs[2 * i] ?? 0
    gram += distance
    grams[i] = gram
    counts[i] = (pairs[2 * i + 1] ?? 0) * unit
    if (gram >= most || (i > 0 && distance === 0) || !((counts[i] ?? 0) > 0))
      throw new TypeError('Unexpected model.grams: damaged counts')
  }
  if (unit === 0 || pairs.length % 2 !== 0 || (bytes.at(-1) ?? 0) >= 128)
    throw new TypeError('Unexpected model.grams: cut off')
  return { grams, counts }
}
