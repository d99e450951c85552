import { useQuery } from '@tanstack/react-query'
import type { Finding, FindingRow } from '../../../src/api/api.ts'
import { get, withQuery } from './http.ts'

export interface FindingFilter {
  readonly state?: FindingRow['state']
  readonly detector?: string
  readonly entity?: string
  readonly from?: string
  readonly to?: string
}

export const useFindings = (filter: FindingFilter) =>
  useQuery({
    queryKey: ['findings', filter],
    queryFn: ({ signal }) =>
      get<{ findings: readonly FindingRow[]; next: string | null }>(
        withQuery('findings', { ...filter }),
        signal,
      ),
  })

export const useFinding = (id: string | null) =>
  useQuery({
    queryKey: ['finding', id],
    queryFn: ({ signal }) => get<Finding>(`findings/${encodeURIComponent(id ?? '')}`, signal),
    enabled: id !== null,
  })
