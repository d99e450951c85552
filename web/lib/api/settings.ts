import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Settings } from '../../../src/api/api.ts'
import { get, patch } from './http.ts'

/** Lists are replaced as a whole; a new period has no id yet. */
export interface SettingsChange extends Partial<Omit<Settings, 'excludedPeriods'>> {
  readonly excludedPeriods?: readonly {
    readonly id?: string
    readonly from: string
    readonly to: string
    readonly note: string
  }[]
}

const settingsKey = ['settings'] as const

export const useSettings = () =>
  useQuery({ queryKey: settingsKey, queryFn: ({ signal }) => get<Settings>('settings', signal) })

export const useChangeSettings = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (change: SettingsChange) => patch<Settings>('settings', change),
    onSuccess: async () => {
      await Promise.all([settingsKey, ['today']].map((queryKey) => client.invalidateQueries({ queryKey })))
    },
  })
}
