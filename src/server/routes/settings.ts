/**
 * Settings that take effect while the server runs, and channels.
 *
 * @module
 */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import { checkChannelChange, readChannel } from '../../notify/channel-settings.ts'
import {
  changeChannel,
  createChannel,
  deleteChannel,
  listChannels,
  secretChannel,
} from '../../store/channels.ts'
import { changeSettings, readSettings } from '../../store/settings.ts'
import type { App, Running } from '../context.ts'
import { idParams, many, nothing } from '../schemas/parts.ts'
import * as settings from '../schemas/settings.ts'
import { settingsOf } from '../settings-of.ts'

export const addSettingsRoutes = (app: App, context: Running): void => {
  const { now, notify } = context
  const { db } = context.store

  app.get(
    '/api/settings',
    {
      config: { role: 'viewer' },
      schema: { summary: 'The settings', response: { 200: settings.settings } },
    },
    () => readSettings(db, settingsOf(context.config)),
  )

  app.patch(
    '/api/settings',
    {
      config: { role: 'administrator', action: 'settings changed' },
      schema: {
        summary: 'Change settings; lists are replaced as a whole',
        body: settings.settingsChange,
        response: { 200: settings.settings },
      },
    },
    async (request) => {
      const { excludedPeriods, ...change } = request.body
      const periods = excludedPeriods?.map((period) => ({ ...period, id: period.id ?? randomUUID() }))
      await changeSettings(
        db,
        { ...change, ...(periods === undefined ? {} : { excludedPeriods: periods }) },
        now(),
      )
      context.settingsChanged?.()
      request.audited = { detail: JSON.stringify(request.body) }
      return readSettings(db, settingsOf(context.config))
    },
  )

  app.get(
    '/api/channels',
    {
      config: { role: 'administrator' },
      schema: {
        summary: 'Where people are told of incidents; secrets are left out',
        response: { 200: z.object({ channels: many(settings.channel) }) },
      },
    },
    async () => ({ channels: await listChannels(db) }),
  )

  app.post(
    '/api/channels',
    {
      config: { role: 'administrator', action: 'channel created' },
      schema: { summary: 'Make a channel', body: settings.newChannel, response: { 200: settings.channel } },
    },
    async (request) => {
      readChannel(request.body)
      const channel = await createChannel(db, request.body, now())
      request.audited = { target: channel.id, detail: `${channel.kind} ${channel.name}` }
      return channel
    },
  )

  app.patch(
    '/api/channels/:id',
    {
      config: { role: 'administrator', action: 'channel changed' },
      schema: {
        summary: 'Change a channel; secrets that are not given stay',
        params: idParams,
        body: settings.channelChange,
        response: { 200: settings.channel },
      },
    },
    async (request) => {
      const before = await secretChannel(db, request.params.id)
      if (before !== null) checkChannelChange(before, request.body)
      const channel = await changeChannel(db, request.params.id, request.body)
      if (channel === null) throw new AppError('not-found', { what: 'channel' })
      request.audited = { detail: Object.keys(request.body).join(' ') }
      return channel
    },
  )

  app.delete(
    '/api/channels/:id',
    {
      config: { role: 'administrator', action: 'channel deleted' },
      schema: { summary: 'Take a channel away', params: idParams, response: { 200: nothing } },
    },
    async ({ params }) => {
      if (!(await deleteChannel(db, params.id))) throw new AppError('not-found', { what: 'channel' })
      return null
    },
  )

  app.post(
    '/api/channels/:id/test',
    {
      config: { role: 'administrator', action: 'channel tested' },
      schema: {
        summary: 'Send a test message, now',
        params: idParams,
        response: { 200: z.object({ error: z.string().nullable() }) },
      },
    },
    async ({ params }) => {
      const channels = await listChannels(db)
      if (!channels.some(({ id }) => id === params.id)) throw new AppError('not-found', { what: 'channel' })
      if (notify === undefined) throw new AppError('conflict', { problem: 'this server sends no messages' })
      return notify.test(params.id)
    },
  )
}
