import type { Command } from 'commander'
import { readConfig, parseConfig } from '../../config/read-config.ts'
import type { Config } from '../../config/config.ts'
import { AppError } from '../../errors.ts'
import { openLog } from '../log.ts'
import { talk } from '../output.ts'
import { untilSignal } from '../until-signal.ts'

interface ServeFlags {
  readonly config?: string
  readonly data?: string
  readonly listen?: string
}

/** The configuration of a file, or of the flags alone. */
const configOf = async ({ config: file, data, listen }: ServeFlags): Promise<Config> => {
  const environment = {
    ...process.env,
    ...(data === undefined ? {} : { WINNOW_DATA: JSON.stringify(data) }),
    ...(listen === undefined ? {} : { WINNOW_LISTEN: JSON.stringify(listen) }),
  }
  if (file !== undefined) return readConfig(file, environment)
  const { config, problems } = parseConfig('data: winnow-data\n', 'command line', environment)
  if (config !== null) return config
  const [first] = problems
  throw new AppError('invalid-config', { place: first?.place ?? '', problem: first?.problem ?? '' })
}

/** `winnow serve`: takes logs in, detects, and shows what it found, until it is stopped. */
export const addServe = (program: Command): void => {
  program
    .command('serve')
    .description('take logs in all the time, detect within seconds, and open the console')
    .option('-c, --config <file>', 'a configuration file; see `winnow check-config`')
    .option('--data <folder>', 'where everything is kept (default: winnow-data)')
    .option('--listen <address>', 'where the console listens (default: 127.0.0.1:8484)')
    .addHelpText(
      'after',
      `
Stop it with Ctrl+C: what was acknowledged is kept.
The file is read again when it changes, and on SIGHUP. What can change while the server runs does; the log says what needs a restart.`,
    )
    .action(async (flags: ServeFlags) => {
      const config = await configOf(flags)
      // Only here: other commands do without its libraries.
      const [{ serve }, { startReload }] = await Promise.all([
        import('../../serve/serve.ts'),
        import('../../serve/reload.ts'),
      ])
      const log = openLog(config.log)
      const server = await serve(config, { log })
      log.info({ url: server.url, intake: server.intakeUrl }, 'listening')
      talk(`The console is at ${config.url ?? server.url}`)
      if (server.setup !== null)
        talk(
          `Nobody can sign in yet. Make the first administrator here (once, within a day):\n  ${server.setup}`,
        )
      const reload = startReload({
        ...(flags.config === undefined ? {} : { file: flags.config }),
        read: () => configOf(flags),
        apply: server.reload,
        started: config,
        log,
      })
      const again = (): void => void reload.now()
      process.on('SIGHUP', again)
      await untilSignal()
      log.info({}, 'stopping')
      process.off('SIGHUP', again)
      await reload.close()
      await server.close()
    })
}
