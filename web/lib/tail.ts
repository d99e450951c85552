/**
 * Events as they arrive, for one query.
 *
 * @module
 */
import { useEffect, useRef, useState } from 'react'
import type { EventRow } from '../../src/api/search.ts'
import { withQuery } from './api/http.ts'
import { listen } from './listen.ts'

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
    let waiting: EventRow[] = []
    const stop = listen(withQuery('/api/search/live', { q }), {
      onOpen: () => setTail((old) => ({ ...old, lost: false })),
      onLost: () => setTail((old) => ({ ...old, lost: true })),
      on: {
        event: (data) => {
          // The server sends nothing else under this name.
          waiting.push(JSON.parse(data) as EventRow)
          if (waiting.length > most) waiting = waiting.slice(-most)
        },
      },
    })
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
      stop()
      clearInterval(timer)
    }
  }, [q])
  return tail
}
