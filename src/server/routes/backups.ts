/**
 * Backups of the server while it runs.
 *
 * @module
 */
import { z } from 'zod'
import type { BackupRow } from '../../api/api.ts'
import { AppError } from '../../errors.ts'
import type { App, Running } from '../context.ts'
import { many } from '../schemas/parts.ts'

const backupRow: z.ZodType<BackupRow> = z
  .object({
    name: z.string(),
    started: z.string(),
    state: z.enum(['running', 'made', 'failed']),
    bytes: z.number().nullable(),
    problem: z.string().nullable(),
  })
  .register(z.globalRegistry, { id: 'Backup', description: 'A backup, made or being made' })

export const addBackupRoutes = (app: App, { backups }: Running): void => {
  app.get(
    '/api/backups',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Backups, newest first: made, being made, failed',
        response: { 200: z.object({ backups: many(backupRow) }) },
      },
    },
    async () => ({ backups: (await backups?.list()) ?? [] }),
  )

  app.post(
    '/api/backups',
    {
      config: { role: 'administrator', action: 'backup started' },
      schema: {
        summary: 'Begin a backup, into the folder that the configuration names',
        response: { 200: backupRow },
      },
    },
    async (request) => {
      if (backups === undefined) throw new AppError('conflict', { problem: 'this server makes no backups' })
      const row = backups.start()
      request.audited = { target: row.name }
      return row
    },
  )
}
