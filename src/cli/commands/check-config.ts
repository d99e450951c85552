import type { Command } from 'commander'
import { configJsonSchema, readConfig } from '../../config/read-config.ts'
import { print, talk } from '../output.ts'

/** `winnow check-config FILE`: says what is wrong with a configuration, line by line, before a server is started with it. */
export const addCheckConfig = (program: Command): void => {
  program
    .command('check-config')
    .description('check a configuration file, and say in which line what is wrong')
    .argument('[file]', 'the file', 'winnow.yaml')
    .option('--schema', 'print the JSON schema of the file instead, for editors')
    .action(async (file: string, options: { schema?: boolean }) => {
      if (options.schema === true) {
        await print(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
        return
      }
      await readConfig(file)
      talk(`${file} is right.`)
    })
}
