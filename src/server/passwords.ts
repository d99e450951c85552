/**
 * Passwords: scrypt (RFC 7914) with the cost that OWASP's cheat sheet asks for, 2^17 × 8 × 1: 0.4 s and 134 MB each.
 *
 * @module
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { AppError } from '../errors.ts'

const cost = { N: 2 ** 17, r: 8, p: 1, maxmem: 160 * 1024 * 1024 } as const
const length = 32

/** One at a time, since each takes 134 MB; who would wait behind so many is turned away. */
const mostWaiting = 20
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

const derive = (password: string, salt: Buffer): Promise<Buffer> => {
  if (waiting >= mostWaiting) throw new AppError('too-many-requests', { seconds: 10 })
  waiting += 1
  const work = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        // The same letters typed on different machines are the same password (RFC 8265, 4.2).
        scrypt(password.normalize('NFC'), salt, length, cost, (error, key) => {
          if (error === null) resolve(key)
          else reject(error)
        })
      }),
  )
  last = work.catch(() => {}).then(() => (waiting -= 1))
  return work
}

/** `scrypt:17:8:1:<salt>:<key>`, in base64url. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return `scrypt:17:8:1:${salt.toString('base64url')}:${key.toString('base64url')}`
}

const nobodysSalt = randomBytes(16)

/**
 * Whether a password is the one that was hashed. Takes as long where there is no hash, so that nobody learns by the time
 * who has an account.
 */
export const isPassword = async (password: string, hash: string | null): Promise<boolean> => {
  const [kind, n, r, p, salt, kept] = hash?.split(':') ?? []
  const known =
    kind === 'scrypt' && n === '17' && r === '8' && p === '1' && salt !== undefined && kept !== undefined
  const key = await derive(password, known ? Buffer.from(salt, 'base64url') : nobodysSalt)
  const expected = Buffer.from(known ? kept : '', 'base64url')
  return expected.length === key.length && timingSafeEqual(expected, key)
}

const least = 12
const most = 256

/** What is wrong with a new password; null where nothing is. Length counts, kinds of characters don't (NIST SP 800-63B). */
export const passwordProblem = (
  password: string,
  person: { readonly name: string; readonly email: string },
): string | null => {
  const characters = Array.from(password)
  if (characters.length < least) return `it has fewer than ${least} characters`
  if (characters.length > most) return `it has more than ${most} characters`
  if (new Set(characters).size < 5) return 'it repeats a few characters'
  const low = password.toLowerCase()
  if (/^(?:0?1234567890?|abcdefgh|qwerty|password|passwort|administrator|winnow)[\W\d_]*$/.test(low))
    return 'it is among the first that are tried'
  const own = [person.email, person.email.split('@')[0] ?? '', person.name].map((part) => part.toLowerCase())
  if (own.some((part) => part.length > 3 && low.replaceAll(part, '').length < 6))
    return 'it is hardly more than the name or the address'
  return null
}

/** @throws AppError `invalid-password` */
export const mustBeGoodPassword = (
  password: string,
  person: { readonly name: string; readonly email: string },
): void => {
  const problem = passwordProblem(password, person)
  if (problem !== null) throw new AppError('invalid-password', { problem })
}
