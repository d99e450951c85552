/**
 * Answers from outside are whatever somebody chose to send.
 *
 * @module
 */

/** Longer values are cut, in characters. */
const longest = 160

/** One line without control or invisible characters, cut where it gets long; empty for what is no text. */
export const plainText = (value: unknown, most = longest): string => {
  if (typeof value !== 'string') return ''
  const line = value
    .slice(0, 4 * most)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  const characters = Array.from(line)
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line
}

/** Some of many: "a, b and 3 more". */
export const listText = (values: readonly string[], shown: number): string => {
  const rest = values.length - shown
  const named = values.slice(0, shown).join(', ')
  return rest > 0 ? `${named} and ${rest} more` : named
}
