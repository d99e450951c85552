/**
 * Small marks that several parts of the page share.
 *
 * @module
 */

import type { Severity } from '../report.ts'
import { severityLevel } from '../severity.ts'
import { type Markup, html } from './markup.ts'

/** The severity as a word and as one to four filled bars: never by colour alone. */
export function severityBadge(severity: Severity): Markup {
  const level = severityLevel(severity)
  return html`<span class="badge ${severity}"
    ><svg aria-hidden="true" width="19" height="12">
      ${[1, 2, 3, 4].map(
        (step) =>
          html`<rect
            class="${step <= level ? 'on' : 'off'}"
            x="${(step - 1) * 5}"
            y="${12 - step * 3}"
            width="4"
            height="${step * 3}"
          />`,
      )}</svg
    >${severity.charAt(0).toUpperCase() + severity.slice(1)}</span
  >`
}

/** A technique's id, leading to its page where it is one; other text stays text. */
export function attackLink(id: string): Markup {
  const parts = /^(T\d{4})(?:\.(\d{3}))?$/.exec(id)
  if (parts === null) return html`<span class="tag">${id}</span>`
  const path = parts[2] === undefined ? (parts[1] ?? '') : `${parts[1] ?? ''}/${parts[2]}`
  return html`<a class="tag" rel="noreferrer" href="https://attack.mitre.org/techniques/${path}/">${id}</a>`
}
