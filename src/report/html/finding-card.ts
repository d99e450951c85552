/**
 * One finding in full.
 *
 * @module
 */

import { kindInWords } from '../entity.ts'
import { countOf, formatNumber, formatSurprise, formatTimeRange } from '../format.ts'
import { knownSubjects, missingText } from '../knowledge.ts'
import type { EvidenceLine, Finding } from '../report.ts'
import { attackLink, severityBadge } from './badges.ts'
import { detailBlocks } from './details.ts'
import { type Content, type Markup, html } from './markup.ts'
import { reasonsTable } from './reason-chart.ts'
import { activityChart } from './time-chart.ts'

/** Lines shown at once; the others open on a click, and on paper. */
const shownLines = 8
/** UTF-16 units: a line longer than this says nothing more to an eye. */
const longestLine = 2000

/** @param alone whether it is all there is of its incident, whose title is its title then */
export function findingCard(finding: Finding, alone: boolean): Markup {
  const { rank, severity, entity, attack, related, evidence } = finding
  return html`<article
    class="${alone ? 'finding alone' : 'finding'} ${severity}"
    id="finding-${rank}"
    aria-labelledby="finding-${rank}-title"
  >
    <header>
      <p class="over">${severityBadge(severity)}<span class="entity">${entity.value}</span></p>
      <h3 id="finding-${rank}-title">
        <span class="rank" aria-label="Finding ${rank}:">#${rank}</span><span>${finding.title}</span>
      </h3>
      <p class="rarity">${finding.rarity}</p>
    </header>
    <dl class="facts">
      ${fact('When (UTC)', formatTimeRange(finding.first, finding.last))}
      ${fact('Events', formatNumber(finding.events))} ${fact('Surprise', formatSurprise(finding.surprise))}
      ${fact('Detector', finding.detector)}
      ${(entity.parts ?? [entity]).map(({ kind, value }) => fact(kindInWords(kind), value))}
      ${related.length === 0 ? null : fact('With', related.map(({ value }) => value).join(', '))}
      ${
        attack.length === 0
          ? null
          : fact(
              'ATT&CK',
              attack.map((id) => [attackLink(id), ' ']),
            )
      }
    </dl>
    <div class="charts">${activityChart(finding)} ${reasonsTable(finding)}</div>
    ${detailBlocks(finding)} ${knowledgeBlock(finding)} ${evidenceBlock(finding)}
    ${
      evidence.filter === ''
        ? null
        : html`<section class="filter">
            <h4 id="filter-${rank}-title">Filter for all of its events</h4>
            <p>
              <code id="filter-${rank}" class="copyable">${evidence.filter}</code
              ><button
                type="button"
                hidden
                data-copies="filter-${rank}"
                aria-describedby="filter-${rank}-title"
              >
                Copy
              </button>
            </p>
          </section>`
    }
  </article>`
}

function fact(name: string, value: Content): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}

function knowledgeBlock({ knowledge }: Finding): readonly Markup[] {
  return knownSubjects(knowledge).map(
    ({ about, facts, missing }) =>
      html`<section class="knowledge">
        <h4>Known of ${about} <span class="soft">from elsewhere than the logs</span></h4>
        <dl class="facts">
          ${facts.map(({ source, label, value }) => fact(source === label ? label : `${source}: ${label}`, value))}
          ${missing.length === 0 ? null : fact('Not learned', missingText(missing))}
        </dl>
      </section>`,
  )
}

function evidenceBlock({ evidence, rank }: Finding): Markup | null {
  const lines =
    evidence.places.length > 0
      ? evidence.places.map((place) => evidenceLine(place.text, place))
      : evidence.lines.map((text) => evidenceLine(text))
  if (lines.length === 0) return null
  const rest = lines.slice(shownLines)
  return html`<section class="evidence" aria-labelledby="evidence-${rank}">
    <h4 id="evidence-${rank}">Evidence <span class="soft">raw lines</span></h4>
    <ol>
      ${lines.slice(0, shownLines)}
    </ol>
    ${
      rest.length === 0
        ? null
        : html`<details>
            <summary>${countOf(rest.length, 'more line')}</summary>
            <ol>
              ${rest}
            </ol>
          </details>`
    }
  </section>`
}

function evidenceLine(text: string, place?: EvidenceLine): Markup {
  const beyond = text.length - longestLine
  return html`<li>
    ${
      place === undefined ? null : html`<span class="place">${place.path}:${place.line}</span> `
    }<code>${text.slice(0, longestLine)}</code>${
      beyond > 0 ? html` <span class="soft">… ${countOf(beyond, 'more character')}</span>` : null
    }
  </li>`
}
