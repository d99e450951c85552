/**
 * Attack payloads: how well single values are told from ordinary ones.
 *
 * A file has lines of payload, length, kind of attack and label (`norm` or anything else), with a line of heads. Learned are
 * the built-in table alone, or with it every other ordinary value; then the rest of them is judged, and all attacks. Attacks
 * are never learned from.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { kindsOf } from '../../src/models/payload-kinds.ts'
import { payloadModel, type PayloadModel } from '../../src/models/payload-model.ts'
import { decodedText } from '../../src/models/payload-text.ts'
import { table } from '../table.ts'
import { areaUnderCurve } from './dga.ts'
import { shownPath } from './log-files.ts'
import { thresholdAt } from './precision.ts'

interface Value {
  readonly text: string
  readonly kind: string
  readonly ordinary: boolean
}

interface KindResult {
  readonly kind: string
  readonly values: number
  readonly atOneInThousand: number
  readonly atOnePercent: number
  /** Found by the detector's own line: odd enough, and with words of an attack. */
  readonly told: number
}

export interface PayloadQuality {
  readonly file: string
  readonly learned: string
  readonly ordinary: number
  readonly attacks: number
  readonly auc: number
  /** Shares of the attacks found where 0.1 % and 1 % of the ordinary values are taken for attacks. */
  readonly atOneInThousand: number
  readonly atOnePercent: number
  /** Bits that 0.1 % of the ordinary values exceed. */
  readonly line: number
  readonly told: number
  /** Ordinary values that the detector's own line takes for attacks. */
  readonly toldWrongly: number
  readonly kinds: readonly KindResult[]
}

/** As in `detectors/web-attack-payload.ts`. */
const detectorLine = 12

/** The cells of a table, in which quotes may hold commas and ends of lines. */
const readTable = (file: string): string[][] => {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const rows: string[][] = [[]]
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end !== ',') rows.push([])
  }
  return rows.filter((row) => row.length >= 4)
}

const readValues = (file: string): Value[] =>
  readTable(file)
    .slice(1)
    .map((row) => ({
      text: decodedText(row[0] ?? '', false),
      kind: row.at(-2) ?? '',
      ordinary: row.at(-1) === 'norm',
    }))

const everyOther = <T>(list: readonly T[], first: 0 | 1): T[] => list.filter((_, i) => i % 2 === first)

const shareOf = <T>(list: readonly T[], holds: (one: T) => boolean): number =>
  list.length === 0 ? Number.NaN : list.filter(holds).length / list.length

const measure = (
  file: string,
  learned: string,
  model: PayloadModel,
  ordinary: readonly Value[],
  attacks: readonly Value[],
): PayloadQuality => {
  const scored = (values: readonly Value[]): (Value & { bits: number; words: boolean })[] => {
    const bits = model.score(values.map(({ text }) => text))
    return values.map((value, i) => ({ ...value, bits: bits[i] ?? 0, words: kindsOf(value.text).length > 0 }))
  }
  const low = scored(ordinary)
  const high = scored(attacks)
  const lineAt = (rate: number): number =>
    thresholdAt(
      low.map(({ bits }) => bits),
      rate * low.length,
    )
  const [strict, loose] = [lineAt(0.001), lineAt(0.01)]
  const told = ({ bits, words }: { bits: number; words: boolean }): boolean => words && bits >= detectorLine
  const found = (values: typeof high): Omit<KindResult, 'kind' | 'values'> => ({
    atOneInThousand: shareOf(values, ({ bits }) => bits > strict),
    atOnePercent: shareOf(values, ({ bits }) => bits > loose),
    told: shareOf(values, told),
  })
  return {
    file: shownPath(file),
    learned,
    ordinary: low.length,
    attacks: high.length,
    auc: areaUnderCurve(
      low.map(({ bits }) => bits),
      high.map(({ bits }) => bits),
    ),
    line: strict,
    ...found(high),
    toldWrongly: shareOf(low, told),
    kinds: [...new Set(attacks.map(({ kind }) => kind))].toSorted().map((kind) => {
      const values = high.filter((value) => value.kind === kind)
      return { kind, values: values.length, ...found(values) }
    }),
  }
}

export const payloadQuality = (file: string): Promise<PayloadQuality[]> => {
  const values = readValues(file)
  const ordinary = values.filter((value) => value.ordinary)
  const attacks = values.filter((value) => !value.ordinary)
  const own = everyOther(ordinary, 0).map(({ text }) => text)
  return Promise.resolve([
    measure(file, 'the built-in table', payloadModel(), ordinary, attacks),
    measure(file, 'and half of the ordinary values', payloadModel(own), everyOther(ordinary, 1), attacks),
  ])
}

const share = (value: number): string => value.toFixed(4)

const fileText = (results: readonly PayloadQuality[]): string => {
  const [first] = results
  const last = results.at(-1)
  if (first === undefined || last === undefined) return 'No values.'
  const columns = ['found at 0.1 %', 'at 1 %', "by the detector's line"]
  const summary = table(
    ['learned from', 'ordinary', 'attacks', 'AUC', ...columns, 'ordinary taken for attacks'],
    results.map((result) => [
      result.learned,
      String(result.ordinary),
      String(result.attacks),
      share(result.auc),
      share(result.atOneInThousand),
      share(result.atOnePercent),
      share(result.told),
      share(result.toldWrongly),
    ]),
  )
  const kinds = table(
    ['kind', 'values', ...columns],
    last.kinds.map((result) => [
      result.kind,
      String(result.values),
      share(result.atOneInThousand),
      share(result.atOnePercent),
      share(result.told),
    ]),
  )
  return `${first.file}: single values\n\n${summary}\n\n${kinds}`
}

export const payloadsText = (files: readonly (readonly PayloadQuality[])[]): string =>
  files.map(fileText).join('\n\n')
