import { useMutation, useQuery } from '@tanstack/react-query'
import type { Settings } from '../../../src/api/api.ts'
import { get, patch } from './http.ts'
import { useStale } from './stale.ts'

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
  const onSuccess = useStale(settingsKey, ['today'])
  return useMutation({
    mutationFn: (change: SettingsChange) => patch<Settings>('settings', change),
    onSuccess,
  })
}
