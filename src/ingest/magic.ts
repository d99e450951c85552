/**
 * What a file is, by its first bytes; never by its name.
 *
 * @module
 */
import type { Compression } from '../engine/engine.ts'

const signatures: readonly (readonly [hex: string, Compression])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bz2'],
]

const startsWithHex = (head: Buffer, hex: string, at = 0): boolean =>
  head.subarray(at, at + hex.length / 2).equals(Buffer.from(hex, 'hex'))

export const compressionOf = (head: Buffer): Compression => {
  const found = signatures.find(([hex]) => startsWithHex(head, hex))?.[1] ?? 'none'
  // A log may begin with the letters BZh: an archive goes on with a level and a block's or the end's number.
  if (found === 'bz2' && !['314159265359', '177245385090'].some((hex) => startsWithHex(head, hex, 4)))
    return 'none'
  return found
}

/** What a file that is no log seems to be; with `at`, where the bytes stand. */
const binaries: readonly (readonly [hex: string, what: string, at?: number])[] = [
  ['504b0304', 'a ZIP archive; unpack it first'],
  ['7573746172', 'a tar archive; unpack it first', 257],
  ['377abcaf271c', 'a 7-Zip archive; unpack it first'],
  ['52617221', 'a RAR archive; unpack it first'],
  ['04224d18', 'an LZ4 archive; unpack it first'],
  ['7f454c46', 'a program'],
  ['4d5a90', 'a program'],
  ['25504446', 'a PDF document'],
  ['89504e47', 'an image'],
  ['ffd8ff', 'an image'],
  ['47494638', 'an image'],
  ['53514c69746520666f726d6174', 'an SQLite database'],
  ['d4c3b2a1', 'a packet capture'],
  ['a1b2c3d4', 'a packet capture'],
  ['0a0d0d0a', 'a packet capture'],
  ['456c6646696c6500', 'a Windows event log; export it as text first'],
  ['4c504b5348485248', 'a systemd journal; export it with journalctl -o json'],
  ['50415231', 'a Parquet file'],
  ['28b52ffd', 'a Zstandard archive within another; unpack it first'],
  ['1f8b08', 'a gzip archive within another; unpack it first'],
]

export type Content =
  /** `bom` where it begins with the UTF-8 byte order mark. */
  | { readonly kind: 'text'; readonly bom: boolean; readonly lineEnds: 'LF' | 'CR' }
  /** `what` follows "seems to be". */
  | { readonly kind: 'other'; readonly what: string }

const share = (bytes: Uint8Array, counts: (byte: number) => boolean): number => {
  let count = 0
  for (const byte of bytes) if (counts(byte)) count++
  return bytes.length === 0 ? 0 : count / bytes.length
}

/** Not written in text: all control characters but tab, line ends, form feed, backspace and escape. */
const isControl = (byte: number): boolean => byte < 32 && (byte < 7 || byte > 13) && byte !== 27

/**
 * Whether decompressed bytes from the beginning of a file are text. NUL bytes alone don't make a file binary: a log that
 * was cut back while it was written begins with a run of them.
 */
export const contentOf = (head: Buffer): Content => {
  const known = binaries.find(([hex, , at]) => startsWithHex(head, hex, at))
  if (known !== undefined) return { kind: 'other', what: known[1] }
  const wide = (at: 0 | 1): number =>
    share(
      head.filter((_, i) => i % 2 === at),
      (byte) => byte === 0,
    )
  if (
    startsWithHex(head, 'fffe') ||
    startsWithHex(head, 'feff') ||
    (head.length > 8 && Math.max(wide(0), wide(1)) > 0.7 && Math.min(wide(0), wide(1)) < 0.1)
  ) {
    return { kind: 'other', what: 'text in UTF-16; convert it to UTF-8 with iconv first' }
  }
  const written = head.filter((byte) => byte !== 0)
  if (share(written, isControl) > 0.05) return { kind: 'other', what: 'a binary file' }
  const lineEnds = head.includes(13) && !head.includes(10) ? 'CR' : 'LF'
  return { kind: 'text', bom: startsWithHex(head, 'efbbbf'), lineEnds }
}
