import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { EventRow, FieldsResult, Histogram, QueryCheck, SearchResult } from '../../../src/api/search.ts'
import { get, withQuery } from './http.ts'

/** What is searched. `from` is a time or how long before now, absent: the beginning; no `to` means now. */
export interface Search {
  readonly q: string
  readonly from?: string
  readonly to?: string
}

export const useSearch = (search: Search, order: 'newest' | 'oldest' = 'newest') =>
  useInfiniteQuery({
    queryKey: ['search', 'events', search, order],
    queryFn: ({ pageParam, signal }) =>
      get<SearchResult>(withQuery('search', { ...search, order, limit: 200, cursor: pageParam }), signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  })

export const useHistogram = (search: Search, buckets: number) =>
  useQuery({
    queryKey: ['search', 'histogram', search, buckets],
    queryFn: ({ signal }) => get<Histogram>(withQuery('search/histogram', { ...search, buckets }), signal),
    placeholderData: keepPreviousData,
  })

export const useFieldSummaries = (search: Search, enabled = true) =>
  useQuery({
    queryKey: ['search', 'fields', search],
    queryFn: ({ signal }) => get<FieldsResult>(withQuery('search/fields', { ...search }), signal),
    placeholderData: keepPreviousData,
    enabled,
  })

/** Values that begin so: for completion. */
export const useValues = (field: string | null, prefix: string, search: Search) =>
  useQuery({
    queryKey: ['search', 'values', field, prefix, search],
    queryFn: ({ signal }) =>
      get<{ values: readonly { value: string; events: number }[] }>(
        withQuery('search/values', { ...search, field, prefix }),
        signal,
      ),
    enabled: field !== null,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  })

export const useQueryCheck = (q: string) =>
  useQuery({
    queryKey: ['search', 'check', q],
    queryFn: ({ signal }) => get<QueryCheck>(withQuery('search/check', { q }), signal),
    enabled: q.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })

export const useEvent = (id: string | null) =>
  useQuery({
    queryKey: ['event', id],
    queryFn: ({ signal }) => get<EventRow>(withQuery('event', { id }), signal),
    enabled: id !== null,
  })
