import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { DetectorPage, DetectorRow, StrictnessPreview } from '../../../src/api/api.ts'
import { get, patch, post } from './http.ts'
import { useStale } from './stale.ts'

export const detectorsKey = ['detectors'] as const

const pathOf = (id: string): string => `detectors/${encodeURIComponent(id)}`

export const useDetectors = (enabled = true) =>
  useQuery({
    queryKey: detectorsKey,
    queryFn: ({ signal }) => get<{ detectors: readonly DetectorRow[] }>('detectors', signal),
    enabled,
  })

export const useDetector = (id: string) =>
  useQuery({
    queryKey: [...detectorsKey, id],
    queryFn: ({ signal }) => get<DetectorPage>(pathOf(id), signal),
  })

export const useChangeDetector = (id: string) => {
  const onSuccess = useStale(detectorsKey)
  return useMutation({
    mutationFn: (change: { enabled?: boolean; strictness?: number }) => patch<unknown>(pathOf(id), change),
    onSuccess,
  })
}

export const useStrictnessPreview = (id: string, strictness: number, enabled: boolean) =>
  useQuery({
    queryKey: [...detectorsKey, id, 'preview', strictness],
    queryFn: () => post<StrictnessPreview>(`${pathOf(id)}/preview`, { strictness }),
    placeholderData: keepPreviousData,
    enabled,
  })
