import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import type { BackupRow } from '../../api/api.ts'
import { AppError, messageOf } from '../../errors.ts'
import { counted, talk } from '../output.ts'
import { serverConfig, type ServerFlags } from '../server-config.ts'

interface BackupFlags extends ServerFlags {
  readonly to?: string
  readonly server?: string
  readonly keyFile?: string
}

const sized = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

/** Of a data folder that nothing runs on. */
const ofFolder = async (to: string, flags: BackupFlags): Promise<void> => {
  const config = await serverConfig(flags)
  const { makeColdBackup } = await import('../../serve/backup/cold.ts')
  const { files, work } = await makeColdBackup(to, config)
  const bytes = Object.values(files).reduce((sum, one) => sum + one, 0)
  const people = work?.tables['users'] ?? 0
  const incidents = work?.tables['incidents'] ?? 0
  talk(`${path.resolve(to)}: ${sized(bytes)}, ${counted(incidents, 'incident')}, ${counted(people, 'user')}.`)
}

const everyMs = 1000

const keyIn = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    throw new AppError('invalid-config', { place: '--key-file', problem: messageOf(error) }, error)
  }
}

const isAddress = (text: string): boolean =>
  /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')

/** Asks a server that runs, and waits until it is done. */
const byServer = async (server: string, { keyFile }: BackupFlags): Promise<void> => {
  const refuse = (problem: string, cause?: unknown): AppError =>
    new AppError('server-refused', { url: server, problem }, cause)
  const key = keyFile === undefined ? process.env['WINNOW_KEY'] : await keyIn(keyFile)
  if (!isAddress(server)) throw refuse('write an address such as http://127.0.0.1:8484')
  if (key === undefined || key === '')
    throw refuse('give an API key with the scope admin in WINNOW_KEY, or a file of it with --key-file')
  const ask = async <T>(method: 'GET' | 'POST'): Promise<T> => {
    let answer: Response
    try {
      answer = await fetch(new URL('/api/backups', server), {
        method,
        headers: { authorization: `Bearer ${key}` },
      })
    } catch (error) {
      const { cause } = error instanceof Error ? error : {}
      throw refuse(messageOf(cause ?? error), error)
    }
    // What the API answers, by its schemas; a proxy in front of it may answer anything.
    const read = (await answer.json().catch(() => null)) as
      | (T & { readonly error?: { readonly message: string } })
      | null
    if (answer.status === 401) throw refuse('it does not know the key, or it was revoked')
    if (!answer.ok || read === null)
      throw refuse(read?.error?.message ?? `it answered with status ${answer.status}`)
    return read
  }
  const { name } = await ask<BackupRow>('POST')
  for (;;) {
    const { backups } = await ask<{ readonly backups: readonly BackupRow[] }>('GET')
    const row = backups.find((one) => one.name === name)
    if (row?.state === 'made') {
      talk(`${name}: ${sized(row.bytes ?? 0)}, in the folder that the server's configuration names.`)
      return
    }
    if (row?.state !== 'running') throw refuse(row?.problem ?? 'it is gone')
    await pause(everyMs)
  }
}

/** `winnow backup`: everything a server keeps, into a folder. */
export const addBackup = (program: Command): void => {
  program
    .command('backup')
    .description(
      'copy everything a server keeps into a folder: events, incidents, users, how far the intake is',
    )
    .option('--to <folder>', 'where the backup goes: a new folder')
    .option('-c, --config <file>', 'the configuration of the server')
    .option('--data <folder>', 'its data folder (default: winnow-data)')
    .option(
      '--server <url>',
      'ask the server that runs there: it writes into backup.folder of its configuration',
    )
    .option('--key-file <file>', 'an API key with the scope admin (default: WINNOW_KEY)')
    .addHelpText(
      'after',
      `
A server that runs makes its backups itself, with --server; a stopped one is copied from its folder, with --to.
A backup holds hashes of passwords and the secrets of channels: keep it as safe as the server.`,
    )
    .action(async (flags: BackupFlags, command: Command) => {
      if ((flags.server === undefined) === (flags.to === undefined))
        command.error('error: give --to for a stopped server, or --server for one that runs')
      if (flags.server !== undefined) await byServer(flags.server, flags)
      else if (flags.to !== undefined) await ofFolder(flags.to, flags)
    })
}
