import type { Command } from 'commander'
import { withHuntOptions, withReadingOptions, type HuntOptions } from '../options.ts'
import { checkWritable } from '../output.ts'
import { huntRequest, huntWithProgress, showReport } from '../run-hunt.ts'

export const addHunt = (program: Command): void => {
  const command = program
    .command('hunt')
    .summary('find what stands out in logs')
    .description('Reads logs, learns what is normal in them, and shows what departs from it, best first.')
    .argument(
      '<path...>',
      'files, folders or globs; - is standard input; .gz, .zst, .xz and .bz2 are read as they are',
    )
  withHuntOptions(withReadingOptions(command))
    .addHelpText(
      'after',
      `
Examples:
  winnow hunt /var/log/nginx/                      all logs in a folder
  winnow hunt access.log auth.log.1.gz --html report.html
  zcat old/*.gz | winnow hunt -                    standard input
  winnow hunt access.log --since 24h --budget 5    the last day, five findings a day
  winnow hunt access.log --data ~/.winnow          learn from earlier hunts, keep this one
  winnow hunt proxy/ --look-up certificate,registration    ask outside about the destinations of findings

Exit status: 0 it ran, 1 it failed, 2 wrong usage, 3 nothing to read, 4 the machine's limits, 130 stopped.`,
    )
    .action(async (paths: string[], options: HuntOptions) => {
      if (options.html !== undefined) await checkWritable(options.html)
      await showReport(await huntWithProgress(huntRequest(paths, options)), options)
    })
}
