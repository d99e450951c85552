/**
 * Secrets that Winnow makes itself: long enough that nobody guesses them, so that a plain hash keeps them safe.
 *
 * @module
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, in letters that need no quoting in links and headers. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** An id of 64 random bits, in hexadecimal. */
export const newId = (): string => randomBytes(8).toString('hex')

/** SHA-256, in hexadecimal. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

/** Whether a secret has a hash; takes as long wherever they differ. */
export const hasHash = (secret: string, hash: string): boolean => {
  const [given, kept] = [Buffer.from(hashOf(secret)), Buffer.from(hash)]
  return given.length === kept.length && timingSafeEqual(given, kept)
}
