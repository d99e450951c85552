import { describe, expect, it } from 'vitest'
import { detailBlocks } from '../../src/report/html/details.ts'
import { markupText } from '../../src/report/html/markup.ts'
import type { Finding, Payloads } from '../../src/report/report.ts'
import { detailLines } from '../../src/report/terminal/details.ts'
import { sampleFindings } from './sample-findings.ts'

const detail: Payloads = {
  kind: 'payloads',
  texts: [
    {
      place: 'parameter',
      name: 'q',
      page: 'www.example.com/search',
      text: '"><script>alert(1)</script>\u001b[31m',
      meant: ['script injection'],
      bits: 47.2,
      requests: 3,
      answers: [200, 404],
    },
    {
      place: 'user agent',
      name: '',
      page: '/',
      text: '\u0000\u0001~~~',
      meant: [],
      bits: 31,
      requests: 1,
      answers: [0],
    },
  ],
}

describe('payloads', () => {
  it('are told on the terminal with where they were, what for and how they were answered', () => {
    const lines = detailLines(detail, 100)
    expect(lines[0]).toBe(
      'parameter q of www.example.com/search: script injection; 3 requests, answered 200, 404',
    )
    expect(lines[1]).toContain('"><script>alert(1)</script>')
    expect(lines[2]).toBe('user agent: unlike ordinary ones; 1 request')
    expect(lines.join('')).not.toContain('\u001b')
  })

  it('reach a page as text', () => {
    const [sample] = sampleFindings
    if (sample === undefined) throw new TypeError('no sample')
    const finding: Finding = { ...sample, details: [detail] }
    const page = detailBlocks(finding).map(markupText).join('')
    expect(page).not.toContain('<script>')
    expect(page).toContain('&lt;script&gt;alert(1)')
    expect(page).toContain('script injection')
    expect(page).toContain('www.example.com/search')
  })
})
