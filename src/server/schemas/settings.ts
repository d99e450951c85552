/**
 * Settings, and the channels by which people are told.
 *
 * @module
 */
import { z } from 'zod'
import { networkRange } from '../../addresses/networks.ts'
import type { Channel, Settings } from '../../api/api.ts'
import { id, line, moment, text, time } from './parts.ts'

export const settings: z.ZodType<Settings> = z
  .object({
    budgetPerDay: z.number(),
    retentionDays: z.number(),
    retentionBytes: z.number().nullable(),
    excludedPeriods: z.array(z.object({ id: z.string(), from: time, to: time, note: z.string() })),
    ownNetworks: z.array(z.string()),
  })
  .register(z.globalRegistry, { id: 'Settings' })

const isNetwork = (network: string): boolean => {
  const [, length, more] = network.split('/')
  if (length === undefined || more !== undefined || !/^\d{1,3}$/.test(length)) return false
  if (Number(length) > (network.includes(':') ? 128 : 32)) return false
  try {
    networkRange(network)
    return true
  } catch {
    return false
  }
}

const excludedPeriod = z
  .strictObject({ id: id.exactOptional(), from: moment, to: moment, note: text(500).default('') })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), 'ends before it begins')

export const settingsChange = z
  .strictObject({
    budgetPerDay: z.number().min(0).max(10_000).exactOptional(),
    retentionDays: z.number().int().min(1).max(36_500).exactOptional(),
    retentionBytes: z.number().int().min(1_000_000).max(1e18).nullable().exactOptional(),
    excludedPeriods: z.array(excludedPeriod).max(200).exactOptional(),
    ownNetworks: z
      .array(line(60).refine(isNetwork, 'is not a network, such as 192.0.2.0/24'))
      .max(1000)
      .exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing')

const channelValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))

export const channel: z.ZodType<Channel> = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['email', 'slack', 'webhook', 'syslog']),
    enabled: z.boolean(),
    leastRisk: z.number(),
    settings: channelValues,
    lastSent: time.nullable(),
    lastError: z.string().nullable(),
  })
  .register(z.globalRegistry, { id: 'Channel' })

/** What each kind of channel needs is checked by `src/notify/channel-settings.ts`; here, only that it is small and plain. */
const given = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9]{0,40}$/, 'is not the name of a setting'),
    z.union([text(2000), z.number(), z.boolean()]),
  )
  .refine((values) => Object.keys(values).length <= 40, 'has too many settings')

export const newChannel = z.strictObject({
  name: line(100),
  kind: z.enum(['email', 'slack', 'webhook', 'syslog']),
  enabled: z.boolean().default(true),
  leastRisk: z.number().min(0).max(100).default(0),
  settings: given.default({}),
  secrets: given.default({}),
})

export const channelChange = z
  .strictObject({
    name: line(100).exactOptional(),
    enabled: z.boolean().exactOptional(),
    leastRisk: z.number().min(0).max(100).exactOptional(),
    settings: given.exactOptional(),
    secrets: given.exactOptional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'changes nothing')
