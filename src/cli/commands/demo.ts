import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Command } from 'commander'
import { parseConfig } from '../../config/read-config.ts'
import { renderHtml } from '../../report/html/page.ts'
import { renderTerminal } from '../../report/terminal.ts'
import { version } from '../../version.ts'
import { openLog } from '../log.ts'
import { checkWritable, print, screenOf, talk, writePage } from '../output.ts'
import { huntWithProgress } from '../run-hunt.ts'
import { untilStopped } from '../until-stopped.ts'

interface DemoFlags {
  readonly html: string
  readonly color: boolean
  readonly console: boolean
  readonly listen: string
}

/** The package's folder: the nearest one above with the bundled logs. */
const examplesFolder = (from: string): string => {
  const here = path.join(from, 'examples')
  const above = path.dirname(from)
  return existsSync(path.join(here, 'README.md')) || above === from ? here : examplesFolder(above)
}

const folders = ['web', 'auth', 'nginx-json'] as const
const files = ['web/access.log.gz', 'auth/auth.log', 'nginx-json/access.json.gz'] as const
/** The last part of the logs comes within a minute, so that something happens while somebody looks. */
const replaySeconds = 60

const report = async (examples: string, { html, color }: DemoFlags): Promise<void> => {
  await checkWritable(html)
  talk('Hunting in the bundled logs (examples/README.md says what they are) …')
  const paths = folders.map((name) => path.relative('', path.join(examples, name)))
  const found = await huntWithProgress({ paths })
  await print(renderTerminal(found, screenOf(color)))
  await writePage(html, renderHtml(found, { version }))
  await print(`\nThe same as a page, with charts: ${pathToFileURL(path.resolve(html)).href}\n`)
  await print('Your own logs:                   npx winnow hunt /var/log/nginx/ --html report.html\n')
}

/** The console over the same logs, until it is stopped. What it keeps is removed then. */
const openConsole = async (examples: string, listen: string): Promise<void> => {
  const data = await mkdtemp(path.join(os.tmpdir(), `winnow-${process.pid}-`))
  const text = JSON.stringify({ data, listen, intake: null, log: { level: 'warn', format: 'text' } })
  const { config, problems } = parseConfig(text, '--listen')
  if (config === null) throw new TypeError(problems.map(({ problem }) => problem).join('; '))
  const [{ startDemo }, { signInLink }] = await Promise.all([
    import('../../serve/demo.ts'),
    import('../../store/one-time-tokens.ts'),
  ])
  try {
    const log = openLog(config.log)
    const paths = files.map((file) => path.join(examples, file))
    const { server, userId, goOn } = await startDemo(config, paths, replaySeconds, { log })
    const link = await signInLink(server.store.db, userId, server.url)
    await print(`\nThe console, with the same logs: ${link}\n`)
    await print(
      'It signs you in once. The logs are as if written until now, and their last part is coming in; Ctrl+C ends it.\n',
    )
    const ending = new AbortController()
    const replaying = goOn(ending.signal)
    await untilStopped(server, async () => {
      ending.abort()
      await replaying
    })
  } finally {
    await rm(data, { recursive: true, force: true })
  }
}

export const addDemo = (program: Command): void => {
  program
    .command('demo')
    .summary('hunt in the bundled logs, and open the console on them')
    .description(
      'Analyses the logs that come with Winnow, writes a page with the findings, and opens the console on them: its last part comes in while you look.',
    )
    .option('--html <file>', 'where the page goes', 'winnow-report.html')
    .option('--listen <address>', 'where the console listens; port 0 is any that is free', '127.0.0.1:0')
    .option('--no-console', 'only the page')
    .option('--no-color', 'no colours')
    .action(async (flags: DemoFlags) => {
      const examples = examplesFolder(path.dirname(fileURLToPath(import.meta.url)))
      await report(examples, flags)
      if (flags.console) await openConsole(examples, flags.listen)
    })
}
