import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { renderHtml } from '../../report/html/page.ts'
import { renderTerminal } from '../../report/terminal.ts'
import { version } from '../../version.ts'
import { checkWritable, print, screenOf, talk, writePage } from '../output.ts'
import { huntWithProgress } from '../run-hunt.ts'

/** The package's folder: the nearest one above with the bundled logs. */
const examplesFolder = (from: string): string => {
  const here = path.join(from, 'examples')
  const above = path.dirname(from)
  return existsSync(path.join(here, 'README.md')) || above === from ? here : examplesFolder(above)
}

export const addDemo = (program: Command): void => {
  program
    .command('demo')
    .summary('hunt in the bundled logs')
    .description('Analyses the logs that come with Winnow, and writes a page with the findings.')
    .option('--html <file>', 'where the page goes', 'winnow-report.html')
    .option('--no-color', 'no colours')
    .action(async (options: { readonly html: string; readonly color: boolean }) => {
      const examples = examplesFolder(path.dirname(fileURLToPath(import.meta.url)))
      await checkWritable(options.html)
      talk('Hunting in the bundled logs (examples/README.md says what they are) …')
      const folders = ['web', 'auth', 'nginx-json'].map((name) =>
        path.relative('', path.join(examples, name)),
      )
      const report = await huntWithProgress({ paths: folders })
      await print(renderTerminal(report, screenOf(options.color)))
      await writePage(options.html, renderHtml(report, { version }))
      await print(`\nThe same as a page, with charts: ${pathToFileURL(path.resolve(options.html)).href}\n`)
      await print('Your own logs:                   npx winnow hunt /var/log/nginx/ --html report.html\n')
    })
}
