import { expect, test } from 'vitest'
import { detailBlocks } from '../../src/report/html/details.ts'
import { markupText } from '../../src/report/html/markup.ts'
import type { Detail } from '../../src/report/report.ts'
import { detailLines, detailName } from '../../src/report/terminal/details.ts'
import { sampleFindings } from './sample-findings.ts'

const card = (detail: Detail): string => {
  const [finding] = sampleFindings
  if (finding === undefined) throw new Error('the sample has no finding')
  return detailBlocks({ ...finding, details: [detail] })
    .map(markupText)
    .join('')
}

const touched: Detail = {
  kind: 'touched',
  peers: { name: 'finance-app1, files2', members: 12 },
  kinds: [{ column: 'host_name', values: 3, fresh: 1 }],
  edges: [
    { column: 'host_name', value: '<b>legal-app2', events: 4, before: 0, peers: 0, others: 31 },
    { column: 'host_name', value: 'files2', events: 9, before: 1200, peers: 11, others: 80 },
  ],
}

const path: Detail = {
  kind: 'path',
  hops: [
    { time: '2026-03-19T10:00:00.000Z', from: 'ws-9', to: 'legal-app2', user: 'ann', switched: false },
    { time: '2026-03-19T11:00:00.000Z', from: 'legal-app2', to: 'db1', user: 'ro\u001bot', switched: true },
  ],
}

test('who touched what says what is new, and who else has it', () => {
  expect(detailName(touched)).toBe('Who touched what')
  expect(detailLines(touched, 100)).toEqual([
    'host name: 3, 1 new; 12 peers: finance-app1, files2',
    '  host name  <b>legal-app2  4  new, 0 of its peers, 31 others',
    '  host name  files2         9  1,200 before, 11 of its peers, 80 others',
  ])
  expect(detailLines({ ...touched, peers: { name: '', members: 0 } }, 100)[0]).toContain(
    'compared with everyone',
  )
  const page = card(touched)
  expect(page).toContain('<strong>new</strong>')
  expect(page).not.toContain('<b>legal')
})

test('a path is told hop by hop, and who went on as another', () => {
  expect(detailLines(path, 100)).toEqual([
    '2026-03-19 10:00:00  ws-9 → legal-app2  as ann',
    '2026-03-19 11:00:00  legal-app2 → db1  as ro\\x1bot, another user',
  ])
  expect(detailLines(path, 20).every((line) => line.length <= 20)).toBe(true)
  expect(card(path)).toContain('<code>legal-app2</code> → <code>db1</code>')
  expect(card(path)).not.toContain('\u001b')
})
