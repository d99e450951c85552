/**
 * The report as one HTML file that needs nothing else: no network, no other file.
 *
 * @module
 */

import type { Finding, Report } from '../report.ts'
import { byIncident } from '../incident.ts'
import { verdict } from '../verdict.ts'
import { incidentCards } from './incident-card.ts'
import { html, markupText, verbatim } from './markup.ts'
import { masthead, overview } from './overview.ts'
import { whatWasLookedFor, whatWasRead } from './reading.ts'
import { hashSource, script } from './script.ts'
import { style } from './style.ts'

/** Nothing may be loaded, sent or run but this file's own style and script, each known by its hash. */
const policy = [
  "default-src 'none'",
  `style-src ${hashSource(style)}`,
  `script-src ${hashSource(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/**
 * The whole page. The same report gives the same bytes.
 *
 * @param options.version - of Winnow, for the footer
 */
export function renderHtml(report: Report, options: { readonly version?: string } = {}): string {
  const { summary, findings } = report
  return markupText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${verbatim(policy)}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="referrer" content="no-referrer" />
          <title>Winnow: ${verdict(report)}</title>
          ${verbatim(`<style>${style}</style>`)}
        </head>
        <body>
          <div class="page">
            ${masthead(report)}
            <main>
              ${overview(report)} ${incidentCards(byIncident(report))} ${whatWasRead(summary)}
              ${whatWasLookedFor(summary, countByDetector(findings))}
            </main>
            <footer>
              Made by Winnow${options.version === undefined ? null : ` ${options.version}`}. This file holds
              lines of your logs: share it as you would share them.
            </footer>
          </div>
          ${verbatim(`<script>${script}</script>`)}
        </body>
      </html> `,
  )
}

function countByDetector(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { detector } of findings) counts.set(detector, (counts.get(detector) ?? 0) + 1)
  return counts
}
