import { expect, test } from 'vitest'

import { renderJson } from '../../src/report/json.ts'
import { hostileReport } from './hostile-text.ts'
import { busyReport, emptyReport, unparsedReport } from './sample-report.ts'

test.each([
  ['busy', busyReport],
  ['empty', emptyReport],
  ['unparsed', unparsedReport],
  ['hostile', hostileReport],
])('the %s report comes back exactly as it went in', (_, report) => {
  expect(JSON.parse(renderJson(report))).toEqual(report)
})

test('is indented by two and ends in one newline', () => {
  const text = renderJson(emptyReport)
  expect(text.startsWith('{\n  "version": 1,\n  "summary": {\n    "files": 1,')).toBe(true)
  expect(text.endsWith('\n}\n')).toBe(true)
})

test('holds the documented fields only', () => {
  const extra = { secret: 'not for print' }
  const report = {
    ...busyReport,
    ...extra,
    summary: { ...busyReport.summary, ...extra },
    findings: busyReport.findings.map((finding) => ({
      ...finding,
      ...extra,
      entity: { ...finding.entity, ...extra },
      reasons: finding.reasons.map((reason) => ({ ...reason, ...extra })),
    })),
  }
  expect(renderJson(report)).toBe(renderJson(busyReport))
})

test('holds no character that a terminal acts on', () => {
  expect(renderJson(hostileReport).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
})
