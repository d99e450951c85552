import { useMutation, useQuery } from '@tanstack/react-query'
import type { ApiKey, Scope } from '../../../src/api/api.ts'
import { get, post, remove } from './http.ts'
import { useStale } from './stale.ts'

const keysKey = ['keys'] as const

export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly source: string | null
  readonly expires: string | null
}

export const useKeys = () =>
  useQuery({
    queryKey: keysKey,
    queryFn: ({ signal }) => get<{ keys: readonly ApiKey[] }>('keys', signal),
  })

/** Its answer is the only one that ever holds the secret. */
export const useAddKey = () => {
  const onSuccess = useStale(keysKey)
  return useMutation({
    mutationFn: (key: NewKey) => post<{ key: ApiKey; secret: string }>('keys', key),
    onSuccess,
  })
}

export const useRevokeKey = () => {
  const onSuccess = useStale(keysKey)
  return useMutation({
    mutationFn: (id: string) => remove(`keys/${encodeURIComponent(id)}`),
    onSuccess,
  })
}
