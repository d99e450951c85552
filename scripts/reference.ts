/** Writes docs/reference from the code: `npm run reference`. A test says when the pages are stale. */
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { detectors } from '../detectors/index.ts'
import { envelopes, parsers } from '../parsers/index.ts'
import type { Detector } from '../src/detect/detector.ts'
import { errorTable } from '../src/errors.ts'
import { comparisonText, filterText } from '../src/features/compile-filter.ts'
import { unitOf } from '../src/features/unit.ts'
import { models, textModels, textPages } from '../src/models/index.ts'
import { derivedColumns, parsedColumns, systemColumns, type Column } from '../src/schema/columns.ts'
import { list, page, table } from './markdown.ts'
import { apiPage } from './reference-api.ts'
import { configurationPage } from './reference-config.ts'

const columnRows = (columns: Readonly<Record<string, Column>>): string[][] =>
  Object.entries(columns).map(([name, column]) => [
    `\`${name}\``,
    column.type,
    column.ecs === null ? '' : `\`${column.ecs}\``,
    column.ocsf === null ? '' : `\`${column.ocsf}\``,
    column.entity ?? '',
    column.meaning,
  ])

const columnHead = ['column', 'type', 'ECS', 'OCSF', 'entity', 'meaning']

const eventPage = (): string =>
  page(
    'The event',
    'Every line of every log becomes one row of these columns. Names follow the Elastic Common Schema with `_` for `.`; absent values are empty text, 0, or the address `::`.',
    '## Columns a parser fills',
    table(columnHead, columnRows(parsedColumns)),
    '## Columns Winnow makes of these',
    table(columnHead, columnRows(derivedColumns)),
    '## Columns Winnow fills',
    table(columnHead, columnRows(systemColumns)),
  )

const parsersPage = (): string =>
  page(
    'Log formats',
    'Formats are found by themselves; `--format ID` names one. Formats with programs are read inside an envelope.',
    table(
      ['id', 'category', 'what it is', 'programs'],
      parsers.map((parser) => [
        `\`${parser.id}\``,
        parser.category,
        parser.title,
        parser.programs.includes('*') ? 'all' : parser.programs.map((name) => `\`${name}\``).join(', '),
      ]),
    ),
    '## Envelopes',
    table(
      ['id', 'what it is'],
      envelopes.map(({ id, title }) => [`\`${id}\``, title]),
    ),
  )

const comparing = (words: string, comparisons: Detector['requires']): string[] =>
  Object.keys(comparisons).length === 0
    ? []
    : [
        `${words} \`${Object.entries(comparisons)
          .map(([name, comparison]) => comparisonText(name, comparison))
          .join(' AND ')}\``,
      ]

const detectorPart = (detector: Detector): string =>
  [
    `## ${detector.id}`,
    `**${detector.title}.** ${detector.description}`,
    list([
      `watches ${detector.entity.map((column) => `\`${column}\``).join(' → ')}`,
      detector.measure === null
        ? `reads events where \`${filterText(detector.from)}\``
        : `measures the ${detector.measure.kind} of every log, and of every machine in it, by its own habits`,
      `windows: ${detector.windows.map((window) => `${window.length}${window.minEvents > 1 ? ` (at least ${window.minEvents} events)` : ''}`).join(', ')}`,
      ...comparing('compares with each other windows where', detector.among),
      ...comparing('finds windows where', detector.requires),
      ...(detector.certain ? ['what it finds is a fact: it is shown however often it happens'] : []),
      ...(detector.model === null
        ? []
        : [`model: [\`${detector.model.kind}\`](models.md#${detector.model.kind})`]),
      `ATT&CK: ${detector.attack.join(', ')}`,
      detector.byDefault ? 'runs by default' : 'runs only when named with `--detector`',
    ]),
    table(
      ['feature', 'in words', 'unit', 'scored'],
      [
        ...Object.entries(detector.features).map(([name, feature]) => [
          `\`${name}\``,
          detector.labels[name] ?? '',
          unitOf(feature),
          detector.scored.includes(name) ? 'yes' : '',
        ]),
        ...Object.entries(detector.measure?.units ?? {}).map(([name, unit]) => [
          `\`${name}\``,
          detector.labels[name] ?? '',
          unit,
          'yes',
        ]),
      ],
    ),
    ...(detector.lookalikes.length === 0 ? [] : ['Looks alike, and is harmless:', list(detector.lookalikes)]),
  ].join('\n\n')

const detectorsPage = (): string =>
  page(
    'Detectors',
    'What each looks for. The exact SQL of each is kept as a golden file in `test/detectors/golden/`.',
    ...detectors.map(detectorPart),
  )

const modelsPage = (): string =>
  page(
    'Models',
    'Numbers in, scores and reasons out. All pass the same conformance suite, which also runs the SQL form of each.',
    ...[...models, ...textModels, ...textPages].map((model) =>
      [`## ${model.kind}`, `${model.title}.`, `Source: ${model.source}.`, model.notes].join('\n\n'),
    ),
  )

/** Names of the facts a message takes, shown as they are filled in. */
const placeholders = new Proxy<Record<string, string>>({}, { get: (_, name) => `…${String(name)}…` })

const errorsPage = (): string =>
  page(
    'Errors',
    'Every error that is foreseen. Anything else is a bug, and says so. Exit statuses: 0 it ran, 1 it failed, 2 wrong usage, 3 nothing to read, 4 the machine\u2019s limits, 130 stopped.',
    table(
      ['code', 'exit', 'HTTP', 'message'],
      Object.entries(errorTable).map(([code, kind]) => [
        `\`${code}\``,
        String(kind.exitStatus),
        String(kind.httpStatus),
        kind.message(placeholders),
      ]),
    ),
  )

/** The pages by file name. */
export const referencePages = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['event.md', eventPage()],
    ['parsers.md', parsersPage()],
    ['detectors.md', detectorsPage()],
    ['models.md', modelsPage()],
    ['errors.md', errorsPage()],
    ['configuration.md', configurationPage()],
    ['api.md', await apiPage()],
  ])

/** Writes the pages into a folder. */
export const writeReference = async (folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of await referencePages()) writeFileSync(path.join(folder, name), text)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // The build lies in dist/scripts; the docs are two folders up.
  await writeReference(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../docs/reference'))
}
