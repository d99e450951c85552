import { Button } from '@mantine/core'
import { useState } from 'react'
import { formatNumber } from '../../lib/format.ts'
import { useTail } from '../../lib/tail.ts'
import { Empty } from '../../ui/states.tsx'
import { EventTable, type EventTableProps } from './event-table.tsx'

interface TailTableProps extends Pick<EventTableProps, 'columns' | 'onNarrow' | 'onColumn'> {
  readonly q: string
}

/** Events as they arrive; holding keeps what is on the screen still. */
export const TailTable = ({ q, columns, onNarrow, onColumn }: TailTableProps) => {
  const [paused, setPaused] = useState(false)
  const tail = useTail(q, paused)
  return (
    <section aria-label="Live events">
      <div className="tail-bar">
        {paused ? null : <span className="pulse" aria-hidden="true" />}
        <span className="soft" role="status">
          {tail.lost
            ? 'Connection lost, trying again'
            : paused
              ? 'Held'
              : `Listening: ${formatNumber(tail.seen)} events so far, the newest 500 are kept`}
        </span>
        <Button ml="auto" size="compact-xs" variant="default" onClick={() => setPaused((old) => !old)}>
          {paused ? 'Go on' : 'Hold'}
        </Button>
      </div>
      {tail.events.length === 0 ? (
        <Empty title="Waiting for events" slim>
          What fits the query appears here as it arrives.
        </Empty>
      ) : (
        <EventTable events={tail.events} columns={columns} onNarrow={onNarrow} onColumn={onColumn} />
      )}
    </section>
  )
}
