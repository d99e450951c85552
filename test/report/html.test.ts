import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { renderHtml } from '../../src/report/html/page.ts'
import { hostileReport, hostileTexts, reportSaying } from './hostile-text.ts'
import { busyReport, emptyReport, unparsedReport } from './sample-report.ts'
import { skeletonOf, tagsOf } from './tag-skeleton.ts'

fc.configureGlobal({ seed: 20_260_302 })

const pages = {
  busy: renderHtml(busyReport, { version: '1.2.3' }),
  empty: renderHtml(emptyReport),
  unparsed: renderHtml(unparsedReport),
  hostile: renderHtml(hostileReport),
}

describe.each(Object.entries(pages))('the %s page', (_, page) => {
  test('closes every element in order', () => {
    const open: string[] = []
    const closedOutOfOrder = tagsOf(page).filter(({ name, closing, selfClosing }) => {
      if (closing) return open.pop() !== name
      if (!selfClosing) open.push(name)
      return false
    })
    expect(closedOutOfOrder).toEqual([])
    expect(open).toEqual([])
  })

  test('gives each id once, and refers only to ids that exist', () => {
    const tags = tagsOf(page)
    const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    const references = tags.flatMap(({ attributes }) => [
      ...(attributes.get('aria-labelledby') ?? '').split(' '),
      attributes.get('aria-describedby') ?? '',
      attributes.get('data-copies') ?? '',
      (attributes.get('href') ?? '').startsWith('#') ? (attributes.get('href') ?? '').slice(1) : '',
    ])
    expect(references.filter((id) => id !== '' && !ids.includes(id))).toEqual([])
  })

  test('loads nothing, and leads only to the ATT&CK pages', () => {
    const attributes = tagsOf(page).flatMap((tag) => [...tag.attributes])
    expect(
      attributes.filter(
        ([name]) => ['src', 'srcset', 'style', 'action'].includes(name) || name.startsWith('on'),
      ),
    ).toEqual([])
    const links = attributes.filter(([name]) => name === 'href').map(([, value]) => value)
    expect(
      links.filter(
        (link) => !/^(#[\w-]+|https:\/\/attack\.mitre\.org\/techniques\/T\d{4}\/(\d{3}\/)?)$/.test(link),
      ),
    ).toEqual([])
    expect(page.match(/<style>([\s\S]*?)<\/style>/)?.[1]).not.toMatch(/url\(|@import/)
  })

  test('allows its own style and script by their hashes and nothing else', () => {
    const policy = tagsOf(page).find(
      ({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy',
    )
    expect(policy?.attributes.get('content')).toBe(
      [
        "default-src 'none'",
        `style-src ${hash(page.match(/<style>([\s\S]*?)<\/style>/)?.[1])}`,
        `script-src ${hash(page.match(/<script>([\s\S]*?)<\/script>/)?.[1])}`,
        "base-uri 'none'",
        "form-action 'none'",
      ].join('; '),
    )
  })

  test('names every chart, and says what every table header heads', () => {
    const tags = tagsOf(page).filter(({ closing }) => !closing)
    const svgs = tags.filter(({ name }) => name === 'svg')
    expect(svgs.length).toBeGreaterThan(0)
    for (const { attributes } of svgs) {
      const named =
        attributes.get('role') === 'img' && /-title \S+-desc$/.test(attributes.get('aria-labelledby') ?? '')
      expect(named || attributes.get('aria-hidden') === 'true').toBe(true)
    }
    for (const { attributes } of tags.filter(({ name }) => name === 'th')) {
      expect(['row', 'col']).toContain(attributes.get('scope'))
    }
  })

  test('has one first heading and leaves out no level', () => {
    const levels = tagsOf(page).flatMap(({ name, closing }) =>
      !closing && /^h\d$/.test(name) ? Number(name[1]) : [],
    )
    expect(levels.filter((level) => level === 1)).toHaveLength(1)
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([])
  })
})

describe('the page', () => {
  test('tells the verdict, what fell below the budget and the version', () => {
    expect(pages.busy).toContain('Out of 34,106 events, 5 incidents deserve a look.')
    expect(pages.busy).toContain('11 more fell below the budget')
    expect(pages.busy).toContain('Winnow 1.2.3')
    expect(pages.empty).toContain('Nothing stood out in 1,890 events.')
    expect(pages.unparsed).toContain('winnow parse notes.txt')
  })

  test('has a card for each incident that holds its findings, closed unless it is the only one', () => {
    expect(pages.busy.match(/<details class="incident /g)).toHaveLength(busyReport.incidents.length)
    const open = /<details class="incident [a-z]+" id="incident-\d" open>/
    expect(pages.busy).not.toMatch(open)
    expect(renderHtml({ ...busyReport, incidents: busyReport.incidents.slice(0, 1) })).toMatch(open)
    expect(pages.busy.match(/<article/g)).toHaveLength(busyReport.findings.length)
    const [first] = pages.busy.split('id="incident-2"')
    expect(first).toContain('id="finding-2"')
    expect(first).toContain('id="finding-3"')
    expect(first).not.toContain('id="finding-1"')
  })

  test('is the same bytes for the same report', () => {
    expect(renderHtml(busyReport, { version: '1.2.3' })).toBe(pages.busy)
  })

  test('shows a script in a log line as text', () => {
    expect(pages.hostile).not.toContain('<script>alert')
    expect(pages.hostile).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&#96;')
  })

  test('leaves out what there is nothing to show of', () => {
    const findings = busyReport.findings.map((finding) => ({
      ...finding,
      activity: [],
      reasons: [],
      evidence: { filter: '', lines: [], places: [] },
    }))
    const page = renderHtml({ ...busyReport, summary: { ...busyReport.summary, activity: [] }, findings })
    for (const part of ['class="time-chart"', 'class="reasons"', 'class="evidence"', 'class="filter"']) {
      expect(page).not.toContain(part)
      expect(pages.busy).toContain(part)
    }
  })

  test('shows lines beyond the eighth on request, and cuts the longest', () => {
    const [first, ...rest] = busyReport.findings
    if (first === undefined) throw new Error('the sample has findings')
    const places = Array.from({ length: 12 }, (_, at) => ({
      path: 'a.log',
      line: at + 1,
      text: 'y'.repeat(2001 + at),
    }))
    const page = renderHtml({
      ...busyReport,
      findings: [{ ...first, evidence: { ...first.evidence, places } }, ...rest],
    })
    expect(page).toContain('<summary>4 more lines</summary>')
    expect(page).toContain('… 1 more character<')
    expect(page).not.toContain('y'.repeat(2001))
  })

  test('no text of any log becomes a tag or an attribute, or acts', () => {
    const shape = skeletonOf(renderHtml(reportSaying('x')))
    fc.assert(
      fc.property(hostileTexts, (text) => {
        const page = renderHtml(reportSaying(text), { version: text })
        expect(skeletonOf(page)).toBe(shape)
        expect(page.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
      { numRuns: 40 },
    )
  })
})

function hash(text: string | undefined): string {
  return `'sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}'`
}
