import { useMutation, useQuery } from '@tanstack/react-query'
import type { RejectGroup, SourceRow } from '../../../src/api/api.ts'
import type { LineExplanation } from '../../../src/api/search.ts'
import { get, post, withQuery } from './http.ts'

export const sourcesKey = ['sources'] as const

export const useSources = () =>
  useQuery({
    queryKey: sourcesKey,
    queryFn: ({ signal }) => get<{ sources: readonly SourceRow[] }>('sources', signal),
    refetchInterval: 15_000,
  })

export const useRejects = (source: string | null) =>
  useQuery({
    queryKey: [...sourcesKey, 'rejects', source],
    queryFn: ({ signal }) =>
      get<{ groups: readonly RejectGroup[] }>(withQuery('sources/rejects', { source }), signal),
    enabled: source !== null,
  })

export const useExplainLine = () =>
  useMutation({
    mutationFn: (given: { line: string; format?: string }) => post<LineExplanation>('explain-line', given),
  })
