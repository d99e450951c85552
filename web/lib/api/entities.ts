import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import type { EntityGraph, EntityPage, EntityRow } from '../../../src/api/search.ts'
import { get, withQuery } from './http.ts'

export interface EntityFilter {
  readonly kind: string
  readonly prefix?: string
  readonly from?: string
  readonly to?: string
}

export const useEntities = (filter: EntityFilter, enabled = true) =>
  useQuery({
    queryKey: ['entities', filter],
    queryFn: ({ signal }) =>
      get<{ entities: readonly EntityRow[] }>(withQuery('entities', { ...filter }), signal),
    placeholderData: keepPreviousData,
    enabled,
  })

/** Of several kinds at once, those that begin so. */
export const useEntitiesOf = (kinds: readonly string[], prefix: string): readonly EntityRow[] =>
  useQueries({
    queries: kinds.map((kind) => ({
      queryKey: ['entities', { kind, prefix, limit: 5 }],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        get<{ entities: readonly EntityRow[] }>(withQuery('entities', { kind, prefix, limit: 5 }), signal),
      staleTime: 60_000,
    })),
    combine: (results) => results.flatMap(({ data }) => data?.entities ?? []),
  })

/** @param day `2026-01-31`; its last one where none is given */
export const useEntityGraph = (kind: string, value: string, day: string | null) =>
  useQuery({
    queryKey: ['entity', kind, value, 'graph', day],
    queryFn: ({ signal }) =>
      get<EntityGraph>(
        withQuery(`entities/${encodeURIComponent(kind)}/${encodeURIComponent(value)}/graph`, { day }),
        signal,
      ),
    placeholderData: keepPreviousData,
  })

export const useEntity = (kind: string, value: string) =>
  useQuery({
    queryKey: ['entity', kind, value],
    queryFn: ({ signal }) =>
      get<EntityPage>(`entities/${encodeURIComponent(kind)}/${encodeURIComponent(value)}`, signal),
  })
