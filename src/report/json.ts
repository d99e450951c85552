/**
 * The report as JSON: what `winnow hunt --json` prints on stdout.
 *
 * @module
 */

import type { Detail, EntityRef, Finding, Incident, ListSummary, Report, Summary } from './report.ts'

/**
 * The documented fields and no others, indented by two, ending in a newline. Characters that a terminal or an editor
 * would act on are written as `\u` escapes, which JSON readers turn back into the exact text.
 */
export function renderJson(report: Report): string {
  const documented = {
    version: report.version,
    summary: pickSummary(report.summary),
    findings: report.findings.map(pickFinding),
    incidents: report.incidents.map(pickIncident),
  } satisfies Report
  return `${JSON.stringify(documented, null, 2).replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, unicodeEscape)}\n`
}

function unicodeEscape(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }).join('')
}

function pickSummary(summary: Summary): Summary {
  const { files, lines, parsed, rejected, first, last, seconds, detectors, belowBudget } = summary
  return {
    files,
    lines,
    parsed,
    rejected,
    first,
    last,
    seconds,
    detectors: [...detectors],
    sources: summary.sources.map(({ path, format, lines, rejected, note }) => ({
      path,
      format,
      lines,
      rejected,
      ...(note === undefined ? {} : { note }),
    })),
    rejects: summary.rejects.map(({ reason, lines, example }) => ({ reason, lines, example })),
    activity: summary.activity.map(({ time, events }) => ({ time, events })),
    belowBudget,
    ...(summary.lists === undefined ? {} : { lists: summary.lists.map(pickList) }),
  }
}

function pickList({ path, kind, entries, bad, firstBad }: ListSummary): ListSummary {
  return { path, kind, entries, bad, ...(firstBad === undefined ? {} : { firstBad }) }
}

function pickFinding(finding: Finding): Finding {
  const { rank, id, detector, severity, surprise, first, last, events, title, rarity } = finding
  return {
    rank,
    id,
    detector,
    severity,
    surprise,
    entity: pickEntity(finding.entity),
    related: finding.related.map(pickNamed),
    ...(finding.company === undefined ? {} : { company: finding.company.map(pickNamed) }),
    first,
    last,
    events,
    attack: [...finding.attack],
    title,
    ...(finding.phrase === undefined ? {} : { phrase: finding.phrase }),
    rarity,
    reasons: finding.reasons.map(({ feature, label, observed, typical, share, unit }) => ({
      feature,
      label,
      observed,
      typical,
      share,
      unit,
    })),
    evidence: {
      filter: finding.evidence.filter,
      lines: [...finding.evidence.lines],
      places: finding.evidence.places.map(({ path, line, text }) => ({ path, line, text })),
    },
    activity: finding.activity.map(({ time, events, anomalous }) => ({ time, events, anomalous })),
    details: finding.details.map(pickDetail),
    knowledge: finding.knowledge.map(({ about, source, label, value }) => ({ about, source, label, value })),
  }
}

function pickDetail(detail: Detail): Detail {
  switch (detail.kind) {
    case 'rhythm':
      return {
        kind: detail.kind,
        medianGap: detail.medianGap,
        gaps: detail.gaps.map(({ fromSeconds, toSeconds, gaps }) => ({ fromSeconds, toSeconds, gaps })),
        hours: detail.hours.map(({ time, events }) => ({ time, events })),
      }
    case 'queries':
      return {
        kind: detail.kind,
        queries: detail.queries,
        names: detail.names,
        bytes: detail.bytes,
        types: detail.types.map(({ type, queries }) => ({ type, queries })),
        examples: [...detail.examples],
      }
    case 'blinded':
      return { kind: detail.kind, detectors: detail.detectors.map(({ id, title }) => ({ id, title })) }
    case 'targets':
      return {
        kind: detail.kind,
        addresses: detail.addresses,
        ports: detail.ports,
        answered: detail.answered,
        unanswered: detail.unanswered,
        topAddresses: detail.topAddresses.map(({ value, events }) => ({ value, events })),
        topPorts: detail.topPorts.map(({ value, events }) => ({ value, events })),
      }
    case 'touched':
      return {
        kind: detail.kind,
        peers: { name: detail.peers.name, members: detail.peers.members },
        kinds: detail.kinds.map(({ column, values, fresh }) => ({ column, values, fresh })),
        edges: detail.edges.map(({ column, value, events, before, peers, others }) => ({
          column,
          value,
          events,
          before,
          peers,
          others,
        })),
      }
    case 'payloads':
      return {
        kind: detail.kind,
        texts: detail.texts.map(({ place, name, page, text, meant, bits, requests, answers }) => ({
          place,
          name,
          page,
          text,
          meant: [...meant],
          bits,
          requests,
          answers: [...answers],
        })),
      }
    case 'path':
      return {
        kind: detail.kind,
        hops: detail.hops.map(({ time, from, to, user, switched }) => ({ time, from, to, user, switched })),
      }
  }
}

function pickIncident(incident: Incident): Incident {
  const { rank, id, risk, severity, title, first, last, events } = incident
  return {
    rank,
    id,
    risk,
    severity,
    title,
    first,
    last,
    events,
    tactics: incident.tactics.map(({ id: tactic, name, techniques }) => ({
      id: tactic,
      name,
      techniques: [...techniques],
    })),
    entities: incident.entities.map(({ kind, value, role }) => ({ kind, value, role })),
    findings: [...incident.findings],
  }
}

function pickEntity(entity: EntityRef): EntityRef {
  return {
    ...pickNamed(entity),
    ...(entity.parts === undefined ? {} : { parts: entity.parts.map(pickNamed) }),
  }
}

function pickNamed({ kind, value }: { readonly kind: string; readonly value: string }): {
  readonly kind: string
  readonly value: string
} {
  return { kind, value }
}
