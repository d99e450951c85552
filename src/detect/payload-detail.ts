/**
 * The payloads of findings: where each was sent, what it is meant for, and how it was answered.
 *
 * @module
 */
import type { Engine, QueryOptions } from '../engine/engine.ts'
import { filterSql } from '../features/compile-filter.ts'
import { requestTexts } from '../features/payload.ts'
import { kindsOf, payloadTitles } from '../models/payload-kinds.ts'
import { payloadModel } from '../models/payload-model.ts'
import { valuesOf } from '../models/payload-reader.ts'
import type { Detail, Payloads } from '../report/report.ts'
import { raw, sql } from '../sql/sql.ts'
import type { Detector } from './detector.ts'
import { entityIn, rangeOf, subjectOf, type Subject } from './subjects.ts'

/** Of each finding so many texts are looked at, those with most signs in them, and so many values shown. */
const mostTexts = 2000
const mostShown = 8
const longestShown = 300
/** What has words of an attack is shown before what has none. */
const explained = 18

interface Row {
  readonly subject: number
  readonly part: number
  readonly page: string
  readonly text: string
  readonly requests: number
  readonly answers: number[]
}

type Shown = Payloads['texts'][number]

const places = ['parameter', 'path', 'user agent', 'referrer'] as const
const models = { values: payloadModel(), agents: payloadModel([], 'agents') } as const

interface Weighed {
  readonly shown: Shown
  readonly weight: number
}

const shownOf = (row: Row): Weighed[] =>
  valuesOf(row).map(({ text, name }) => {
    const [bits = 0] = models[row.part === 3 ? 'agents' : 'values'].score([text])
    const meant = kindsOf(text).map((kind) => payloadTitles[kind])
    const shown = {
      place: places[row.part - 1] ?? 'parameter',
      name,
      page: row.page,
      text: text.length > longestShown ? `${text.slice(0, longestShown)}…` : text,
      meant,
      bits: Math.round(bits * 10) / 10,
      requests: row.requests,
      answers: row.answers,
    }
    return { shown, weight: bits + (meant.length === 0 ? 0 : explained) }
  })

const detailOf = (rows: readonly Row[]): Detail[] => {
  const texts = rows
    .flatMap(shownOf)
    .filter(({ shown, weight }) => shown.bits > 0 && weight > explained)
    .toSorted((one, other) => other.weight - one.weight || (one.shown.text < other.shown.text ? -1 : 1))
    .slice(0, mostShown)
    .map(({ shown }) => shown)
  return texts.length === 0 ? [] : [{ kind: 'payloads', texts }]
}

/** The share of signs in a text that ordinary ones do not have; short texts are taken for longer ones. */
const signs = raw(
  "length(replaceRegexpAll(decodeURLComponent(replaceAll(text, '+', ' ')), '[A-Za-z0-9_. /=&:?-]+', '')) / (20 + length(text))",
)

/** The oddest texts that each subject sent. */
export const payloadsOf = async (
  engine: Engine,
  detector: Detector,
  subjects: readonly Subject[],
  options: QueryOptions,
): Promise<Detail[][]> => {
  const where = sql`${filterSql(detector.from)} AND ${entityIn(detector, subjects)} AND ${rangeOf(subjects)}`
  const selected = sql`${subjectOf(detector, subjects)} AS subject, http_response_status_code AS answer, event_repeats AS repeats`
  const rows = await engine.rows<Row>(
    sql`SELECT subject, part, page, text, sum(repeats) AS requests, arraySlice(arraySort(groupUniqArray(answer)), 1, 10) AS answers FROM ${requestTexts(selected, where)} WHERE subject > 0 GROUP BY subject, part, page, text ORDER BY subject, ${signs} DESC, length(text) DESC, text, page, part LIMIT ${mostTexts} BY subject`,
    options,
  )
  return subjects.map((_, i) => detailOf(rows.filter(({ subject }) => subject === i + 1)))
}
