/**
 * Options that several commands share, and how their texts become values.
 *
 * @module
 */
import { InvalidArgumentError, Option, type Command } from 'commander'
import type { HuntRequest } from '../hunt.ts'
import { lookUpKinds, type LookUpKind } from '../intel/look-up.ts'

const positive =
  (what: string) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError(`expected ${what}, such as 2.`)
    return value
  }

/** A whole number within bounds, or an error that names them. */
export const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < from || value > to) {
      throw new InvalidArgumentError(`expected a whole number from ${from} to ${to}.`)
    }
    return value
  }

const memoryUnits = { '': 1, k: 1e3, m: 1e6, g: 1e9 } as const

const isMemoryUnit = (text: string): text is keyof typeof memoryUnits => text in memoryUnits

const memory = (text: string): number => {
  const [, amount = '', unit = ''] = text.toLowerCase().match(/^(\d+(?:\.\d+)?)([kmg]?)b?$/) ?? []
  const bytes = isMemoryUnit(unit) ? Number(amount) * memoryUnits[unit] : Number.NaN
  if (amount === '' || !(bytes >= 5e8)) throw new InvalidArgumentError('expected at least 500M, such as 2G.')
  return Math.round(bytes)
}

const timeZone = (text: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone
  } catch {
    throw new InvalidArgumentError('expected a zone such as Europe/Vienna or UTC.')
  }
}

/** "FROM..TO", added to those before. */
const period = (text: string, before: readonly Period[] = []): Period[] => {
  const [from = '', to = '', ...more] = text.split('..').map((moment) => moment.trim())
  if (from === '' || to === '' || more.length > 0)
    throw new InvalidArgumentError('expected two times, such as 2026-01-31..2026-02-02T08:00Z.')
  return [...before, { from, to }]
}

const collected = (value: string, before: readonly string[] = []): string[] => [...before, value]

const isLookUp = (text: string): text is LookUpKind => lookUpKinds.some((kind) => kind === text)

const lookUps = (text: string): readonly LookUpKind[] => {
  const kinds = text.split(',').map((kind) => kind.trim())
  if (!kinds.every(isLookUp))
    throw new InvalidArgumentError(
      `expected some of ${lookUpKinds.join(',')}. Name the logs before --look-up.`,
    )
  return kinds
}

/** How logs are to be read. */
export interface ReadingOptions {
  readonly format?: string
  readonly mapping?: string
  readonly squidLogformat?: string
  readonly timezone?: string
  readonly ownNetwork?: readonly string[]
  readonly year?: number
}

export const withReadingOptions = (command: Command): Command =>
  command
    .option('--format <id>', 'the format, where it is not to be detected (see: winnow parsers)')
    .option('--mapping <file>', 'a mapping file for JSON lines or CSV')
    .option('--squid-logformat <format>', 'the logformat of squid.conf that the files are written with')
    .addOption(
      new Option('--timezone <zone>', 'the zone of times that name none (default: UTC)').argParser(timeZone),
    )
    .addOption(
      new Option(
        '--own-network <network>',
        'a network of yours beside the private ones, such as 192.0.2.0/24; may be given several times',
      ).argParser(collected),
    )
    .addOption(
      new Option(
        '--year <year>',
        'the year of times that name none (default: from when the file was written)',
      ).argParser(whole(1990, 2099)),
    )

/** What of {@link ReadingOptions} a request takes. */
export const readingRequest = (options: ReadingOptions) => ({
  ...(options.format === undefined ? {} : { format: options.format }),
  ...(options.mapping === undefined ? {} : { mapping: options.mapping }),
  ...(options.squidLogformat === undefined ? {} : { squidLogformat: options.squidLogformat }),
  ...(options.timezone === undefined ? {} : { timeZone: options.timezone }),
  ...(options.year === undefined ? {} : { year: options.year }),
  ...(options.ownNetwork === undefined ? {} : { ownNetworks: options.ownNetwork }),
})

type Period = NonNullable<HuntRequest['excludePeriods']>[number]

export interface HuntOptions extends ReadingOptions {
  readonly since?: string
  readonly until?: string
  readonly excludePeriod?: readonly Period[]
  readonly budget?: number
  readonly assets?: string
  readonly detector?: readonly string[]
  readonly data?: string
  readonly lookUp?: boolean | readonly LookUpKind[]
  readonly categories?: readonly string[]
  readonly reputation?: readonly string[]
  readonly networks?: string
  readonly peers?: string
  readonly geoip?: readonly string[]
  readonly json?: boolean
  readonly html?: string
  readonly color?: boolean
  readonly threads?: number
  readonly memory?: number
}

export const withHuntOptions = (command: Command): Command =>
  command
    .option(
      '--since <time>',
      'judge only from then on: 2026-01-31, 2026-01-31T08:00Z, or 24h before the last event',
    )
    .option('--until <time>', 'judge only before then')
    .addOption(
      new Option(
        '--exclude-period <from..to>',
        'judge, but do not learn from this time: an incident, a test; may be given several times',
      ).argParser(period),
    )
    .addOption(
      new Option(
        '--budget <number>',
        'findings a day of data; incidents are never more (default: 20 in all)',
      ).argParser(positive('findings a day')),
    )
    .option(
      '--assets <file>',
      'what machines and people are worth, for the risk: entity,weight a line (2 counts double)',
    )
    .addOption(
      new Option('--detector <id>', 'run this detector; may be given several times').argParser(collected),
    )
    .option('--data <folder>', 'keep what was read, for the next hunt to learn from')
    .addOption(
      new Option(
        '--categories <file>',
        'domain categories: domains, CSV or hosts format; may be given several times',
      ).argParser(collected),
    )
    .addOption(
      new Option(
        '--reputation <file>',
        'known bad domains, addresses and networks, in the same forms; may be given several times',
      ).argParser(collected),
    )
    .option('--networks <file>', 'which network an address belongs to: first, last, number, name')
    .option(
      '--peers <file>',
      'who is compared with whom: entity,group a line (default: learned from what they have to do with)',
    )
    .addOption(
      new Option(
        '--geoip <file>',
        "where the sources of logins are: a database in MaxMind's format (.mmdb); may be given several times",
      ).argParser(collected),
    )
    .addOption(
      new Option(
        '--look-up [kinds]',
        `ask servers outside about the destinations of findings: ${lookUpKinds.join(',')} (default: all of them, where given; off otherwise). Those who run the servers see that you ask: the adversary may be among them`,
      ).argParser(lookUps),
    )
    .option('--json', 'print one JSON object')
    .option('--html <file>', 'write a self-contained page')
    .option('--no-color', 'no colours (they are used on a terminal only)')
    .addOption(
      new Option('--threads <number>', 'threads for each query (default: all cores)').argParser(
        whole(1, 256),
      ),
    )
    .addOption(
      new Option('--memory <size>', 'the most memory the engine may hold (default: 2G)').argParser(memory),
    )
