/**
 * What of a request's text is judged: without its coding, and with words and numbers as one character each.
 *
 * @module
 */

/** Of longer texts only the beginning is read: no server takes longer lines. */
export const longestText = 8192

const hexDigit = (code: number): number => {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}

const percent = 37

/** Takes away one layer of percent coding, in place; returns how many bytes are left. */
const decodeOnce = (bytes: Uint8Array, length: number): number => {
  let to = 0
  for (let from = 0; from < length; to++) {
    const high = bytes[from] === percent ? hexDigit(bytes[from + 1] ?? 0) : -1
    const low = high < 0 ? -1 : hexDigit(bytes[from + 2] ?? 0)
    const whole = low >= 0 && from + 2 < length
    bytes[to] = whole ? high * 16 + low : (bytes[from] ?? 0)
    from += whole ? 3 : 1
  }
  return to
}

/** ASCII written as two bytes, which UTF-8 forbids and some servers once read: `C0 AE` for a dot. */
const shortenOverlong = (bytes: Uint8Array, length: number): number => {
  let to = 0
  for (let from = 0; from < length; to++) {
    const lead = bytes[from] ?? 0
    const next = bytes[from + 1] ?? 0
    const overlong = (lead === 0xc0 || lead === 0xc1) && from + 1 < length && next >= 0x80 && next < 0xc0
    bytes[to] = overlong ? (lead & 1) * 64 + (next & 0x3f) : lead
    from += overlong ? 2 : 1
  }
  return to
}

/** The same, where all of it is well-formed: several times as fast. Null where it is not. */
const decodedQuickly = (text: string): string | null => {
  try {
    const once = decodeURIComponent(text)
    return once.includes('%') ? decodeURIComponent(once) : once
  } catch {
    return null
  }
}

/**
 * A text without its percent coding, undone twice: attacks are coded twice to pass filters. Bytes that are no UTF-8 are read
 * as Latin-1. Total: whatever is damaged stays as it is.
 *
 * @param form whether `+` stands for a space, as it does in queries
 */
export function decodedText(text: string, form: boolean): string {
  const cut = text.length > longestText ? text.slice(0, longestText) : text
  const spaced = form && cut.includes('+') ? cut.replaceAll('+', ' ') : cut
  if (!spaced.includes('%')) return spaced
  const usual = decodedQuickly(spaced)
  if (usual !== null) return usual
  const bytes = Buffer.from(spaced, 'utf8')
  const once = decodeOnce(bytes, bytes.length)
  const left = bytes.subarray(0, shortenOverlong(bytes, decodeOnce(bytes, once)))
  const decoded = left.toString('utf8')
  return decoded.includes('\ufffd') ? left.toString('latin1') : decoded
}

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }
const entity = /&(?:(lt|gt|quot|apos|amp)|#(\d{1,6})|#x([0-9a-f]{1,5}));/gi

/** A text without the character references of HTML, which sloppy links and some attacks carry. */
export function withoutEntities(text: string): string {
  if (!text.includes(';')) return text
  return text.replaceAll(entity, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

const letter = /[\p{L}\p{M}]/u
const digit = /\p{N}/u
/** So many of the same sign in a row say as much as more of them. */
const mostAlike = 3

const shapeOf = (character: string): string => {
  const code = character.charCodeAt(0)
  if (code < 128) {
    const lower = code | 32
    if (lower >= 97 && lower <= 122) return 'a'
    return code >= 48 && code <= 57 ? '0' : character
  }
  if (letter.test(character)) return 'a'
  return digit.test(character) ? '0' : 'ø'
}

/**
 * A text with words and numbers of any length as `a` and `0`, in any script; signs stay, at most three of one in a row, and
 * those beyond ASCII are `ø`: `O'Brien, 2 Main St.` is `a'a, 0 a a.`.
 */
export function textShape(text: string): string {
  // Printable ASCII, which is nearly all, is done where regular expressions are compiled.
  if (printable.test(text))
    return text
      .replaceAll(/[A-Za-z]+/g, 'a')
      .replaceAll(/\d+/g, '0')
      .replaceAll(/([^a0])\1{3,}/g, '$1$1$1')
  return shapeByCharacter(text)
}

const printable = /^[ -~]*$/

/** The same of any text, a character at a time. */
export function shapeByCharacter(text: string): string {
  let shape = ''
  let last = ''
  let alike = 0
  // By code point: a pair of surrogates is one sign.
  for (const character of text) {
    const sign = shapeOf(character)
    alike = sign === last ? alike + 1 : 1
    last = sign
    const most = sign === 'a' || sign === '0' || sign === 'ø' ? 1 : mostAlike
    if (alike <= most) shape += sign
  }
  return shape
}
