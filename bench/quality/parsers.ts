/**
 * How our reading of other people's log lines agrees with theirs, kind of log by kind of log.
 *
 * @module
 */
import { groupBy } from '../../src/detect/group-by.ts'
import { parsers } from '../../parsers/index.ts'
import { parse, type ShownEvent } from '../../src/parse-logs.ts'
import { formatShare } from '../../src/report/format.ts'
import { table } from '../table.ts'
import { readCase, type ParserCase } from './parser-cases.ts'

type Read = (event: ShownEvent) => readonly unknown[]

const columns =
  (...names: readonly string[]): Read =>
  (event) =>
    names.map((name) => event[name])

const written = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const target: Read = ({ url_original, url_path = '', url_query }) => {
  const whole = url_query === undefined ? url_path : `${written(url_path)}?${written(url_query)}`
  return [url_path, whole, url_original]
}

const client = columns('source_ip')
const user = columns('user_name', 'user_target_name')

/** Their names for what we have columns for. */
const comparable: Readonly<Record<string, Read>> = {
  source_ip: client,
  remote_addr: client,
  client_ip: client,
  src_ip: client,
  remote_ip: client,
  clientip: client,
  sshd_client_ip: client,
  source_port: columns('source_port'),
  remote_port: columns('source_port'),
  src_port: columns('source_port'),
  dest_ip: columns('destination_ip'),
  dst_ip: columns('destination_ip'),
  dest_port: columns('destination_port'),
  dst_port: columns('destination_port'),
  user,
  username: user,
  remote_user: user,
  source_user: user,
  target_user: user,
  sshd_invalid_user: user,
  verb: columns('http_request_method'),
  http_verb: columns('http_request_method'),
  method: columns('http_request_method'),
  status: columns('http_response_status_code'),
  http_status: columns('http_response_status_code'),
  request: target,
  http_path: target,
  http_version: columns('http_version'),
  http_user_agent: columns('user_agent'),
  http_referer: columns('http_request_referrer'),
  body_bytes_sent: columns('http_response_bytes'),
  target_fqdn: columns('url_domain', 'service_name'),
  machine: columns('host_name'),
  pid: columns('process_pid'),
  program: columns('process_name'),
}

const noValue = new Set(['', '-'])

/** Whether a value we have a column for agrees; undefined where there is nothing to compare. */
export const agrees = (
  event: ShownEvent | undefined,
  named: string,
  value: string,
  logType: string,
): boolean | undefined => {
  const time = /^(?:Enriched\.MarshaledTime|Meta\.timestamp)(\[4:\])?$/.exec(named)
  if (time !== null) {
    // Without the year, it is the year in which they ran their tests.
    const from = time[1] === undefined ? 0 : 4
    const expected = from === 0 ? new Date(value) : new Date(`2024${value}`)
    if (Number.isNaN(expected.getTime())) return undefined
    return written(event?.timestamp).slice(from, 19) === expected.toISOString().slice(from, 19)
  }
  const [, name = ''] = /^(?:Meta|Parsed)\.(\w+)$/.exec(named) ?? []
  const read = Object.hasOwn(comparable, name) ? comparable[name] : undefined
  // For logs of one program alone, theirs is the kind of log.
  if (read === undefined || noValue.has(value) || (name === 'program' && value === logType)) return undefined
  return event !== undefined && read(event).some((one) => written(one) === value)
}

export interface CaseQuality {
  readonly name: string
  readonly logType: string
  /** Our formats, those of its lines. */
  readonly readAs: readonly string[]
  readonly lines: number
  /** Lines that a parser of their own made an event of; what any text or any JSON becomes does not count. */
  readonly understood: number
  /** Their values that we have a column for, and those that agree: on understood lines, and on the others. */
  readonly values: number
  readonly agreed: number
  readonly valuesElsewhere: number
  readonly agreedElsewhere: number
  readonly disagreements: readonly {
    readonly line: number
    readonly name: string
    readonly expected: string
  }[]
}

const specific = new Set(parsers.filter(({ fallback }) => !fallback).map(({ id }) => id))

const isUnderstood = (event: ShownEvent | undefined): boolean => specific.has(String(event?.format))

/** Judges a case by the events of its lines, which are counted from 1. */
export const judge = (
  { name, logType, lines, expected }: ParserCase,
  events: readonly ShownEvent[],
): CaseQuality => {
  const byLine = new Map(events.map((event) => [Number(event.line_number) - 1, event]))
  const tally = { values: 0, agreed: 0, valuesElsewhere: 0, agreedElsewhere: 0 }
  const disagreements: { line: number; name: string; expected: string }[] = []
  for (const [line, values] of expected) {
    const event = byLine.get(line)
    const understood = isUnderstood(event)
    for (const [named, value] of values) {
      const agreed = agrees(event, named, value, logType)
      if (agreed === undefined) continue
      tally[understood ? 'values' : 'valuesElsewhere']++
      if (agreed) tally[understood ? 'agreed' : 'agreedElsewhere']++
      else if (understood) disagreements.push({ line: line + 1, name: named, expected: value })
    }
  }
  return {
    name,
    logType,
    readAs: [...new Set(events.map(({ format }) => String(format)))].toSorted(),
    lines: lines.filter((line) => line.trim() !== '').length,
    understood: events.filter(isUnderstood).length,
    ...tally,
    disagreements,
  }
}

/**
 * Reads the logs of all cases, their formats unknown beforehand.
 *
 * @param folders the cases' own
 */
export const parserQuality = async (folders: readonly string[]): Promise<CaseQuality[]> => {
  const cases = folders.flatMap((folder) => readCase(folder) ?? [])
  const results = new Map<string, CaseQuality>()
  let waiting: readonly ParserCase[] = cases
  while (waiting.length > 0) {
    const { events, summary } = await parse({ paths: waiting.map(({ file }) => file), shown: 1_000_000 })
    // What begins like another one's log was counted there, and is read again without it.
    const again = new Set(
      summary.sources.filter(({ note }) => note?.includes('counted once')).map((source) => source.path),
    )
    const bySource = groupBy(events, ({ source }) => written(source))
    const done = waiting.filter(({ file }) => !again.has(file) || waiting.length === 1)
    for (const one of done) results.set(one.file, judge(one, bySource.get(one.file) ?? []))
    waiting = waiting.filter((one) => !done.includes(one))
  }
  return cases.flatMap(({ file }) => results.get(file) ?? [])
}

const total = (results: readonly CaseQuality[], of: (one: CaseQuality) => number): number =>
  results.reduce((sum, one) => sum + of(one), 0)

const share = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${part} of ${whole} (${formatShare(part / whole)})`

const row = (name: string, results: readonly CaseQuality[]): string[] => [
  name,
  String(results.length),
  [...new Set(results.flatMap(({ readAs }) => readAs))].toSorted().join(' '),
  share(
    total(results, (one) => one.understood),
    total(results, (one) => one.lines),
  ),
  share(
    total(results, (one) => one.agreed),
    total(results, (one) => one.values),
  ),
  share(
    total(results, (one) => one.agreedElsewhere),
    total(results, (one) => one.valuesElsewhere),
  ),
]

export const parsersText = (results: readonly CaseQuality[]): string => {
  const types = [...groupBy(results, ({ logType }) => logType)].toSorted(([, a], [, b]) => {
    const understood = (of: readonly CaseQuality[]): number => total(of, (one) => one.understood)
    return understood(b) - understood(a)
  })
  const disagreements = results.flatMap((one) =>
    one.disagreements.map(({ line, name, expected }) => [
      one.name,
      String(line),
      name,
      expected.slice(0, 60),
    ]),
  )
  return [
    '#### Lines of other people, read without being told the format',
    table(
      [
        'kind of log',
        'cases',
        'read as',
        'lines understood',
        'values agree there',
        'values agree on other lines',
      ],
      [...types.map(([type, of]) => row(type, of)), row('all', results)],
      false,
    ),
    ...(disagreements.length === 0
      ? []
      : [
          'Where a line is understood and a value is not theirs:',
          table(['case', 'line', 'value', 'theirs'], disagreements.slice(0, 60), false),
        ]),
  ].join('\n\n')
}
