import type { Command } from 'commander'
import path from 'node:path'
import { AppError } from '../../errors.ts'
import { print } from '../output.ts'
import { serverConfig, type ServerFlags } from '../server-config.ts'

/** `winnow sign-in-link`: for an administrator who forgot the password, and can reach the machine. */
export const addSignInLink = (program: Command): void => {
  program
    .command('sign-in-link')
    .summary('let somebody in who forgot the password')
    .description(
      'Prints a link that signs a user in, once, within an hour. Whoever may read the data folder may do this. Without PostgreSQL, the server must be stopped meanwhile.',
    )
    .argument('<email>', 'whose link')
    .option('-c, --config <file>', 'the configuration of the server')
    .option('--data <folder>', 'its data folder (default: winnow-data)')
    .action(async (email: string, flags: ServerFlags) => {
      const config = await serverConfig(flags)
      const [{ openStore }, { signInLink }, { userByEmail }, { writeAudit }] = await Promise.all([
        import('../../store/store.ts'),
        import('../../store/one-time-tokens.ts'),
        import('../../store/users.ts'),
        import('../../store/audit.ts'),
      ])
      const store = await openStore(
        config.store === undefined ? { folder: path.join(config.data, 'work') } : { url: config.store },
      )
      try {
        const user = await userByEmail(store.db, email)
        if (user === undefined || user.disabled) throw new AppError('not-found', { what: `user ${email}` })
        const { host, port } = config.listen
        const base = config.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`
        const link = await signInLink(store.db, user.id, base)
        const entry = {
          who: 'command line',
          action: 'sign-in link made',
          target: email,
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
