import { useMutation, useQuery } from '@tanstack/react-query'
import type { SavedSearch } from '../../../src/api/search.ts'
import { get, post, remove } from './http.ts'
import { useStale } from './stale.ts'

const searchesKey = ['searches'] as const

export const useSavedSearches = (enabled = true) =>
  useQuery({
    queryKey: searchesKey,
    queryFn: ({ signal }) => get<{ searches: readonly SavedSearch[] }>('searches', signal),
    enabled,
  })

export const useSaveSearch = () => {
  const onSuccess = useStale(searchesKey)
  return useMutation({
    mutationFn: (search: { name: string; query: string; range: string; shared: boolean }) =>
      post<SavedSearch>('searches', search),
    onSuccess,
  })
}

export const useDeleteSearch = () => {
  const onSuccess = useStale(searchesKey)
  return useMutation({
    mutationFn: (id: string) => remove(`searches/${encodeURIComponent(id)}`),
    onSuccess,
  })
}
