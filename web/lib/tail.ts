/**
 * Events as they arrive, for one query.
 *
 * @module
 */
import { useEffect, useRef, useState } from 'react'
import type { EventRow } from '../../src/server/api.ts'
import { withQuery } from './api/http.ts'

/** The newest so many are kept. */
const most = 500
/** Events are shown in steps of so many ms: a busy source would otherwise redraw the page for each line. */
const stepMs = 300

export interface Tail {
  /** Newest first. */
  readonly events: readonly EventRow[]
  readonly seen: number
  readonly lost: boolean
}

const none: Tail = { events: [], seen: 0, lost: false }

/** @param q null: not listening */
export const useTail = (q: string | null, paused: boolean): Tail => {
  const [tail, setTail] = useState<Tail>(none)
  const held = useRef(paused)
  useEffect(() => {
    held.current = paused
  }, [paused])
  useEffect(() => {
    setTail(none)
    if (q === null) return undefined
    const source = new EventSource(withQuery('/api/search/live', { q }))
    let waiting: EventRow[] = []
    source.addEventListener('event', (message: MessageEvent<string>) => {
      // The server sends nothing else under this name.
      waiting.push(JSON.parse(message.data) as EventRow)
      if (waiting.length > most) waiting = waiting.slice(-most)
    })
    source.addEventListener('error', () => setTail((old) => ({ ...old, lost: true })))
    source.addEventListener('open', () => setTail((old) => ({ ...old, lost: false })))
    const timer = setInterval(() => {
      if (waiting.length === 0 || held.current) return
      const fresh = waiting.toReversed()
      waiting = []
      setTail((old) => ({
        ...old,
        events: [...fresh, ...old.events].slice(0, most),
        seen: old.seen + fresh.length,
      }))
    }, stepMs)
    return () => {
      source.close()
      clearInterval(timer)
    }
  }, [q])
  return tail
}
