import { type QueryKey, useQueryClient } from '@tanstack/react-query'

/** What a change makes stale is read again, as far as it is shown, before the change counts as done. */
export const useStale = (...keys: readonly QueryKey[]) => {
  const client = useQueryClient()
  return async () => {
    await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })))
  }
}
