/**
 * Texts that a log can carry and that attack their reader, and reports made of them.
 *
 * @module
 */

import * as fc from 'fast-check'

import { notLearned } from '../../src/report/knowledge.ts'
import type { Report } from '../../src/report/report.ts'
import { busyReport } from './sample-report.ts'

const acting = [
  [
    '\x1b',
    '\x1b[31m',
    '\x1b]0;',
    '\x07',
    '\x9b',
    '\x00',
    '\n',
    '\r',
    '\t',
    '\x7f',
    '\u202e',
    '\u2066',
    '\u2069',
  ],
  ['\u2028', '\ufeff', '\ud800', '\u{e0041}', '<', '>', '"', "'", '`', '&', '</', '<!--', '-->', ']]>', '\\'],
  [
    '<script>',
    '</script>',
    '</style>',
    '</title>',
    '</svg>',
    '" onload="',
    "' x='",
    '&lt;',
    '&#60;',
    'javascript:',
  ],
].flat()
const sharp = fc.constantFrom(...acting)

/** Never empty: an empty text may leave its whole element out. */
export const hostileTexts = fc
  .array(fc.oneof({ weight: 2, arbitrary: sharp }, { weight: 1, arbitrary: fc.string({ unit: 'binary' }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => `x${parts.join('')}`)

/** The busy report with `text` as every text that logs, detectors and file names put into it. */
export function reportSaying(text: string): Report {
  const named = { kind: text, value: text }
  const { summary, findings, incidents } = busyReport
  return {
    version: 1,
    summary: {
      ...summary,
      detectors: summary.detectors.map(() => text),
      sources: summary.sources.map((source) => ({ ...source, path: text, format: text, note: text })),
      rejects: summary.rejects.map((reject) => ({ ...reject, reason: text, example: text })),
      lists: [{ path: text, kind: 'reputation', entries: 3, bad: 1, firstBad: 2 }],
    },
    findings: findings.map((finding) => ({
      ...finding,
      detector: text,
      entity: { ...named, parts: [named, named] },
      related: [named],
      attack: [text],
      title: text,
      rarity: text,
      reasons: finding.reasons.map((reason) => ({ ...reason, feature: text, label: text })),
      evidence: { filter: text, lines: [text], places: [{ path: text, line: 7, text }] },
      knowledge: [
        { about: text, source: text, label: text, value: text },
        { about: text, source: text, label: notLearned, value: text },
      ],
    })),
    incidents: incidents.map((incident) => ({
      ...incident,
      title: text,
      tactics: [{ id: text, name: text, techniques: [text] }],
      entities: [{ ...named, role: 'actor' }],
    })),
  }
}

/** What a log line must never do to its reader: move the cursor, retitle the window, turn text around, run. */
const hostileText =
  '203.0.113.9 \x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066\n\r<script>alert(1)</script>"\'`</svg></title>&amp; 漢字 e\u0301'

export const hostileReport = reportSaying(hostileText)
