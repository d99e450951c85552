import { Option, type Command } from 'commander'
import { countOf, formatNumber, inert } from '../../report/format.ts'
import { parse, type ParseResult } from '../../parse-logs.ts'
import { readingRequest, whole, withReadingOptions, type ReadingOptions } from '../options.ts'
import { print, talk } from '../output.ts'

interface ParseOptions extends ReadingOptions {
  readonly json?: boolean
  readonly events: number
}

const reportText = ({ summary, events, rejects }: ParseResult): string =>
  [
    ...summary.sources.map(
      (source) =>
        `${inert(source.path)}: ${source.format ?? 'not read'}, ${countOf(source.lines, 'line')}, ${formatNumber(source.rejected)} rejected${source.note === undefined ? '' : ` (${inert(source.note)})`}`,
    ),
    '',
    ...events.map((event) => inert(JSON.stringify(event))),
    ...(rejects.length === 0 ? [] : ['', 'Rejected']),
    ...rejects.map(
      (reject) => `${inert(reject.path)}:${reject.line}: ${inert(reject.reason)}: ${inert(reject.text)}`,
    ),
    '',
    `${countOf(summary.lines, 'line')}, ${formatNumber(summary.parsed)} parsed, ${formatNumber(summary.rejected)} rejected`,
  ].join('\n')

export const addParse = (program: Command): void => {
  const command = program
    .command('parse')
    .summary('show how logs are understood')
    .description(
      'A dry run: the format of each file, its first events with all their columns, and the lines that were rejected, with the reason.',
    )
    .argument('<path...>', 'files, folders or globs; - is standard input')
    .addOption(
      new Option('--events <number>', 'events and rejects to show of each file')
        .argParser(whole(0, 100_000))
        .default(5),
    )
    .option('--json', 'print one JSON object')
  withReadingOptions(command).action(async (paths: string[], options: ParseOptions) => {
    const result = await parse({
      paths,
      ...readingRequest(options),
      shown: options.events,
    })
    if (options.json === true) await print(`${JSON.stringify(result, null, 2)}\n`)
    else await print(`${reportText(result)}\n`)
    if (result.summary.parsed === 0)
      talk('Nothing was parsed. winnow parsers lists the formats; --format names one.')
  })
}
