/**
 * Live updates: the server's events change what is already on the screen, in place, and mark the rest as stale.
 * Nothing that a person looks at moves: a new incident is counted, and shown when they ask for it.
 *
 * @module
 */
import { type InfiniteData, type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { IncidentList, IncidentPage, IncidentRow, LiveEvent } from '../../src/api/api.ts'
import { incidentKey, incidentsKey } from './api/incidents.ts'
import { listen } from './listen.ts'

export type LiveState = 'connecting' | 'live' | 'lost'

const freshKey = ['fresh-incidents'] as const

/** Ids of incidents that came since the lists were read. */
export const useFreshIncidents = (): { readonly ids: readonly string[]; readonly clear: () => void } => {
  const client = useQueryClient()
  const { data } = useQuery<readonly string[]>({
    queryKey: freshKey,
    queryFn: () => [],
    initialData: [],
    staleTime: Number.POSITIVE_INFINITY,
  })
  return { ids: data, clear: () => client.setQueryData(freshKey, []) }
}

const isListed = (client: QueryClient, id: string): boolean =>
  client
    .getQueriesData<InfiniteData<IncidentList>>({ queryKey: incidentsKey })
    .some(([, data]) => data?.pages?.some(({ incidents }) => incidents.some((one) => one.id === id)) === true)

const replaceIncident = (client: QueryClient, incident: IncidentRow): void => {
  if (!isListed(client, incident.id)) {
    client.setQueryData<readonly string[]>(freshKey, (old) => [...new Set([...(old ?? []), incident.id])])
    return
  }
  client.setQueriesData<InfiniteData<IncidentList>>(
    { queryKey: incidentsKey },
    (data) =>
      data?.pages && {
        ...data,
        pages: data.pages.map((page) => ({
          ...page,
          incidents: page.incidents.map((one) => (one.id === incident.id ? incident : one)),
        })),
      },
  )
}

/** Runs at most once in so many ms, the last call always. */
const throttled = (
  run: () => void,
  everyMs: number,
): { readonly call: () => void; readonly stop: () => void } => {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    call: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        run()
      }, everyMs)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Listens while it is mounted. The browser connects again by itself; what was missed meanwhile is read anew. */
export const useLive = (enabled: boolean): LiveState => {
  const client = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    if (!enabled) return undefined
    const stale = (...keys: readonly string[]) =>
      throttled(() => {
        for (const key of keys) void client.invalidateQueries({ queryKey: [key] })
      }, 2000)
    const today = stale('today')
    const incident = stale('incident')
    const findings = stale('findings')
    const sources = stale('sources')
    let lost = false
    const stop = listen('/api/live', {
      onOpen: () => {
        setState('live')
        if (lost) void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'search' })
        lost = false
      },
      onLost: () => {
        lost = true
        setState('lost')
      },
      on: {
        incident: (data) => {
          // The server sends nothing else under this name.
          const { incident: fresh } = JSON.parse(data) as Extract<LiveEvent, { kind: 'incident' }>
          client.setQueryData<IncidentPage>(
            incidentKey(fresh.id),
            (page) => page && { ...page, incident: fresh },
          )
          replaceIncident(client, fresh)
          today.call()
          incident.call()
        },
        finding: () => {
          findings.call()
          today.call()
        },
        sources: sources.call,
        loaded: sources.call,
      },
    })
    return () => {
      stop()
      for (const one of [today, incident, findings, sources]) one.stop()
    }
  }, [client, enabled])
  return state
}
