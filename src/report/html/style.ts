/**
 * The page's style sheet.
 *
 * @module
 */

import { dark, light, print, properties } from './colours.ts'
import { chartStyle } from './chart-style.ts'

export const style = `
:root { color-scheme: light dark; ${properties(light)}
  --mono: ui-monospace, "SF Mono", SFMono-Regular, "Cascadia Mono", "Segoe UI Mono", Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace; }
@media screen and (prefers-color-scheme: dark) { :root { ${properties(dark)} } }
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.page { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3, h4, p, dl, dd, ol, ul, figure, table { margin: 0; padding: 0; }
h1, h2, h3 { text-wrap: balance; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px; }
a:focus-visible, button:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
code, .entity, .place { font-family: var(--mono); font-size: .86em; }
code, .entity, .place, .who { unicode-bidi: isolate; }
.soft { color: var(--soft); font-weight: 400; }
.strong { font-weight: 650; }

.masthead { padding: 28px 0 8px; }
.brand { display: flex; align-items: center; gap: 9px; font-size: 13px; color: var(--soft); }
.brand b { color: var(--ink); font-weight: 650; letter-spacing: -.01em; font-size: 15px; }
.brand .when { margin-left: auto; text-align: right; }
.brand .grain { fill: var(--quiet); } .brand .grain.kept { fill: var(--accent); }
h1 { font-size: clamp(26px, 4.4vw, 40px); line-height: 1.14; letter-spacing: -.024em; font-weight: 660; margin: 44px 0 12px; max-width: 30em; }
.lede { font-size: 17px; line-height: 1.5; max-width: 46em; color: var(--soft); text-wrap: pretty; }
.lede code { white-space: nowrap; }
.lede + .lede { margin-top: 8px; }
.lede strong { color: var(--ink); font-weight: 600; }
.commands { list-style: none; margin-top: 16px; display: grid; gap: 12px; }
.commands code { display: block; margin-top: 4px; padding: 8px 12px; background: var(--wash); border-radius: 5px; color: var(--ink); font-size: 14px; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); margin: 32px 0 0; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.figures div { padding: 13px 12px 13px 0; }
.figures dt { font-size: 12.5px; color: var(--soft); }
.figures dd { font-size: 21px; line-height: 1.3; font-weight: 600; letter-spacing: -.015em; }
.figures .note { display: block; font-size: 12.5px; line-height: 1.35; font-weight: 400; letter-spacing: 0; color: var(--soft); }

h2 { font-size: 20px; line-height: 1.3; letter-spacing: -.014em; font-weight: 650; margin: 48px 0 12px; }
h2 + .intro { color: var(--soft); margin: -6px 0 14px; max-width: 46em; }
h4 { font-size: 13.5px; font-weight: 600; margin-bottom: 6px; }

table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-size: 13.5px; font-weight: 600; padding-bottom: 6px; }
th, td { text-align: left; vertical-align: top; padding: 8px 14px 8px 0; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { font-size: 12.5px; color: var(--soft); padding-top: 0; padding-bottom: 6px; border-bottom: 1px solid var(--line); vertical-align: bottom; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
.number { text-align: right; white-space: nowrap; }
tbody th { overflow-wrap: anywhere; }

.badge { display: inline-flex; align-items: baseline; gap: 7px; font-weight: 600; font-size: 13.5px; }
.badge .on { fill: currentColor; } .badge .off { fill: var(--line); }
.critical { --severity: var(--critical); } .high { --severity: var(--high); } .medium { --severity: var(--medium); } .low { --severity: var(--low); }
.badge { color: var(--severity); }

.incidents { display: grid; gap: 12px; margin-top: 36px; }
.incident { background: var(--surface); border: 1px solid var(--line); border-left: 4px solid var(--severity); border-radius: 8px; padding: 0 24px; }
.incident > summary { position: relative; list-style: none; cursor: pointer; padding: 16px 28px 15px 0; }
.incident > summary::-webkit-details-marker { display: none; }
.incident > summary::after { content: ''; position: absolute; right: 4px; top: 26px; width: 8px; height: 8px; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); }
.incident[open] > summary::after { transform: rotate(225deg); top: 30px; }
.incident > summary:hover h2 > :last-child { text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 3px; }
.incident h2 { display: flex; gap: 14px; margin: 0; font-size: 18px; line-height: 1.32; }
.incident h2 .rank { color: var(--soft); font-weight: 500; min-width: .7em; }
.gist { display: flex; flex-wrap: wrap; align-items: baseline; gap: 3px 18px; margin: 5px 0 0 calc(14px + .8em); font-size: 13.5px; color: var(--soft); }
.risk b { color: var(--severity); font-weight: 650; }
.incident > .facts { margin-top: 0; }
.finding { border-top: 1px solid var(--line); padding: 20px 0 22px; margin-top: 20px; }
.incident .finding h3 { font-size: 17px; }
.finding.alone h3 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.over { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 16px; }
.over .entity { font-weight: 600; font-size: 13.5px; }
h3 { display: flex; gap: 14px; font-size: 21px; line-height: 1.28; letter-spacing: -.014em; font-weight: 640; margin: 8px 0 4px; }
h3 .rank { color: var(--soft); font-weight: 500; white-space: nowrap; }
.rarity { color: var(--accent); font-weight: 550; }
.facts { display: flex; flex-wrap: wrap; gap: 10px 28px; margin-top: 14px; padding-top: 13px; border-top: 1px solid var(--line); font-size: 13.5px; }
.facts div { max-width: 100%; }
.facts dt { color: var(--soft); font-size: 12.5px; }
a.tag { white-space: nowrap; }
.charts { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 6fr); gap: 18px 40px; margin-top: 20px; align-items: start; }
.charts > :only-child { grid-column: 1 / -1; }
.details { margin-top: 20px; } .details .tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(220px, 1fr)); gap: 12px 40px; align-items: start; }
h5 { font-size: 12.5px; color: var(--soft); font-weight: 400; margin: 0; } .names { list-style: none; font-size: 13.5px; } .names li { padding: 3px 0; }
.evidence, .filter, .knowledge { margin-top: 20px; } .knowledge .facts { margin-top: 6px; padding-top: 8px; }
.evidence ol { list-style: none; }
.evidence > ol, .evidence details { background: var(--wash); border-radius: 5px; padding: 4px 12px; }
.evidence > ol { max-height: 30rem; overflow-y: auto; }
.evidence details { margin-top: 4px; } .evidence summary { padding: 4px 0; font-size: 13.5px; color: var(--accent); cursor: pointer; }
.evidence li { padding: 5px 0; line-height: 1.45; }
.evidence li + li { border-top: 1px solid var(--line); }
.evidence .place { color: var(--soft); display: block; font-size: 12px; }
.evidence code { font-size: 12.5px; white-space: pre-wrap; }
@media screen and (min-width: 821px), print {
  .evidence ol { display: grid; grid-template-columns: fit-content(30%) minmax(0, 1fr); column-gap: 16px; }
  .evidence li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: baseline; }
  .evidence li > :not(.place) { grid-column: 2; } .evidence li > :first-child:not(.place) { grid-column: 1 / -1; }
}
.filter p { display: flex; gap: 8px; align-items: start; }
.filter code { flex: 1; min-width: 0; background: var(--wash); border-radius: 5px; padding: 7px 12px; font-size: 12.5px; white-space: pre-wrap; user-select: all; }
button { font: inherit; font-size: 13.5px; color: var(--accent); background: none; border: 1px solid var(--line); border-radius: 5px; padding: 4px 12px; cursor: pointer; min-height: 34px; }
button:hover { border-color: currentColor; }

.read { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 12px 48px; align-items: start; }
.read > :only-child { grid-column: 1 / -1; }
.read td, .read tbody th { font-size: 13.5px; }
.read .note, .read .example { display: block; color: var(--soft); font-size: 12.5px; }
.detectors { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 22px; }
footer { margin: 56px 0 36px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
${chartStyle}
@media screen and (max-width: 820px) { .charts, .read { grid-template-columns: minmax(0, 1fr); } }
@media screen and (max-width: 640px) {
  .page { padding: 0 16px; }
  .masthead { padding-top: 18px; } .brand .when { display: none; }
  h1 { margin-top: 30px; } h2 { margin-top: 38px; } .lede { font-size: 16px; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); } .figures dd { font-size: 19px; }
  .incident { margin-left: -16px; margin-right: -16px; border-right: 0; border-radius: 0; padding: 0 16px 0 12px; } .incident h2 { font-size: 16.5px; gap: 10px; } .gist { margin-left: 0; }
  h3, .incident .finding h3 { font-size: 16px; gap: 10px; }
  th, td { padding-right: 10px; } .evidence > ol { max-height: none; }
  .filter p { flex-direction: column; align-items: stretch; } .filter code { flex: none; }
  .filter button { align-self: flex-start; min-height: 44px; padding: 4px 18px; }
}
@media print {
  @page { margin: 14mm 13mm; }
  :root { color-scheme: light; ${properties(print)} }
  body { font-size: 9.5pt; } .page { max-width: none; padding: 0; }
  .masthead { padding-top: 0; } h1 { font-size: 22pt; margin-top: 20pt; } h2 { margin-top: 22pt; }
  .incident { border-width: 1pt 0 0; border-radius: 0; padding: 8pt 0 0; margin-top: 14pt; } .incident > summary { padding: 0 0 6pt; } .incident > summary::after { display: none; }
  .finding { border-top-width: .5pt; padding: 8pt 0 0; margin-top: 12pt; } .incident h2 { font-size: 14pt; } .incident .finding h3 { font-size: 12pt; }
  .finding > header, .facts, .charts, .evidence, .evidence li, .filter, tr, figure { break-inside: avoid; }
  h2, h3, h4, caption, thead, .rarity, header, .facts, .incident > summary { break-after: avoid; }
  .evidence > ol { max-height: none; overflow: visible; } .evidence > ol, .evidence details, .filter code { padding-left: 0; padding-right: 0; }
  .figures { grid-template-columns: repeat(7, 1fr); } .figures dd { font-size: 13pt; } .lede { font-size: 11pt; }
  h3 { font-size: 13pt; } .charts { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 10pt 18pt; margin-top: 10pt; } .facts { margin-top: 8pt; padding-top: 8pt; gap: 6pt 18pt; }
  .evidence, .filter { margin-top: 10pt; } .evidence code, .evidence .place, .filter code { font-size: 7.5pt; }
  th, td { padding-right: 8pt; } .reasons td, .reasons tbody th { padding-top: 4pt; padding-bottom: 5pt; font-size: 8.5pt; }
  .facts, caption, .legend, .time-chart figcaption, .figures .note { font-size: 8pt; } svg text, svg .lane .who { font-size: 8pt; }
  details::details-content { content-visibility: visible; block-size: auto; } .evidence summary, button { display: none !important; }
  a { color: inherit; text-decoration: none; }
}
`
