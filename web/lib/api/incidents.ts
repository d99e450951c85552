import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import type {
  IncidentChange,
  IncidentFilter,
  IncidentList,
  IncidentPage,
  IncidentRow,
} from '../../../src/api/api.ts'
import { get, patch, post, withQuery } from './http.ts'
import { useStale } from './stale.ts'

export const incidentsKey = ['incidents'] as const
export const incidentKey = (id: string) => ['incident', id] as const

const pathOf = (id: string): string => `incidents/${encodeURIComponent(id)}`

export const useIncidents = (filter: IncidentFilter) =>
  useInfiniteQuery({
    queryKey: [...incidentsKey, filter],
    queryFn: ({ pageParam, signal }) =>
      get<IncidentList>(withQuery('incidents', { ...filter, cursor: pageParam }), signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })

/** A short list without pages: for pickers and the palette. */
export const useSomeIncidents = (filter: IncidentFilter, enabled = true) =>
  useQuery({
    queryKey: [...incidentsKey, 'some', filter],
    queryFn: ({ signal }) => get<IncidentList>(withQuery('incidents', { ...filter }), signal),
    enabled,
  })

export const useIncident = (id: string) =>
  useQuery({ queryKey: incidentKey(id), queryFn: ({ signal }) => get<IncidentPage>(pathOf(id), signal) })

/** What any change to an incident makes stale. */
export const useStaleIncidents = () => useStale(incidentsKey, ['incident'], ['today'], ['verdicts'])

export const useChangeIncident = (id: string) => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (change: IncidentChange) => patch<IncidentRow>(pathOf(id), change),
    onSuccess,
  })
}

export const useChangeIncidents = () => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (given: { ids: readonly string[]; change: IncidentChange }) =>
      post<unknown>('incidents/change', given),
    onSuccess,
  })
}

export const useAddNote = (id: string) => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (text: string) => post<unknown>(`${pathOf(id)}/notes`, { text }),
    onSuccess,
  })
}

export const useMergeIncident = (id: string) => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (into: string) => post<unknown>(`${pathOf(id)}/merge`, { into }),
    onSuccess,
  })
}

export const useSplitIncident = (id: string) => {
  const onSuccess = useStaleIncidents()
  return useMutation({
    mutationFn: (findings: readonly string[]) => post<IncidentRow>(`${pathOf(id)}/split`, { findings }),
    onSuccess,
  })
}
