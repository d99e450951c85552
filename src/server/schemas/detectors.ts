/**
 * Detectors: in the list, on a page, and what another line would do.
 *
 * @module
 */
import { z } from 'zod'
import type { DetectorPage, DetectorRow, StrictnessPreview } from '../../api/api.ts'
import { findingRow } from './findings.ts'
import { incidentRow } from './incidents.ts'
import { time } from './parts.ts'

const row = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  attack: z.array(z.string()),
  categories: z.array(z.string()),
  enabled: z.boolean(),
  strictness: z.number(),
  state: z.enum(['watching', 'learning', 'blind', 'off']),
  why: z.string().nullable(),
  lastRun: time.nullable(),
  findings: z.number(),
  below: z.number(),
  verdicts: z.object({ threat: z.number(), expected: z.number(), falseAlarm: z.number() }),
  precision: z.number().nullable(),
})

export const detectorRow: z.ZodType<DetectorRow> = row.register(z.globalRegistry, { id: 'DetectorRow' })

export const detectorPage: z.ZodType<DetectorPage> = row
  .extend({
    entity: z.array(z.string()),
    windows: z.array(z.string()),
    model: z.string().nullable(),
    features: z.array(z.object({ name: z.string(), label: z.string() })),
    lookalikes: z.array(z.string()),
    needs: z.array(z.string()),
    sql: z.string(),
    scores: z.array(z.object({ rarity: z.number(), episodes: z.number() })),
    line: z.number(),
    recent: z.array(findingRow),
  })
  .register(z.globalRegistry, { id: 'DetectorPage' })

/** Ten times as strict twice over, or as loose: beyond that a detector is off, or all noise. */
export const strictness = z.number().min(-2).max(6)

export const strictnessPreview: z.ZodType<StrictnessPreview> = z.object({
  shown: z.number(),
  below: z.number(),
  lostThreats: z.array(incidentRow),
})
