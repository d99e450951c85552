import type { Command } from 'commander'
import type { Reload } from '../../serve/reload.ts'
import { openLog } from '../log.ts'
import { talk } from '../output.ts'
import { serverConfig, type ServerFlags } from '../server-config.ts'
import { untilStopped } from '../until-stopped.ts'

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
    .action(async (flags: ServerFlags) => {
      const config = await serverConfig(flags)
      // Only here: other commands do without its libraries.
      const [{ serve }, { startReload }] = await Promise.all([
        import('../../serve/serve.ts'),
        import('../../serve/reload.ts'),
      ])
      const log = openLog(config.log)
      // From the beginning to the end: a process that does not listen to it is ended by it.
      let reload: Reload | undefined
      process.on('SIGHUP', () => void reload?.now())
      const server = await serve(config, { log })
      log.info({ url: server.url, intake: server.intakeUrl }, 'listening')
      talk(`The console is at ${config.url ?? server.url}`)
      if (server.setup !== null)
        talk(
          `Nobody can sign in yet. Make the first administrator here (once, within a day):\n  ${server.setup}`,
        )
      const watching = startReload({
        ...(flags.config === undefined ? {} : { file: flags.config }),
        read: () => serverConfig(flags),
        apply: server.reload,
        started: config,
        log,
      })
      reload = watching
      await untilStopped(server, async () => {
        log.info({}, 'stopping')
        reload = undefined
        await watching.close()
      })
    })
}
