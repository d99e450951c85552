/**
 * What the API answers of events and entities, as types; see `api.ts`.
 *
 * @module
 */
import type { FindingRow, IncidentRow } from './api.ts'

/** One event as it is searched. `fields` holds what it has, by column name; a JSON column's leaves by dotted name. */
export interface EventRow {
  readonly id: string
  readonly time: string
  readonly category: string
  readonly source: string
  readonly message: string
  readonly fields: Readonly<Record<string, string | number | boolean>>
}

export interface SearchResult {
  readonly events: readonly EventRow[]
  readonly next: string | null
  readonly seconds: number
}

export interface Histogram {
  readonly bucketMs: number
  readonly buckets: readonly { readonly time: string; readonly events: number }[]
  readonly total: number
  readonly seconds: number
}

export interface FieldSummary {
  readonly name: string
  readonly ecs: string
  readonly meaning: string
  readonly type: 'time' | 'ip' | 'keyword' | 'text' | 'integer' | 'port' | 'number' | 'json'
  /** The kind of entity its values are, where they are one. */
  readonly entity: string | null
  /** How many of the events looked at have it, and how many different values. */
  readonly events: number
  readonly distinct: number
  readonly values: readonly { readonly value: string; readonly events: number }[]
}

export interface FieldsResult {
  readonly fields: readonly FieldSummary[]
  /** How many events were looked at: all, or a sample of so many. */
  readonly events: number
  readonly sampled: boolean
}

/** Whether a query can be read, and if not, where it stops. */
export interface QueryCheck {
  readonly ok: boolean
  /** From 0. */
  readonly position?: number
  readonly message?: string
}

export interface SavedSearch {
  readonly id: string
  readonly name: string
  readonly query: string
  /** As in the address bar: `24h` or a start and an end. */
  readonly range: string
  readonly shared: boolean
  readonly by: { readonly id: string; readonly name: string } | null
  readonly created: string
}

export interface EntityRow {
  readonly kind: string
  readonly value: string
  readonly events: number
  readonly first: string
  readonly last: string
}

export interface EntityPage extends EntityRow {
  /** Events by day (`2026-01-31`) and hour (0–23), UTC, of the last 28 days with events. */
  readonly heat: readonly { readonly day: string; readonly hour: number; readonly events: number }[]
  readonly categories: readonly { readonly category: string; readonly events: number }[]
  /** What it has to do with, by kind of entity: first seen with it when, and whether that is new (last 24 h of its data). */
  readonly related: readonly {
    readonly kind: string
    readonly distinct: number
    readonly values: readonly {
      readonly value: string
      readonly events: number
      readonly first: string
      readonly fresh: boolean
    }[]
  }[]
  /** By day: how many different others it had to do with, and how many for the first time. */
  readonly novelty: readonly { readonly day: string; readonly others: number; readonly fresh: number }[]
  /** Who does alike: by what they share. */
  readonly peers: readonly { readonly value: string; readonly shared: number; readonly similarity: number }[]
  readonly findings: readonly FindingRow[]
  readonly incidents: readonly IncidentRow[]
}

/** An entity's day: itself first, then what it had to do with. */
export interface EntityGraph {
  /** `2026-01-31`, UTC; empty where it has no events. */
  readonly day: string
  readonly nodes: readonly {
    readonly id: string
    readonly kind: string
    readonly value: string
    readonly events: number
    /** It had nothing to do with it in the 28 days before. */
    readonly fresh: boolean
  }[]
  /** By the ids of their nodes. */
  readonly edges: readonly {
    readonly from: string
    readonly to: string
    readonly events: number
    readonly fresh: boolean
  }[]
}

/** Why a line is not understood: what each parser that came near says. */
export interface LineExplanation {
  readonly format: string | null
  readonly fields: Readonly<Record<string, string | number | boolean>>
  readonly near: readonly { readonly parser: string; readonly title: string; readonly why: string }[]
}
