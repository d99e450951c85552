import { useInfiniteQuery } from '@tanstack/react-query'
import type { AuditEntry } from '../../../src/api/api.ts'
import { get, withQuery } from './http.ts'

export const useAudit = () =>
  useInfiniteQuery({
    queryKey: ['audit'],
    queryFn: ({ pageParam, signal }) =>
      get<{ entries: readonly AuditEntry[]; next: string | null }>(
        withQuery('audit', { cursor: pageParam }),
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })
