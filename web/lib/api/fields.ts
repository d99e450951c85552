import { useQuery } from '@tanstack/react-query'
import type { FieldSummary } from '../../../src/api/search.ts'
import { get } from './http.ts'

export type Field = Pick<FieldSummary, 'name' | 'ecs' | 'meaning' | 'type' | 'entity'>

export const useFields = () =>
  useQuery({
    queryKey: ['fields'],
    queryFn: ({ signal }) => get<{ fields: readonly Field[] }>('fields', signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
