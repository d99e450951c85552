import { Button } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useChangeIncidents, useIncidents } from '../../lib/api/incidents.ts'
import { useMay } from '../../lib/api/session.ts'
import { countOf } from '../../lib/format.ts'
import { useFreshIncidents } from '../../lib/live.ts'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { telling } from '../../ui/told.ts'
import { CloseDialog } from './close-dialog.tsx'
import { FilterBar } from './filter-bar.tsx'
import { type FilterText, filterOf, isFiltered, withoutAbsent } from './filter.ts'
import './incidents.css'
import { QueueRow } from './queue-row.tsx'

export const IncidentsPage = () => {
  const text = useSearch({ from: '/frame/incidents' })
  const navigate = useNavigate({ from: '/incidents' })
  const list = useIncidents(filterOf(text))
  const rows = useMemo(() => list.data?.pages.flatMap(({ incidents }) => incidents) ?? [], [list.data])
  const fresh = useFreshIncidents()
  const unseen = fresh.ids.filter((id) => rows.every((row) => row.id !== id))
  const may = useMay('analyst')
  const [at, setAt] = useState(-1)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [closing, setClosing] = useState<readonly string[] | null>(null)
  const change = useChangeIncidents()
  const place = useRef<HTMLOListElement>(null)
  const key = JSON.stringify(text)

  // Another filter is another list.
  useEffect(() => {
    setAt(-1)
    setChosen(new Set())
  }, [key])
  useEffect(() => {
    place.current?.children[at]?.scrollIntoView({ block: 'nearest' })
  }, [at])

  const setText = (part: FilterText) =>
    void navigate({ search: withoutAbsent({ ...text, ...part }), replace: true })
  const here = rows[at]
  const toggle = (id: string) =>
    setChosen((old) => {
      const next = new Set(old)
      if (!next.delete(id)) next.add(id)
      return next
    })
  /** The chosen ones, or the one under the cursor. */
  const meant = (): readonly string[] => (chosen.size > 0 ? [...chosen] : here === undefined ? [] : [here.id])
  const acknowledge = (ids: readonly string[]) => {
    if (ids.length === 0 || !may) return
    change.mutate(
      { ids, change: { state: 'acknowledged' } },
      telling(`${countOf(ids.length, 'incident')} acknowledged`, () => setChosen(new Set())),
    )
  }
  const move = (by: number) => setAt((old) => Math.max(0, Math.min(rows.length - 1, old + by)))
  const open = () => {
    if (here !== undefined) void navigate({ to: '/incidents/$id', params: { id: here.id } })
  }
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    o: open,
    Enter: (event) => {
      // Enter on a link or button does what it says.
      if (event.target instanceof HTMLElement && event.target.closest('a, button') !== null) {
        event.target.click()
      } else {
        open()
      }
    },
    x: () => here !== undefined && toggle(here.id),
    a: () => acknowledge(meant()),
    c: () => {
      const ids = meant()
      if (ids.length > 0 && may) setClosing(ids)
    },
    '/': () => document.querySelector<HTMLInputElement>('#incident-words')?.focus(),
    Escape: () => setChosen(new Set()),
  })

  const total = list.data?.pages[0]?.total ?? 0
  return (
    <div className="page">
      <div className="page-head">
        <h1>Incidents</h1>
        <span className="soft" aria-live="polite">
          {list.data === undefined ? '' : countOf(total, 'incident')}
        </span>
      </div>
      <div className="panel">
        <FilterBar text={text} onChange={setText} />
        {unseen.length > 0 && rows.length > 0 ? (
          <button
            type="button"
            className="fresh"
            onClick={() => {
              fresh.clear()
              void list.refetch()
            }}
          >
            {countOf(unseen.length, 'new incident')}: show
          </button>
        ) : null}
        {list.error !== null && rows.length === 0 ? (
          <Failed error={list.error} onRetry={() => void list.refetch()} />
        ) : list.data === undefined ? (
          <Loading lines={9} />
        ) : rows.length === 0 ? (
          <NoneHere filtered={isFiltered(text)} text={text} onAll={() => void navigate({ search: {} })} />
        ) : (
          <ol className="queue" ref={place} aria-label="Incidents">
            {rows.map((incident, place) => (
              <QueueRow
                key={incident.id}
                incident={incident}
                here={place === at}
                chosen={chosen.has(incident.id)}
                may={may}
                onChoose={() => {
                  setAt(place)
                  toggle(incident.id)
                }}
              />
            ))}
          </ol>
        )}
        {list.hasNextPage ? (
          <div style={{ padding: 12, textAlign: 'center' }}>
            <Button
              variant="default"
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              Show more
            </Button>
          </div>
        ) : null}
      </div>
      {chosen.size === 0 ? (
        rows.length === 0 ? null : (
          <p className="soft small wide-only" style={{ marginTop: 10 }}>
            <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Enter</kbd> opens, <kbd>x</kbd> selects, <kbd>a</kbd>{' '}
            acknowledges, <kbd>c</kbd> closes, <kbd>?</kbd> lists all keys
          </p>
        )
      ) : (
        <div className="bulk" role="region" aria-label="Selected incidents">
          <b>{chosen.size} selected</b>
          <Button variant="default" loading={change.isPending} onClick={() => acknowledge([...chosen])}>
            Acknowledge
          </Button>
          <Button onClick={() => setClosing([...chosen])}>Close…</Button>
          <Button variant="subtle" color="gray" onClick={() => setChosen(new Set())}>
            Clear
          </Button>
        </div>
      )}
      <CloseDialog
        ids={closing}
        onDone={() => {
          setClosing(null)
          setChosen(new Set())
        }}
        onCancel={() => setClosing(null)}
      />
    </div>
  )
}

interface NoneProps {
  readonly filtered: boolean
  readonly text: FilterText
  readonly onAll: () => void
}

const NoneHere = ({ filtered, text, onAll }: NoneProps) =>
  filtered ? (
    <Empty
      title="No incident fits"
      actions={
        <Button variant="default" onClick={onAll}>
          Clear the filter
        </Button>
      }
    >
      Try fewer conditions, or another state.
    </Empty>
  ) : (
    <Empty title={text.state === undefined ? 'No open incidents' : 'No incidents'}>
      When something stands out it appears here by itself.
    </Empty>
  )
