import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { SavedSearch } from '../../../src/api/search.ts'
import { get, post, remove } from './http.ts'

const searchesKey = ['searches'] as const

export const useSavedSearches = (enabled = true) =>
  useQuery({
    queryKey: searchesKey,
    queryFn: ({ signal }) => get<{ searches: readonly SavedSearch[] }>('searches', signal),
    enabled,
  })

export const useSaveSearch = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (search: { name: string; query: string; range: string; shared: boolean }) =>
      post<SavedSearch>('searches', search),
    onSuccess: () => client.invalidateQueries({ queryKey: searchesKey }),
  })
}

export const useDeleteSearch = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => remove(`searches/${encodeURIComponent(id)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: searchesKey }),
  })
}
