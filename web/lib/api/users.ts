import { useMutation, useQuery } from '@tanstack/react-query'
import type { Role, User } from '../../../src/api/api.ts'
import { get, patch, post, remove } from './http.ts'
import { useStale } from './stale.ts'

const usersKey = ['users'] as const

export interface NewUser {
  readonly name: string
  readonly email: string
  readonly role: Role
  /** Absent for those who sign in elsewhere, or choose one with a link. */
  readonly password?: string
}

export type UserChange = Partial<Pick<User, 'name' | 'role' | 'disabled'> & { readonly password: string }>

export const useUsers = () =>
  useQuery({
    queryKey: usersKey,
    queryFn: ({ signal }) => get<{ users: readonly User[] }>('users', signal),
  })

export const useAddUser = () => {
  const onSuccess = useStale(usersKey)
  return useMutation({ mutationFn: (user: NewUser) => post<User>('users', user), onSuccess })
}

export const useChangeUser = () => {
  const onSuccess = useStale(usersKey)
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: UserChange }) =>
      patch<unknown>(`users/${encodeURIComponent(id)}`, change),
    onSuccess,
  })
}

/** A link with which a user chooses a password. Its answer is the only one that ever holds it. */
export const usePasswordLink = () =>
  useMutation({
    mutationFn: (id: string) =>
      post<{ link: string; expires: string }>(`users/${encodeURIComponent(id)}/password-link`),
  })

export const useDeleteUser = () => {
  const onSuccess = useStale(usersKey)
  return useMutation({ mutationFn: (id: string) => remove(`users/${encodeURIComponent(id)}`), onSuccess })
}
