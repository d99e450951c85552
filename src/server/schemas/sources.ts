/**
 * Sources, what was not understood of them, and the page of today.
 *
 * @module
 */
import { z } from 'zod'
import type { RejectGroup, SourceRow, Today } from '../../api/api.ts'
import { findingRow } from './findings.ts'
import { incidentRow } from './incidents.ts'
import { time } from './parts.ts'

export const sourceRow: z.ZodType<SourceRow> = z
  .object({
    name: z.string(),
    kind: z.enum(['file', 'syslog', 'http', 'replay']),
    format: z.string().nullable(),
    lines: z.number(),
    rejected: z.number(),
    rate: z.number(),
    lagSeconds: z.number().nullable(),
    firstSeen: time.nullable(),
    lastSeen: time.nullable(),
    state: z.enum(['receiving', 'quiet', 'silent', 'unread']),
    problem: z.string().nullable(),
    minutes: z.array(z.number()),
  })
  .register(z.globalRegistry, { id: 'SourceRow' })

export const rejectGroup: z.ZodType<RejectGroup> = z.object({
  reason: z.string(),
  lines: z.number(),
  examples: z.array(z.object({ line: z.number(), text: z.string(), time })),
})

export const today: z.ZodType<Today> = z
  .object({
    incidents: z.array(incidentRow),
    open: z.number(),
    acknowledged: z.number(),
    closedToday: z.number(),
    budget: z.object({ perDay: z.number(), today: z.number(), older: z.number() }),
    below: z.array(findingRow),
    silent: z.array(z.object({ source: z.string(), since: time, blinds: z.array(z.string()) })),
    blind: z.array(z.object({ detector: z.string(), title: z.string(), why: z.string() })),
    activity: z.array(z.object({ time, events: z.number() })),
    events: z.number(),
    sources: z.number(),
  })
  .register(z.globalRegistry, { id: 'Today' })
