/**
 * Findings, whole and as lists show them.
 *
 * @module
 */
import { z } from 'zod'
import type { Finding, FindingRow } from '../../api/api.ts'
import { detail } from './details.ts'
import { kindValue, severity, time } from './parts.ts'

const entityRef = z.object({
  kind: z.string(),
  value: z.string(),
  parts: z.array(kindValue).exactOptional(),
})

const reason = z.object({
  feature: z.string(),
  label: z.string(),
  observed: z.number(),
  typical: z.number(),
  share: z.number(),
  unit: z.enum(['count', 'share', 'bytes', 'seconds', 'bits', 'number']),
})

export const finding: z.ZodType<Finding> = z
  .object({
    rank: z.number(),
    id: z.string(),
    detector: z.string(),
    severity,
    surprise: z.number(),
    entity: entityRef,
    related: z.array(kindValue),
    company: z.array(kindValue).exactOptional(),
    first: time,
    last: time,
    events: z.number(),
    attack: z.array(z.string()),
    title: z.string(),
    phrase: z.string().exactOptional(),
    rarity: z.string(),
    reasons: z.array(reason),
    evidence: z.object({
      filter: z.string(),
      lines: z.array(z.string()),
      places: z.array(z.object({ path: z.string(), line: z.number(), text: z.string() })),
    }),
    activity: z.array(z.object({ time, events: z.number(), anomalous: z.boolean() })),
    details: z.array(detail),
    knowledge: z.array(
      z.object({ about: z.string(), source: z.string(), label: z.string(), value: z.string() }),
    ),
  })
  .register(z.globalRegistry, { id: 'Finding' })

export const findingRow: z.ZodType<FindingRow> = z
  .object({
    id: z.string(),
    detector: z.string(),
    title: z.string(),
    severity,
    surprise: z.number(),
    rarity: z.string(),
    entity: entityRef,
    first: time,
    last: time,
    events: z.number(),
    incident: z.string().nullable(),
    state: z.enum(['shown', 'below', 'hidden']),
    hiddenBy: z.string().nullable(),
  })
  .register(z.globalRegistry, { id: 'FindingRow' })
