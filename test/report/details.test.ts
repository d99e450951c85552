import { describe, expect, test } from 'vitest'
import { rhythmOf } from '../../src/detect/details.ts'
import { markupText } from '../../src/report/html/markup.ts'
import { detailBlocks } from '../../src/report/html/details.ts'
import type { Detail, Finding } from '../../src/report/report.ts'
import { detailLines, sparkline } from '../../src/report/terminal/details.ts'
import { sampleFindings } from './sample-findings.ts'

const start = Date.UTC(2026, 2, 2, 8)

const card = (detail: Detail): string => {
  const [sample] = sampleFindings
  if (sample === undefined) throw new TypeError('no sample')
  const finding: Finding = { ...sample, details: [detail] }
  return detailBlocks(finding).map(markupText).join('')
}

describe('a rhythm', () => {
  const everyFour = Array.from({ length: 90 }, (_, i) => start + i * 240_000)

  test('has every gap in one of its buckets, and an hour for every hour', () => {
    const rhythm = rhythmOf(everyFour)
    expect(rhythm?.medianGap).toBe(240)
    expect(rhythm?.gaps.reduce((sum, { gaps }) => sum + gaps, 0)).toBe(89)
    expect(rhythm?.hours).toHaveLength(6)
    expect(rhythm?.hours[0]).toEqual({ time: '2026-03-02T08:00:00.000Z', events: 15 })
  })

  test('takes what follows within a second for one call', () => {
    const doubled = everyFour.flatMap((time) => [time, time + 200, time + 400])
    expect(rhythmOf(doubled)?.medianGap).toBe(240)
    expect(rhythmOf(doubled)?.gaps.reduce((sum, { gaps }) => sum + gaps, 0)).toBe(89)
  })

  test('puts what is much longer than usual into the last bucket', () => {
    const gaps = rhythmOf([...everyFour, start + 90 * 240_000 + 80_000_000])?.gaps ?? []
    expect(gaps.length).toBeLessThanOrEqual(40)
    expect(gaps.at(-1)?.gaps).toBe(1)
    expect(gaps.at(-1)?.toSeconds).toBeGreaterThan(80_000)
  })

  test('is none of three calls', () => {
    expect(rhythmOf(everyFour.slice(0, 3))).toBeNull()
  })

  test('is drawn on a terminal and on a page', () => {
    const rhythm = rhythmOf(everyFour)
    if (rhythm === null) throw new TypeError('no rhythm')
    expect(detailLines(rhythm, 80)).toEqual([
      'every 4 min (median); gaps from 0 to 4 min 10 s:',
      expect.stringMatching(/^ {2}[·▁-█]+$/),
      'by hour, 2026-03-02 08:00:00 to 2026-03-02 13:00:00 UTC:',
      '  ██████',
    ])
    const page = card(rhythm)
    expect(page).toContain('Time between calls')
    expect(page.match(/<rect\s+class="loud"/g)?.length).toBe(rhythm.gaps.length + 6)
    expect(page).toMatch(/calls in\s+6 of 6 hours,\s+at most\s+15 in one/)
  })
})

describe('hostile names', () => {
  const queries: Detail = {
    kind: 'queries',
    queries: 2,
    names: 1,
    bytes: 40,
    types: [{ type: '<b>TXT', queries: 2 }],
    examples: ['<script>alert(1)</script>\u001b[31m.t.example'],
  }

  test('are text on a page', () => {
    const page = card(queries)
    expect(page).not.toContain('<script>')
    expect(page).not.toContain('<b>TXT')
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\\x1b[31m.t.example')
  })

  test('do not act on a terminal', () => {
    expect(detailLines(queries, 100).join('\n')).not.toContain('\u001b')
    expect(detailLines(queries, 100)).toEqual([
      '2 queries for 1 name with 40 B of text below the domain; <b>TXT 2',
      '  <script>alert(1)</script>\\x1b[31m.t.example',
    ])
  })
})

test('targets say who was tried, and how many answered', () => {
  const targets: Detail = {
    kind: 'targets',
    addresses: 120,
    ports: 1,
    answered: 0,
    unanswered: 120,
    topAddresses: [{ value: '192.0.2.100', events: 1 }],
    topPorts: [{ value: '445', events: 120 }],
  }
  expect(detailLines(targets, 80)).toEqual([
    '120 addresses, 1 port; 0 answered, 120 did not',
    'ports: 445 (120)',
    'addresses: 192.0.2.100 (1)',
  ])
  expect(card(targets)).toContain('<code>445</code>')
})

test('the blind are named', () => {
  const blinded: Detail = {
    kind: 'blinded',
    detectors: [{ id: 'network-scan', title: 'A machine that knocks' }],
  }
  expect(detailLines(blinded, 80)).toEqual(['network-scan: A machine that knocks'])
  expect(card(blinded)).toContain('<code>network-scan</code> A machine that knocks')
})

test('a bar stands for each number, the lowest for little and a dot for nothing', () => {
  expect(sparkline([0, 1, 4, 8])).toBe('·▁▄█')
  expect(sparkline([])).toBe('')
})
