/**
 * One finding in full, for the terminal.
 *
 * @module
 */

import { kindInWords } from '../entity.ts'
import { countOf, formatShare, formatSurprise, formatTimeRange, formatValue, inert } from '../format.ts'
import { knownSubjects, missingText, notLearned } from '../knowledge.ts'
import type { Finding } from '../report.ts'
import { bar, cells, cut, cutStart, fill, wrap } from './columns.ts'
import { detailLines, detailName } from './details.ts'
import type { Palette } from './palette.ts'

const barCells = 12
/** Lines for what is known of one destination. */
const knownLines = 3

export function renderFinding(finding: Finding, paint: Palette, width: number): readonly string[] {
  const room = width - 2
  const facts = [
    `${formatTimeRange(finding.first, finding.last)} UTC`,
    countOf(finding.events, 'event'),
    `surprise ${formatSurprise(finding.surprise)}`,
    inert(finding.detector),
  ].join(' · ')
  const related = finding.related.map(({ kind, value }) => inert(`${kindInWords(kind)} ${value}`)).join(', ')
  return [
    heading(finding, paint, width),
    ...indented(wrap(inert(finding.title), room)),
    ...indented(wrap(inert(finding.rarity), room).map(paint.accent)),
    ...indented(wrap(facts, room).map(paint.faint)),
    ...(related === '' ? [] : indented(wrap(`with ${related}`, room).map(paint.faint))),
    ...(finding.attack.length === 0
      ? []
      : indented(wrap(`ATT&CK ${finding.attack.map(inert).join(', ')}`, room).map(paint.faint))),
    ...section('Why', reasons(finding, paint, room - 2), paint),
    ...finding.details.flatMap((detail) => section(detailName(detail), detailLines(detail, room - 2), paint)),
    ...section('Known from elsewhere', known(finding, paint, room - 2), paint),
    ...section('Evidence', evidence(finding, paint, room - 2), paint),
    ...section('Filter', finding.evidence.filter === '' ? [] : [inert(finding.evidence.filter)], paint),
  ]
}

function heading(finding: Finding, paint: Palette, width: number): string {
  const before = `#${finding.rank} ${finding.severity.toUpperCase()} `
  const entity = cut(inert(finding.entity.value), width - before.length - 4)
  const rule = '─'.repeat(Math.max(3, width - before.length - cells(entity) - 1))
  return `${paint.severity[finding.severity](before.trimEnd())} ${paint.strong(entity)} ${paint.faint(rule)}`
}

function reasons(finding: Finding, paint: Palette, room: number): readonly string[] {
  const rows = finding.reasons.map((reason) => ({
    label: inert(reason.label),
    observed: formatValue(reason.observed, reason.unit),
    typical: `typically ${formatValue(reason.typical, reason.unit)}`,
    share: formatShare(reason.share),
    bar: bar(reason.share, barCells),
  }))
  const observed = widest(rows.map((each) => each.observed))
  const typical = widest(rows.map((each) => each.typical))
  const label = widest(rows.map((each) => each.label))
  const numbers = observed + typical + barCells + 5 + 3 * 2
  // Where a label would lose more than a little, it gets a line of its own.
  const stacked = label + 2 + numbers > room && room - numbers - 2 < 24
  return rows.flatMap((each) => {
    const line = [
      paint.strong(fill(each.observed, observed, 'right')),
      paint.faint(fill(each.typical, typical)),
      paint.severity[finding.severity](each.bar),
      each.share.padStart(5),
    ].join('  ')
    return stacked
      ? [cut(each.label, room), `  ${line}`]
      : [`${fill(each.label, Math.min(label, room - numbers - 2))}  ${line}`]
  })
}

function known(finding: Finding, paint: Palette, room: number): readonly string[] {
  return knownSubjects(finding.knowledge).flatMap(({ about, facts, missing }) => {
    // No answer from outside may look like two.
    const said = facts.map(({ label, value }) => `${label} ${value}`.replaceAll('·', '.'))
    if (missing.length > 0) said.push(`${notLearned}: ${missingText(missing)}`)
    const lines = wrap(inert(said.join(' · ')), room - 2)
    const shown = lines.slice(0, knownLines)
    if (lines.length > knownLines) shown[knownLines - 1] = `${cut(shown[knownLines - 1] ?? '', room - 4)} …`
    return [cut(inert(about), room), ...indented(shown.map(paint.faint))]
  })
}

function evidence(finding: Finding, paint: Palette, room: number): readonly string[] {
  const { places, lines } = finding.evidence
  if (places.length === 0) return lines.map((line) => cut(inert(line), room))
  const names = places.map(({ path, line }) => `${cutStart(inert(path), Math.floor(room / 3))}:${line}`)
  const most = Math.max(...names.map(cells))
  return places.map(({ text }, at) => {
    const name = names[at] ?? ''
    return `${paint.faint(fill(name, most))}  ${cut(inert(text.slice(0, room)), room - most - 2)}`
  })
}

function section(name: string, lines: readonly string[], paint: Palette): readonly string[] {
  return lines.length === 0 ? [] : ['', `  ${paint.faint(name)}`, ...indented(indented(lines))]
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `  ${line}`)
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(cells))
}
