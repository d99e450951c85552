/**
 * Searches and entities: what is asked, and what is answered.
 *
 * @module
 */
import { z } from 'zod'
import type {
  EntityGraph,
  EntityPage,
  EntityRow,
  EventRow,
  FieldsResult,
  Histogram,
  LineExplanation,
  QueryCheck,
  SavedSearch,
  SearchResult,
} from '../../api/search.ts'
import { findingRow } from './findings.ts'
import { incidentRow } from './incidents.ts'
import { many, named, time } from './parts.ts'

/** As long as the language takes it: what is wrong with a longer one, it says itself. */
export const query = z.string().max(25_000).default('')

/** One end of a time: `2026-01-31T08:00Z`, `24h`, `now`. */
export const end = z.string().max(60)

export const range = { from: end.exactOptional(), to: end.exactOptional() }

const scalar = z.union([z.string(), z.number(), z.boolean()])

export const eventRow: z.ZodType<EventRow> = z
  .object({
    id: z.string(),
    time,
    category: z.string(),
    source: z.string(),
    message: z.string(),
    fields: z.record(z.string(), scalar),
  })
  .register(z.globalRegistry, { id: 'EventRow' })

export const searchResult: z.ZodType<SearchResult> = z.object({
  events: z.array(eventRow),
  next: z.string().nullable(),
  seconds: z.number(),
})

export const histogram: z.ZodType<Histogram> = z.object({
  bucketMs: z.number(),
  buckets: z.array(z.object({ time, events: z.number() })),
  total: z.number(),
  seconds: z.number(),
})

const valueEvents = z.object({ value: z.string(), events: z.number() })

export const values = z.object({ values: many(valueEvents) })

const fieldType = z.enum(['time', 'ip', 'keyword', 'text', 'integer', 'port', 'number', 'json'])

const field = z.object({
  name: z.string(),
  ecs: z.string(),
  meaning: z.string(),
  type: fieldType,
  entity: z.string().nullable(),
})

export const fields = z.object({ fields: many(field) })

export const fieldsResult: z.ZodType<FieldsResult> = z.object({
  fields: z.array(field.extend({ events: z.number(), distinct: z.number(), values: z.array(valueEvents) })),
  events: z.number(),
  sampled: z.boolean(),
})

export const queryCheck: z.ZodType<QueryCheck> = z.object({
  ok: z.boolean(),
  position: z.number().exactOptional(),
  message: z.string().exactOptional(),
})

export const savedSearch: z.ZodType<SavedSearch> = z
  .object({
    id: z.string(),
    name: z.string(),
    query: z.string(),
    range: z.string(),
    shared: z.boolean(),
    by: named.nullable(),
    created: time,
  })
  .register(z.globalRegistry, { id: 'SavedSearch' })

const entity = z.object({
  kind: z.string(),
  value: z.string(),
  events: z.number(),
  first: time,
  last: time,
})

export const entityRow: z.ZodType<EntityRow> = entity.register(z.globalRegistry, { id: 'EntityRow' })

export const entityPage: z.ZodType<EntityPage> = entity
  .extend({
    heat: z.array(z.object({ day: z.string(), hour: z.number(), events: z.number() })),
    categories: z.array(z.object({ category: z.string(), events: z.number() })),
    related: z.array(
      z.object({
        kind: z.string(),
        distinct: z.number(),
        values: z.array(z.object({ value: z.string(), events: z.number(), first: time, fresh: z.boolean() })),
      }),
    ),
    novelty: z.array(z.object({ day: z.string(), others: z.number(), fresh: z.number() })),
    peers: z.array(z.object({ value: z.string(), shared: z.number(), similarity: z.number() })),
    findings: z.array(findingRow),
    incidents: z.array(incidentRow),
  })
  .register(z.globalRegistry, { id: 'EntityPage' })

export const entityGraph: z.ZodType<EntityGraph> = z
  .object({
    day: z.string(),
    nodes: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        value: z.string(),
        events: z.number(),
        fresh: z.boolean(),
      }),
    ),
    edges: z.array(z.object({ from: z.string(), to: z.string(), events: z.number(), fresh: z.boolean() })),
  })
  .register(z.globalRegistry, { id: 'EntityGraph' })

export const lineExplanation: z.ZodType<LineExplanation> = z.object({
  format: z.string().nullable(),
  fields: z.record(z.string(), scalar),
  near: z.array(z.object({ parser: z.string(), title: z.string(), why: z.string() })),
})
