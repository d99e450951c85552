/**
 * The terminal's colours: named by what they mean, and absent when the reader wants none.
 *
 * @module
 */

import type { Severity } from '../report.ts'

type Paint = (text: string) => string

export interface Palette {
  readonly strong: Paint
  readonly faint: Paint
  readonly accent: Paint
  readonly severity: Readonly<Record<Severity, Paint>>
}

/** SGR parameters (ECMA-48 §8.3.117) of the 16 colours that every terminal lets its user choose. */
function sgr(on: string, off: string): Paint {
  return (text) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`)
}

const coloured: Palette = {
  strong: sgr('1', '22'),
  faint: sgr('2', '22'),
  accent: sgr('36', '39'),
  severity: {
    critical: sgr('1;31', '22;39'),
    high: sgr('31', '39'),
    medium: sgr('33', '39'),
    low: sgr('36', '39'),
  },
}

const asIs: Paint = (text) => text

const plain: Palette = {
  strong: asIs,
  faint: asIs,
  accent: asIs,
  severity: { critical: asIs, high: asIs, medium: asIs, low: asIs },
}

export function palette(color: boolean): Palette {
  return color ? coloured : plain
}
