import { compareText } from '../order.ts'
import path from 'node:path'

interface Place {
  readonly folder: string
  /** The name that all generations of a log share. */
  readonly base: string
  /** Dated generations come first, then numbered ones, then the log itself. */
  readonly rank: 0 | 1 | 2
  /** Ascending is oldest first. */
  readonly age: string
  readonly name: string
}

const compressed = /\.(?:gz|gzip|z|zst|zstd|xz|bz2)$/i

/** `access.log-20260131`, `access.log.2026-01-31`, `access-20260131.log`, with hours and seconds where there are any. */
const dated =
  /^(?<before>.+?)[-._](?<date>(?:19|20)\d\d-?[01]\d-?[0-3]\d)(?:[-_.T]?(?<time>\d{1,10}))?(?<after>\.[A-Za-z][\w.]*)?$/

/** `access.log.10`, `access.1.log`. */
const numbered = /^(?<before>.+?)\.(?<number>\d{1,4})(?<after>\.[A-Za-z][\w.]*)?$/

const placeOf = (file: string): Place => {
  const folder = path.dirname(file)
  const name = path.basename(file)
  const bare = name.replace(compressed, '')
  const date = dated.exec(bare)?.groups
  if (date !== undefined) {
    const age = `${(date.date ?? '').replaceAll('-', '')} ${(date.time ?? '').padStart(10, '0')}`
    return { folder, base: `${date.before}${date.after ?? ''}`, rank: 0, age, name }
  }
  const number = numbered.exec(bare)?.groups
  if (number !== undefined) {
    const age = String(99_999 - Number(number.number)).padStart(5, '0')
    return { folder, base: `${number.before}${number.after ?? ''}`, rank: 1, age, name }
  }
  return { folder, base: bare, rank: 2, age: '', name }
}

/** The log that a file is a generation of: `/var/log/app/access.log` for `/var/log/app/access.log.3.gz`. */
export const logOf = (file: string): string => {
  const { base, name } = placeOf(file)
  return `${file.slice(0, file.length - name.length)}${base}`
}

/**
 * Order in which to read: by folder and log, and the generations of one log oldest first. `access.log.10.gz` comes before
 * `access.log.2`, that before `access.log.1`, and `access.log` last.
 */
export const compareInTime = (a: string, b: string): number => {
  const one = placeOf(a)
  const other = placeOf(b)
  return (
    compareText(one.folder, other.folder) ||
    compareText(one.base, other.base) ||
    one.rank - other.rank ||
    compareText(one.age, other.age) ||
    compareText(one.name, other.name)
  )
}
