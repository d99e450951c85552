import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/page.ts'
import { renderJson } from '../../src/report/json.ts'
import { renderTerminal } from '../../src/report/terminal.ts'
import type { Knowledge, Report } from '../../src/report/report.ts'
import { busyReport } from './sample-report.ts'

const about = 'c2.example.net'
const knowledge: readonly Knowledge[] = [
  { about, source: 'reputation', label: 'listed as', value: 'botnet' },
  { about, source: 'registration', label: 'example.net registered on', value: '2026-02-27, 3 days before' },
  { about, source: 'certificate', label: 'issued by', value: 'itself' },
  { about, source: 'reverse DNS', label: 'not learned', value: 'no answer within 5 s' },
  { about: '203.0.113.9', source: 'country', label: 'country', value: 'Austria (AT)' },
]

const report: Report = {
  ...busyReport,
  summary: {
    ...busyReport.summary,
    lists: [{ path: 'bad.txt', kind: 'reputation', entries: 1204, bad: 2, firstBad: 17 }],
  },
  findings: busyReport.findings.map((finding) => ({
    ...finding,
    knowledge: finding.rank === 1 ? knowledge : [],
  })),
}

describe('what is known from elsewhere', () => {
  it('stands in a finding for the terminal, what could not be learned last', () => {
    const text = renderTerminal(report, { color: false, width: 100 })
    expect(text).toContain(
      [
        '  Known from elsewhere',
        '    c2.example.net',
        '      listed as botnet · example.net registered on 2026-02-27, 3 days before · issued by itself ·',
        '      not learned: reverse DNS: no answer within 5 s',
        '    203.0.113.9',
        '      country Austria (AT)',
      ].join('\n'),
    )
    expect(text.split('Known from elsewhere').length).toBe(2)
    expect(text).toContain(
      'list      bad.txt: 1,204 entries (reputation); 2 lines not understood, the first is line 17',
    )
  })

  it('takes three lines at most of the terminal for each destination', () => {
    const long = Array.from({ length: 30 }, (_, i) => ({
      about,
      source: 'certificate',
      label: 'certificate for',
      value: `name-${i}.example.net`,
    }))
    const findings = report.findings.slice(0, 1).map((finding) => ({ ...finding, knowledge: long }))
    const lines = renderTerminal({ ...report, findings }, { color: false, width: 80 }).split('\n')
    const at = lines.indexOf('    c2.example.net')
    expect(lines.slice(at + 1, at + 5).map((line) => line !== '')).toEqual([true, true, true, false])
    expect(lines[at + 3]).toMatch(/…$/)
  })

  it('is in the page, and in the JSON as it is', () => {
    const page = renderHtml(report, { version: '0' })
    expect(page).toContain('Known of c2.example.net')
    expect(page).toMatch(
      /<dt>registration: example\.net registered on<\/dt>\s*<dd>2026-02-27, 3 days before<\/dd>/,
    )
    expect(page).toMatch(/<dt>Not learned<\/dt>\s*<dd>reverse DNS: no answer within 5 s<\/dd>/)
    expect(JSON.parse(renderJson(report))).toMatchObject({
      summary: { lists: [{ path: 'bad.txt', kind: 'reputation', entries: 1204, bad: 2, firstBad: 17 }] },
      findings: [{ knowledge }, { knowledge: [] }, {}, {}, {}, {}],
    })
  })
})
