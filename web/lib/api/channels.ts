import { useMutation, useQuery } from '@tanstack/react-query'
import type { Channel } from '../../../src/api/api.ts'
import { get, patch, post, remove } from './http.ts'
import { useStale } from './stale.ts'

const channelsKey = ['channels'] as const

export interface NewChannel extends Pick<Channel, 'name' | 'kind' | 'enabled' | 'leastRisk' | 'settings'> {
  /** Given once, never given back. */
  readonly secrets: Channel['settings']
}

const pathOf = (id: string): string => `channels/${encodeURIComponent(id)}`

export const useChannels = () =>
  useQuery({
    queryKey: channelsKey,
    queryFn: ({ signal }) => get<{ channels: readonly Channel[] }>('channels', signal),
  })

const useStaleChannels = () => useStale(channelsKey)

export const useAddChannel = () => {
  const onSuccess = useStaleChannels()
  return useMutation({ mutationFn: (channel: NewChannel) => post<unknown>('channels', channel), onSuccess })
}

export const useChangeChannel = () => {
  const onSuccess = useStaleChannels()
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: Partial<Omit<NewChannel, 'kind'>> }) =>
      patch<unknown>(pathOf(id), change),
    onSuccess,
  })
}

export const useDeleteChannel = () => {
  const onSuccess = useStaleChannels()
  return useMutation({ mutationFn: (id: string) => remove(pathOf(id)), onSuccess })
}

export const useTestChannel = () => {
  const onSettled = useStaleChannels()
  return useMutation({
    mutationFn: (id: string) => post<{ error: string | null }>(`${pathOf(id)}/test`),
    onSettled,
  })
}
