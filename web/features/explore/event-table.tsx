import { IconChevronRight } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import type { EventRow } from '../../../src/api/search.ts'
import { inert } from '../../lib/format.ts'
import { useZone, zoneName } from '../../lib/time.ts'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { When } from '../../ui/when.tsx'
import { EventDetail } from './event-detail.tsx'

export interface EventTableProps {
  readonly events: readonly EventRow[]
  /** An event that is unfolded from the start. */
  readonly opened?: string | undefined
  readonly columns: readonly string[]
  readonly onNarrow: (condition: string) => void
  readonly onColumn: (name: string) => void
  /** The end came into sight. */
  readonly onEnd?: () => void
}

/** A line's guessed height in px; what is drawn is measured. */
const lineHeight = 27
/** Of a message that is shown folded: more would not fit on the widest screen. */
const longest = 600

const template = (columns: readonly string[]): string =>
  `14px 150px 62px ${columns.map(() => 'minmax(90px, 160px)').join(' ')} minmax(0, 1fr)`

/** Only the lines in sight are drawn, however many were found. */
export const EventTable = ({ events, opened, columns, onNarrow, onColumn, onEnd }: EventTableProps) => {
  const zone = useZone()
  const place = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(-1)
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(opened === undefined ? [] : [opened]))
  const rows = useVirtualizer({
    count: events.length,
    getScrollElement: () => place.current,
    estimateSize: () => lineHeight,
    getItemKey: (index) => events[index]?.id ?? index,
    overscan: 12,
  })
  const shown = rows.getVirtualItems()
  const last = shown.at(-1)?.index ?? -1
  useEffect(() => {
    if (events.length > 0 && last >= events.length - 20) onEnd?.()
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [last, events.length])

  const toggle = (id: string) =>
    setOpen((old) => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })
  const move = (by: number) => {
    const next = Math.max(0, Math.min(events.length - 1, at + by))
    setAt(next)
    rows.scrollToIndex(next, { align: 'auto' })
  }
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    Enter: (event) => {
      if (event.target instanceof HTMLElement && event.target.closest('a, button') !== null) {
        event.target.click()
        return
      }
      const here = events[at]
      if (here !== undefined) toggle(here.id)
    },
  })
  const gridTemplateColumns = template(columns)
  return (
    <>
      <div className="event-heads" style={{ gridTemplateColumns }} aria-hidden="true">
        <span />
        <span title={zoneName(zone)}>Time</span>
        <span>Kind</span>
        {columns.map((name) => (
          <span key={name} className="cut">
            {name}
          </span>
        ))}
        <span>Line</span>
      </div>
      <div
        className="events"
        ref={place}
        tabIndex={0}
        role="feed"
        aria-label="Events found"
        aria-busy={false}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {shown.map(({ index, key, start }) => {
            const event = events[index]
            if (event === undefined) return null
            const unfolded = open.has(event.id)
            return (
              <article
                key={key}
                ref={rows.measureElement}
                data-index={index}
                className={index === at ? 'event-row here' : 'event-row'}
                style={{ transform: `translateY(${start}px)` }}
                aria-posinset={index + 1}
                aria-setsize={-1}
                aria-label={`Event ${index + 1}`}
              >
                <div
                  className="event-line"
                  style={{ gridTemplateColumns }}
                  onClick={() => {
                    setAt(index)
                    toggle(event.id)
                  }}
                >
                  <button
                    type="button"
                    className="fold"
                    aria-expanded={unfolded}
                    aria-label={unfolded ? 'Fold' : 'All fields'}
                    style={{
                      border: 0,
                      background: 'none',
                      padding: 0,
                      cursor: 'pointer',
                      color: 'var(--soft)',
                    }}
                  >
                    <IconChevronRight size={13} style={{ transform: unfolded ? 'rotate(90deg)' : 'none' }} />
                  </button>
                  <span className="at">
                    <When iso={event.time} precision="millisecond" />
                  </span>
                  <span className="soft extra">{event.category}</span>
                  {columns.map((name) => (
                    <span key={name} className="cell extra">
                      {inert(String(event.fields[name] ?? ''))}
                    </span>
                  ))}
                  <span className="cell">{inert(event.message.slice(0, longest))}</span>
                </div>
                {unfolded ? (
                  <EventDetail event={event} columns={columns} onNarrow={onNarrow} onColumn={onColumn} />
                ) : null}
              </article>
            )
          })}
        </div>
      </div>
    </>
  )
}
