/**
 * HTML and SVG text that is safe by construction: what goes into a template is escaped unless it came out of one.
 *
 * @module
 */

import { inert } from '../format.ts'

const trusted = Symbol('markup')

/** Only `html` and `verbatim` make one: no text from a report can pass for it. */
export interface Markup {
  readonly [trusted]: string
}

export type Content = Markup | string | number | null | readonly Content[]

/** Builds markup from a template; texts are made inert and escaped for element content and quoted attributes alike. */
export function html(strings: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return {
    [trusted]: strings
      .map(
        (text, at) =>
          text.replace(indentation, '\n') + (at < values.length ? written(values[at] ?? null) : ''),
      )
      .join(''),
  }
}

/** Text of our own that is markup, style or script already. Never for anything that comes from a report. */
export function verbatim(text: string): Markup {
  return { [trusted]: text }
}

export function markupText(markup: Markup): string {
  return markup[trusted]
}

/** Our own line breaks and what follows them: never significant here, as no template has preformatted text in it. */
const indentation = /\n\s+/g

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

/** Inert text with everything escaped that HTML or SVG could take for markup. */
function escapeHtml(text: string): string {
  return inert(text).replace(/[&<>"'`]/g, (character) => escapes[character] ?? '')
}

function written(value: Content): string {
  if (value === null) return ''
  if (typeof value === 'string') return escapeHtml(value)
  if (typeof value === 'number') return escapeHtml(String(value))
  return trusted in value ? value[trusted] : value.map(written).join('')
}
