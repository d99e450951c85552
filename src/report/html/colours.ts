/**
 * The page's colours. Every text colour stands at least 4.5:1 against every ground it is used on (WCAG 2.2, 1.4.3).
 *
 * @module
 */

export interface Theme {
  /** Grounds. */
  readonly paper: string
  readonly surface: string
  readonly wash: string
  /** Texts. */
  readonly ink: string
  readonly soft: string
  readonly accent: string
  readonly critical: string
  readonly high: string
  readonly medium: string
  readonly low: string
  /** Lines and fills that carry no text. */
  readonly line: string
  readonly quiet: string
  readonly track: string
}

export const light: Theme = {
  paper: '#f7f7f4',
  surface: '#ffffff',
  wash: '#f1f3f0',
  ink: '#1a2126',
  soft: '#57626b',
  accent: '#0a655e',
  critical: '#a5123f',
  high: '#ad4008',
  medium: '#785800',
  low: '#466073',
  line: '#dfe2dd',
  quiet: '#a9b6b9',
  track: '#eef0ed',
}

export const dark: Theme = {
  paper: '#101417',
  surface: '#171c20',
  wash: '#1e252a',
  ink: '#e4e9eb',
  soft: '#9dabb4',
  accent: '#63cbbd',
  critical: '#ff7f9d',
  high: '#ff9c66',
  medium: '#e2b953',
  low: '#a2b8ca',
  line: '#2c353b',
  quiet: '#56656f',
  track: '#20272c',
}

/** Ink on paper: nothing that drinks toner. */
export const print: Theme = {
  ...light,
  paper: '#ffffff',
  wash: '#ffffff',
  track: '#ffffff',
  quiet: '#9aa7aa',
}

/** The theme as custom properties: `--paper: #f7f7f4; …`. */
export function properties(theme: Theme): string {
  return Object.entries(theme)
    .map(([name, colour]) => `--${name}: ${String(colour)};`)
    .join(' ')
}
