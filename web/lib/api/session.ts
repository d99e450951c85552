import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Role, SessionInfo } from '../../../src/api/api.ts'
import { get, patch, post, remove } from './http.ts'

export const sessionKey = ['session'] as const

export const sessionQuery = {
  queryKey: sessionKey,
  queryFn: ({ signal }: { signal: AbortSignal }) => get<SessionInfo>('session', signal),
  staleTime: 60_000,
}

export const useSession = () => useQuery(sessionQuery)

/** Forgets everything that was read as somebody else. */
const useFreshStart = () => {
  const client = useQueryClient()
  return async () => {
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
    await client.invalidateQueries({ queryKey: sessionKey })
  }
}

export const useSignIn = () => {
  const onSuccess = useFreshStart()
  return useMutation({
    mutationFn: (given: { email: string; password: string }) => post<unknown>('session', given),
    onSuccess,
  })
}

export const useSignInByLink = () => {
  const onSuccess = useFreshStart()
  return useMutation({ mutationFn: (token: string) => post<unknown>('sign-in-link', { token }), onSuccess })
}

export const useSetup = () => {
  const onSuccess = useFreshStart()
  return useMutation({
    mutationFn: (given: { token: string; name: string; email: string; password: string }) =>
      post<unknown>('setup', given),
    onSuccess,
  })
}

export const useChoosePassword = () => {
  const onSuccess = useFreshStart()
  return useMutation({
    mutationFn: (given: { token: string; password: string }) => post<unknown>('choose-password', given),
    onSuccess,
  })
}

export const useSignOut = () => {
  const onSuccess = useFreshStart()
  return useMutation({ mutationFn: () => remove('session'), onSuccess })
}

export const useChangeMe = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: { name?: string; password?: { old: string; new: string } }) =>
      patch<unknown>('me', change),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionKey }),
  })
}

const ranks: Readonly<Record<Role, number>> = { viewer: 0, analyst: 1, administrator: 2 }

/** Whether who is signed in may do what takes at least this role. */
export const useMay = (least: Role): boolean => {
  const role = useSession().data?.user?.role
  return role !== undefined && ranks[role] >= ranks[least]
}
