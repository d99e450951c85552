import { Button, Textarea } from '@mantine/core'
import {
  IconArrowMerge,
  IconArrowsSplit2,
  IconCircleDot,
  IconFlag,
  IconGavel,
  IconMessage,
  IconRefresh,
  IconTrendingUp,
  IconUser,
} from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { HistoryEntry, IncidentPage } from '../../../src/api/api.ts'
import { useAddNote } from '../../lib/api/incidents.ts'
import { useMay } from '../../lib/api/session.ts'
import { inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { told } from '../../ui/told.ts'
import { Ago } from '../../ui/when.tsx'

const icons: Readonly<Record<HistoryEntry['kind'], typeof IconFlag>> = {
  opened: IconFlag,
  updated: IconTrendingUp,
  state: IconCircleDot,
  owner: IconUser,
  note: IconMessage,
  merged: IconArrowMerge,
  split: IconArrowsSplit2,
  verdict: IconGavel,
  reopened: IconRefresh,
}

/** Entries shown at once, the newest. */
const atOnce = 12

/** A note keeps its own lines; everything else that could act does not. */
const noteText = (text: string): string => text.split('\n').map(inert).join('\n')

export const HistoryPanel = ({ page }: { readonly page: IncidentPage }) => {
  const may = useMay('analyst')
  const [all, setAll] = useState(false)
  const newest = page.history.toSorted((a, b) => b.time.localeCompare(a.time))
  return (
    <Panel title="Notes and history">
      {may ? <NoteForm id={page.incident.id} /> : null}
      <ol className="history">
        {newest.slice(0, all ? newest.length : atOnce).map(({ id, time, who, kind, text }) => {
          const Icon = icons[kind]
          return (
            <li key={id}>
              <Icon size={15} stroke={1.6} aria-hidden="true" />
              <div>
                <p className="soft small">
                  <b style={{ color: 'var(--ink)', fontWeight: 600 }}>
                    {who === null ? 'Winnow' : inert(who.name)}
                  </b>{' '}
                  <Ago iso={time} />
                </p>
                {kind === 'note' ? (
                  <p className="note">{noteText(text)}</p>
                ) : (
                  <p className="break">{inert(text)}</p>
                )}
              </div>
            </li>
          )
        })}
      </ol>
      {newest.length > atOnce && !all ? (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          All {newest.length} entries
        </Button>
      ) : null}
    </Panel>
  )
}

const NoteForm = ({ id }: { readonly id: string }) => {
  const [text, setText] = useState('')
  const add = useAddNote(id)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    add.mutate(text, { onSuccess: () => setText(''), onError: told })
  }
  return (
    <form onSubmit={submit} style={{ marginBottom: 10 }}>
      <Textarea
        id="note"
        aria-label="Note"
        placeholder="Write what you found out. Ctrl+Enter keeps it."
        autosize
        minRows={2}
        maxRows={10}
        maxLength={10_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
        }}
      />
      {text.trim() === '' ? null : (
        <Button type="submit" mt={6} loading={add.isPending}>
          Add the note
        </Button>
      )}
    </form>
  )
}
