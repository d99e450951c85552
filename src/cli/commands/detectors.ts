import type { Command } from 'commander'
import { detectors } from '../../../detectors/index.ts'
import { findDetector } from '../../detect/check.ts'
import type { Detector } from '../../detect/detector.ts'
import { comparisonText, filterText } from '../../features/compile-filter.ts'
import { print } from '../output.ts'

const line = (detector: Detector, width: number): string =>
  `${detector.id.padEnd(width)}  ${detector.byDefault ? ' ' : '-'}  ${detector.title}`

const comparing = (words: string, comparisons: Detector['requires']): string[] =>
  Object.keys(comparisons).length === 0
    ? []
    : [
        `${words.padEnd(13)} windows where ${Object.entries(comparisons)
          .map(([name, comparison]) => comparisonText(name, comparison))
          .join(' AND ')}`,
      ]

const page = (detector: Detector): string =>
  [
    `${detector.title} (${detector.id})`,
    '',
    detector.description,
    '',
    `Watches       ${detector.entity.join(' → ')}`,
    `Reads         ${detector.measure === null ? filterText(detector.from) : `every log, for its ${detector.measure.kind}`}`,
    `Windows       ${detector.windows.map((window) => window.length).join(', ')}`,
    ...comparing('Compares', detector.among),
    ...comparing('Finds', detector.requires),
    `Model         ${detector.model?.kind ?? 'the habits of each log'}`,
    `ATT&CK        ${detector.attack.join(', ')}`,
    `By default    ${detector.byDefault ? 'yes' : 'no: name it with --detector'}`,
    '',
    'Measures',
    ...Object.keys(detector.labels).map(
      (name) =>
        `  ${name.padEnd(16)} ${detector.labels[name] ?? ''}${detector.measure !== null || detector.scored.includes(name) ? '' : ' (not scored)'}`,
    ),
    ...(detector.lookalikes.length === 0 ? [] : ['', 'Looks alike, and is harmless']),
    ...detector.lookalikes.map((text) => `  ${text}`),
  ].join('\n')

export const addDetectors = (program: Command): void => {
  program
    .command('detectors')
    .summary('list the detectors, or explain one')
    .description(
      'Lists what Winnow looks for; a dash marks what it looks for only when asked. With an id: all about that one.',
    )
    .argument('[id]', 'a detector')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options: { readonly json?: boolean }) => {
      const list = id === undefined ? detectors : [findDetector(id, detectors)]
      const width = Math.max(...list.map((detector) => detector.id.length))
      if (options.json === true) await print(`${JSON.stringify(list, null, 2)}\n`)
      else if (id === undefined) await print(`${list.map((detector) => line(detector, width)).join('\n')}\n`)
      else await print(`${list.map(page).join('\n\n')}\n`)
    })
}
