import { Command, CommanderError } from 'commander'
import { AppError } from '../errors.ts'
import { version } from '../version.ts'
import { addBackup } from './commands/backup.ts'
import { addCheckConfig } from './commands/check-config.ts'
import { addDemo } from './commands/demo.ts'
import { addDetectors } from './commands/detectors.ts'
import { addHunt } from './commands/hunt.ts'
import { addParse } from './commands/parse.ts'
import { addParsers } from './commands/parsers.ts'
import { addRestore } from './commands/restore.ts'
import { addServe } from './commands/serve.ts'
import { addSignInLink } from './commands/sign-in-link.ts'
import { talk } from './output.ts'

const usageStatus = 2

/** An exception nobody foresaw: a fixed sentence, and everything else for whoever mends it. */
const reportBug = (error: unknown): void => {
  talk('winnow: this is a bug in Winnow; please report it with what follows.')
  talk(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

const statusOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageStatus
  if (error instanceof AppError) {
    talk(`winnow: ${error.message}`)
    return error.exitStatus
  }
  reportBug(error)
  return 1
}

const program = new Command('winnow')
  .description("Finds the few things worth a person's time in the logs you already have.")
  .version(version)
  .showHelpAfterError('Add --help to see what there is.')
  .exitOverride()

for (const add of [
  addHunt,
  addServe,
  addSignInLink,
  addCheckConfig,
  addBackup,
  addRestore,
  addParse,
  addDetectors,
  addParsers,
  addDemo,
])
  add(program)
for (const command of program.commands)
  command.exitOverride().showHelpAfterError(`See: winnow ${command.name()} --help`)

// A reader that goes away early (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = statusOf(error)
}
