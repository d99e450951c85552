import { useQuery } from '@tanstack/react-query'
import type { FindingRow } from '../../../src/api/api.ts'
import { get, withQuery } from './http.ts'

interface FindingFilter {
  readonly state: FindingRow['state']
  readonly detector: string
}

export const useFindings = (filter: FindingFilter) =>
  useQuery({
    queryKey: ['findings', filter],
    queryFn: ({ signal }) =>
      get<{ findings: readonly FindingRow[]; next: string | null }>(
        withQuery('findings', { ...filter, sort: 'rarity', limit: 10 }),
        signal,
      ),
  })
