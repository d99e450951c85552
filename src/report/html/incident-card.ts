/**
 * One incident: what happened, how far it got, and inside it its findings.
 *
 * @module
 */

import { kindInWords } from '../entity.ts'
import { countOf, formatNumber, formatTimeRange } from '../format.ts'
import { tacticsText, type Story } from '../incident.ts'
import type { IncidentEntity } from '../report.ts'
import { attackLink, severityBadge } from './badges.ts'
import { findingCard } from './finding-card.ts'
import { type Content, type Markup, html } from './markup.ts'

const roles = { actor: 'Who', target: 'On', detail: 'With' } as const

export function incidentCards(stories: readonly Story[]): Markup | null {
  if (stories.length === 0) return null
  return html`<section class="incidents" aria-label="Incidents">
    ${stories.map((story) => incidentCard(story, stories.length === 1))}
  </section>`
}

/** Closed, a card is a line of the list of incidents; open, all about it. Where there is only one, it is open. */
function incidentCard({ incident, findings }: Story, open: boolean): Markup {
  const { rank, severity, risk, first, last, title } = incident
  const gist: readonly Content[] = [
    html`<span class="risk">Risk <b>${formatNumber(risk)}</b></span>`,
    severityBadge(severity),
    html`<span>${formatTimeRange(first, last, false)} UTC</span>`,
    html`<span>${countOf(findings.length, 'finding')}</span>`,
    ...(incident.tactics.length === 0 ? [] : [html`<span>${tacticsText(incident)}</span>`]),
  ]
  const card = html`<summary>
      <h2><span class="rank" aria-label="Incident ${rank}:">${rank}</span><span>${title}</span></h2>
      <span class="gist">${gist.map((each) => [each, ' '])}</span>
    </summary>
    ${incidentFacts(incident)} ${findings.map((finding) => findingCard(finding, findings.length === 1))}`
  return open
    ? html`<details class="incident ${severity}" id="incident-${rank}" open>${card}</details>`
    : html`<details class="incident ${severity}" id="incident-${rank}">${card}</details>`
}

function incidentFacts({ entities, tactics, events }: Story['incident']): Markup {
  const named = (role: IncidentEntity['role']): Content =>
    entities
      .filter((entity) => entity.role === role)
      .map(({ kind, value }, at) => [
        at === 0 ? '' : ', ',
        html`<span class="entity">${value}</span> <span class="soft">${kindInWords(kind)}</span>`,
      ])
  return html`<dl class="facts">
    ${(['actor', 'target', 'detail'] as const).map((role) =>
      entities.some((entity) => entity.role === role) ? fact(roles[role], named(role)) : null,
    )}
    ${fact('Events', formatNumber(events))}
    ${tactics.map(({ name, techniques }) =>
      fact(
        name,
        techniques.map((id) => [attackLink(id), ' ']),
      ),
    )}
  </dl>`
}

function fact(name: string, value: Content): Markup {
  return html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`
}
