import type { Command } from 'commander'
import { counted, talk } from '../output.ts'
import { serverConfig, type ServerFlags } from '../server-config.ts'

interface RestoreFlags extends ServerFlags {
  readonly from: string
}

/** `winnow restore`: a backup, into an empty data folder. */
export const addRestore = (program: Command): void => {
  program
    .command('restore')
    .description('bring a backup back into an empty data folder')
    .requiredOption('--from <folder>', 'the backup')
    .option('-c, --config <file>', 'the configuration of the server that is to run on it')
    .option('--data <folder>', 'where it goes (default: winnow-data)')
    .addHelpText(
      'after',
      '\nNothing is overwritten: the folder must be empty, and so must the database where the configuration names a PostgreSQL.',
    )
    .action(async (flags: RestoreFlags) => {
      const config = await serverConfig(flags)
      const { restoreBackup } = await import('../../serve/backup/restore.ts')
      const { made, work } = await restoreBackup(flags.from, config)
      const incidents = work?.tables['incidents'] ?? 0
      const people = work?.tables['users'] ?? 0
      talk(
        `${config.data} is as it was at ${made}: ${counted(incidents, 'incident')}, ${counted(people, 'user')}. Everybody signs in anew.`,
      )
    })
}
