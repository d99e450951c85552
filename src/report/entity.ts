/**
 * What the acting things are called.
 *
 * @module
 */

/** A kind in words a reader knows: `source_ip` is `source ip`. */
export function kindInWords(kind: string): string {
  return kind.replaceAll('_', ' ')
}
