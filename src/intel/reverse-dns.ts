/**
 * The names an address is given in the DNS.
 *
 * @module
 */
import { namesOf, type Outside } from './outside.ts'
import { plainText } from './plain-text.ts'

const mostNames = 20

/** PTR names, without the dot at the end; none where the address has none. They are whatever its owner chose. */
export const askReverseNames = async (
  address: string,
  outside: Outside,
  signal: AbortSignal,
): Promise<string[]> => {
  const names = await namesOf(address, outside, signal)
  return [...new Set(names.map((name) => plainText(name).replace(/\.$/, '')))]
    .filter((name) => name !== '')
    .slice(0, mostNames)
}
