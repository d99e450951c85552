import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import type { NewVerdict, Verdict, VerdictPreview } from '../../../src/api/api.ts'
import { get, post, remove } from './http.ts'
import { useStaleIncidents } from './incidents.ts'

const verdictsKey = ['verdicts'] as const

export const useVerdicts = () =>
  useQuery({
    queryKey: verdictsKey,
    queryFn: ({ signal }) => get<{ verdicts: readonly Verdict[] }>('verdicts', signal),
  })

/** What a verdict would hide; asked anew whenever it changes. */
export const useVerdictPreview = (verdict: NewVerdict, enabled: boolean) =>
  useQuery({
    queryKey: [...verdictsKey, 'preview', verdict],
    queryFn: () => post<VerdictPreview>('verdicts/preview', verdict),
    enabled,
    placeholderData: keepPreviousData,
  })

export const useGiveVerdict = () => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (verdict: NewVerdict) => post<Verdict>('verdicts', verdict),
    onSuccess,
  })
}

export const useRevokeVerdict = () => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (id: string) => remove(`verdicts/${encodeURIComponent(id)}`),
    onSuccess,
  })
}
