/**
 * What findings of each kind show beside their reasons.
 *
 * @module
 */
import { z } from 'zod'
import type { Detail } from '../../report/report.ts'
import { time } from './parts.ts'

const counted = z.object({ value: z.string(), events: z.number() })

const rhythm = z.object({
  kind: z.literal('rhythm'),
  medianGap: z.number(),
  gaps: z.array(z.object({ fromSeconds: z.number(), toSeconds: z.number(), gaps: z.number() })),
  hours: z.array(z.object({ time, events: z.number() })),
})

const queries = z.object({
  kind: z.literal('queries'),
  queries: z.number(),
  names: z.number(),
  bytes: z.number(),
  types: z.array(z.object({ type: z.string(), queries: z.number() })),
  examples: z.array(z.string()),
})

const targets = z.object({
  kind: z.literal('targets'),
  addresses: z.number(),
  ports: z.number(),
  answered: z.number(),
  unanswered: z.number(),
  topAddresses: z.array(counted),
  topPorts: z.array(counted),
})

const touched = z.object({
  kind: z.literal('touched'),
  peers: z.object({ name: z.string(), members: z.number() }),
  kinds: z.array(z.object({ column: z.string(), values: z.number(), fresh: z.number() })),
  edges: z.array(
    z.object({
      column: z.string(),
      value: z.string(),
      events: z.number(),
      before: z.number(),
      peers: z.number(),
      others: z.number(),
    }),
  ),
})

const path = z.object({
  kind: z.literal('path'),
  hops: z.array(
    z.object({ time, from: z.string(), to: z.string(), user: z.string(), switched: z.boolean() }),
  ),
})

const blinded = z.object({
  kind: z.literal('blinded'),
  detectors: z.array(z.object({ id: z.string(), title: z.string() })),
})

const payloads = z.object({
  kind: z.literal('payloads'),
  texts: z.array(
    z.object({
      place: z.enum(['parameter', 'path', 'user agent', 'referrer']),
      name: z.string(),
      page: z.string(),
      text: z.string(),
      meant: z.array(z.string()),
      bits: z.number(),
      requests: z.number(),
      answers: z.array(z.number()),
    }),
  ),
})

export const detail: z.ZodType<Detail> = z.discriminatedUnion('kind', [
  rhythm,
  queries,
  targets,
  touched,
  path,
  blinded,
  payloads,
])
