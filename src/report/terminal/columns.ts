/**
 * Text in columns of terminal cells. Everything here expects inert text, without colours: colour is added last.
 *
 * @module
 */

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u

/** Cells that a text takes up: two for a wide character, none for a combining mark. */
export function cells(text: string): number {
  let sum = 0
  for (const character of text) sum += cellsOf(character)
  return sum
}

function cellsOf(character: string): number {
  if (character < '\u0300') return 1
  return /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
}

/** The text in at most `width` cells; what had to go is marked by `…`. */
export function cut(text: string, width: number): string {
  if (width <= 0) return ''
  // Bounds the work, and how many combining marks may pile up.
  const head = text.length > width * 4 ? text.slice(0, width * 4) : text
  if (head.length === text.length && cells(text) <= width) return text
  let kept = ''
  let used = 0
  for (const character of head) {
    const next = used + cellsOf(character)
    if (next > width - 1) break
    kept += character
    used = next
  }
  return `${kept}…`
}

/** The end of the text in at most `width` cells. */
export function cutStart(text: string, width: number): string {
  if (cells(text) <= width || width <= 0) return cut(text, width)
  const kept = Array.from(text.slice(-width * 4))
  while (kept.length > 0 && cells(kept.join('')) > width - 1) kept.shift()
  return `…${kept.join('')}`
}

/** The text cut or filled with spaces to exactly `width` cells. */
export function fill(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const short = cut(text, width)
  const space = ' '.repeat(Math.max(0, width - cells(short)))
  return align === 'left' ? short + space : space + short
}

/** Lines of at most `width` cells, broken at spaces, and inside words only where one is wider than a line. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ').flatMap((word) => pieces(word, width))) {
    if (line !== '' && cells(line) + 1 + cells(word) > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return line === '' ? lines : [...lines, line]
}

function pieces(word: string, width: number): readonly string[] {
  if (cells(word) <= width) return [word]
  const found: string[] = []
  let piece = ''
  for (const character of word) {
    if (piece !== '' && cells(piece) + cellsOf(character) > width) {
      found.push(piece)
      piece = ''
    }
    piece += character
  }
  return [...found, piece]
}

export interface Column {
  readonly head: string
  readonly align?: 'left' | 'right'
  /** Which part stays of a text that is too wide: of a path, its end says more. */
  readonly keep?: 'start' | 'end'
  /** Cells at most. */
  readonly most?: number
  /** Gives up its cells first where the table is too wide. */
  readonly yields?: boolean
}

/**
 * How wide each column is drawn, so that all fit into `width` cells with two between them: as wide as the widest
 * cell, then the columns that yield get narrower, the widest of them first, down to eight cells.
 */
export function columnWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = columns.map((column, at) =>
    Math.min(column.most ?? width, Math.max(cells(column.head), ...rows.map((row) => cells(row[at] ?? '')))),
  )
  let excess = widths.reduce((sum, each) => sum + each, 2 * (columns.length - 1)) - width
  while (excess > 0) {
    const yielding = columns.flatMap((column, at) => (column.yields && (widths[at] ?? 0) > 8 ? [at] : []))
    const widest = yielding.reduce<number | undefined>(
      (best, at) => (best === undefined || (widths[at] ?? 0) > (widths[best] ?? 0) ? at : best),
      undefined,
    )
    if (widest === undefined) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess--
  }
  return widths
}

/** One row of cells at the given widths, without spaces at its end. */
export function row(texts: readonly string[], columns: readonly Column[], widths: readonly number[]): string {
  return texts
    .map((text, at) => {
      const room = widths[at] ?? 0
      return fill(columns[at]?.keep === 'end' ? cutStart(text, room) : text, room, columns[at]?.align)
    })
    .join('  ')
    .trimEnd()
}

/** A share of 1 as a bar of `width` cells, exact to an eighth of a cell. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share || 0)) * width * 8)
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? ''
  return fill('█'.repeat(Math.floor(eighths / 8)) + rest, width)
}
