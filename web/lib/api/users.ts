import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Role, User } from '../../../src/api/api.ts'
import { get, patch, post, remove } from './http.ts'

const usersKey = ['users'] as const

export interface NewUser {
  readonly name: string
  readonly email: string
  readonly role: Role
  /** Absent for those who sign in elsewhere. */
  readonly password?: string
}

export type UserChange = Partial<Pick<User, 'name' | 'role' | 'disabled'> & { readonly password: string }>

export const useUsers = () =>
  useQuery({
    queryKey: usersKey,
    queryFn: ({ signal }) => get<{ users: readonly User[] }>('users', signal),
  })

const useStaleUsers = () => {
  const client = useQueryClient()
  return () => client.invalidateQueries({ queryKey: usersKey })
}

export const useAddUser = () => {
  const onSuccess = useStaleUsers()
  return useMutation({ mutationFn: (user: NewUser) => post<unknown>('users', user), onSuccess })
}

export const useChangeUser = () => {
  const onSuccess = useStaleUsers()
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: UserChange }) =>
      patch<unknown>(`users/${encodeURIComponent(id)}`, change),
    onSuccess,
  })
}

export const useDeleteUser = () => {
  const onSuccess = useStaleUsers()
  return useMutation({ mutationFn: (id: string) => remove(`users/${encodeURIComponent(id)}`), onSuccess })
}
