import { useQuery } from '@tanstack/react-query'
import type { Today } from '../../../src/api/api.ts'
import { get } from './http.ts'

export const todayKey = ['today'] as const

export const useToday = () =>
  useQuery({
    queryKey: todayKey,
    queryFn: ({ signal }) => get<Today>('today', signal),
    refetchInterval: 60_000,
  })
