import type { Command } from 'commander'
import { storeAt, urlOf } from '../../config/places.ts'
import { AppError } from '../../errors.ts'
import { print } from '../output.ts'
import { serverConfig, type ServerFlags } from '../server-config.ts'

/** `winnow sign-in-link`: for whoever forgot the password, by whoever can reach the machine. */
export const addSignInLink = (program: Command): void => {
  program
    .command('sign-in-link')
    .summary('let somebody choose a new password who forgot it')
    .description(
      'Prints a link with which a user chooses a new password and is signed in, once, within an hour. It replaces the one before. Whoever may read the data folder may do this. Without PostgreSQL, the server must be stopped meanwhile.',
    )
    .argument('<email>', 'whose link')
    .option('-c, --config <file>', 'the configuration of the server')
    .option('--data <folder>', 'its data folder (default: winnow-data)')
    .action(async (email: string, flags: ServerFlags) => {
      const config = await serverConfig(flags)
      const [{ openStore }, { passwordLink, passwordLinkMs }, { userByEmail }, { writeAudit }] =
        await Promise.all([
          import('../../store/store.ts'),
          import('../../store/one-time-tokens.ts'),
          import('../../store/users.ts'),
          import('../../store/audit.ts'),
        ])
      const store = await openStore(storeAt(config))
      try {
        const user = await userByEmail(store.db, email.toLowerCase())
        if (user === undefined || user.disabled) throw new AppError('not-found', { what: `user ${email}` })
        const { link } = await passwordLink(store.db, {
          userId: user.id,
          baseUrl: config.url ?? urlOf(config.listen),
          lastsMs: passwordLinkMs.asked,
        })
        const entry = {
          who: 'command line',
          action: 'password link made',
          target: user.email,
          detail: '',
          address: null,
        }
        await writeAudit(store.db, entry, Date.now())
        await print(`${link}\n`)
      } finally {
        await store.close()
      }
    })
}
