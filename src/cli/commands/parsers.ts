import type { Command } from 'commander'
import { envelopes, parsers } from '../../../parsers/index.ts'
import { print } from '../output.ts'

interface Row {
  readonly id: string
  readonly category: string
  readonly title: string
  readonly inside: string
}

const rows = (): Row[] => [
  ...parsers.map((parser) => ({
    id: parser.id,
    category: parser.category as string,
    title: parser.title,
    inside: parser.programs.join(', '),
  })),
  ...envelopes.map(({ id, title }) => ({ id, category: 'envelope', title, inside: '' })),
]

const table = (list: readonly Row[]): string => {
  const width = Math.max(...list.map((row) => row.id.length))
  return list.map((row) => `${row.id.padEnd(width)}  ${row.category.padEnd(8)}  ${row.title}`).join('\n')
}

export const addParsers = (program: Command): void => {
  program
    .command('parsers')
    .summary('list the log formats')
    .description('Lists the log formats Winnow reads, and the envelopes other formats are read inside.')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const list = rows()
      await print(options.json === true ? `${JSON.stringify(list, null, 2)}\n` : `${table(list)}\n`)
    })
}
