/**
 * Lines of a file that say which columns the lines after them have.
 *
 * @module
 */
import type { Header, ZeekHeader } from './context.ts'
import { csvFields, type LineShape } from './line.ts'
import type { Parser } from './parser.ts'

interface NumberedLine {
  readonly line: number
  readonly text: string
}

const zeekStarts = ['#separator', '#unset_field', '#empty_field', '#path', '#open', '#fields']

/** What the header lines of a shape start with; none for shapes without. */
export const headerStarts = (shape: LineShape): readonly string[] => {
  if (shape.kind === 'zeek') return zeekStarts
  return shape.kind === 'delimited' && shape.header !== undefined ? [shape.header] : []
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\x([0-9a-fA-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))

const newBlock = { separator: '\t', unset: '-', empty: '(empty)', path: '', open: '' } satisfies ZeekHeader

/** Zeek's blocks: each `#fields` with what was said since the last `#separator`. */
const zeekHeaders = (lines: readonly NumberedLine[]): Header[] => {
  const headers: Header[] = []
  let block: ZeekHeader = newBlock
  for (const { line, text } of lines) {
    // The line that names the separator comes before it is known, and has a space there.
    const named = /^#separator[ \t](\S+)/.exec(text)?.[1]
    if (named !== undefined) block = { ...newBlock, separator: unescaped(named) }
    if (!text.startsWith('#')) continue
    const [key, ...values] = text.replace(/[\r\n]+$/, '').split(block.separator)
    const [value = ''] = values
    if (key === '#unset_field') block = { ...block, unset: unescaped(value) }
    if (key === '#empty_field') block = { ...block, empty: unescaped(value) }
    if (key === '#path') block = { ...block, path: value }
    if (key === '#open') block = { ...block, open: value }
    if (key === '#fields') headers.push({ line, names: values, zeek: block })
  }
  return headers
}

/** A header names all columns, in any order: a value may well be the name of its column. Headers that say the same again are left out. */
const csvHeaders = (lines: readonly NumberedLine[], shape: Extract<LineShape, { kind: 'csv' }>): Header[] => {
  const headers = lines.flatMap(({ line, text }) => {
    const names = csvFields(text.trimEnd(), shape.separator).map((name) => name.trim())
    return shape.names.every((name) => names.includes(name)) ? [{ line, names }] : []
  })
  return headers.filter(({ names }, i) => names.join('\0') !== headers[i - 1]?.names.join('\0'))
}

/**
 * The header lines of a file as its parser needs them in `context.headers`. `lines` may be all lines or only those that
 * look like headers; `line` counts from 0. Empty for formats without header lines.
 */
export const headersOf = (lines: readonly NumberedLine[], parser: Parser): readonly Header[] => {
  const shapes = new Map(parser.variants.map(({ shape }) => [JSON.stringify(shape), shape]))
  return [...shapes.values()].flatMap((shape) => {
    if (shape.kind === 'zeek') return zeekHeaders(lines)
    if (shape.kind === 'csv') return csvHeaders(lines, shape)
    if (shape.kind !== 'delimited' || shape.header === undefined) return []
    const { header, separator } = shape
    return lines
      .filter(({ text }) => text.startsWith(header))
      .map(({ line, text }) => ({
        line,
        names: text
          .slice(header.length)
          .trim()
          .split(separator)
          .filter((name) => name !== ''),
      }))
  })
}

/** What lines start with that are about the file, not events. */
export const commentStart = (shape: LineShape): string | undefined => {
  if (shape.kind === 'zeek') return '#'
  return shape.kind === 'delimited' ? (shape.comment ?? shape.header) : undefined
}
