import { ActionIcon, Button } from '@mantine/core'
import { IconAntennaBars5, IconListDetails, IconRefresh } from '@tabler/icons-react'
import { useNavigate, useSearch as useAddress } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiFailure } from '../../lib/api/http.ts'
import { type Search, useEvent, useSearch } from '../../lib/api/search.ts'
import { useSession } from '../../lib/api/session.ts'
import { formatDuration, formatNumber } from '../../lib/format.ts'
import { narrowed } from '../../lib/query.ts'
import { allTime } from '../../lib/range.ts'
import { RangePicker } from '../../ui/range-picker.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { Empty, Failed, Loading } from '../../ui/states.tsx'
import { EventTable } from './event-table.tsx'
import './explore.css'
import { FieldsPanel } from './fields-panel.tsx'
import { HistogramPanel } from './histogram-panel.tsx'
import { QueryBox } from './query-box.tsx'
import { SavedMenu } from './saved-menu.tsx'
import { TailTable } from './tail-table.tsx'

/** What an address asks for; a day back from now where it says nothing. */
interface Asked {
  readonly q?: string
  readonly from?: string
  readonly to?: string
  readonly order?: string
  readonly event?: string
  readonly live?: string
  readonly columns?: string
}

const searchOf = ({ q = '', from, to }: Asked): Search => ({
  q,
  ...(from === undefined || from === allTime ? {} : { from }),
  ...(to === undefined ? {} : { to }),
})

export const ExplorePage = () => {
  const address: Asked = useAddress({ from: '/frame/explore' })
  // Example logs go back further than a day.
  const usual = useSession().data?.demo === true ? allTime : '24h'
  const asked = { ...address, from: address.from ?? usual }
  const navigate = useNavigate({ from: '/explore' })
  const [fieldsOpen, setFieldsOpen] = useState(false)
  const search = searchOf(asked)
  const live = asked.live === '1'
  const columns = (asked.columns ?? '').split(',').filter((name) => name !== '')
  const order = asked.order === 'oldest' ? 'oldest' : 'newest'

  const go = (part: { readonly [name in keyof Asked]: string | undefined }) =>
    void navigate({
      search: (old) => {
        const next = { ...old, ...part }
        // An absent part is no part of an address.
        return Object.fromEntries(
          Object.entries(next).filter(([, value]) => value !== undefined && value !== ''),
        )
      },
    })
  const narrow = (condition: string) => go({ q: narrowed(search.q, condition) })
  const toggleColumn = (name: string) =>
    go({
      columns: (columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name]).join(
        ',',
      ),
    })
  useShortcuts({ '/': () => document.getElementById('query')?.focus() })

  return (
    <div className="page">
      <h1 className="only-read">Explore</h1>
      <div className="ask" role="search">
        <QueryBox search={search} onSearch={(q) => go({ q, event: undefined })} />
        <RangePicker
          range={{ from: asked.from, ...(asked.to === undefined ? {} : { to: asked.to }) }}
          onChange={({ from, to }) => go({ from, to, live: undefined })}
        />
        <Button
          h={34}
          variant={live ? 'filled' : 'default'}
          leftSection={<IconAntennaBars5 size={15} stroke={1.6} />}
          aria-pressed={live}
          onClick={() => go({ live: live ? undefined : '1' })}
        >
          Live
        </Button>
        <SavedMenu
          q={search.q}
          range={{ from: asked.from, ...(asked.to === undefined ? {} : { to: asked.to }) }}
        />
        <ActionIcon
          className="fields-button"
          variant="default"
          size={34}
          aria-label="Fields"
          aria-expanded={fieldsOpen}
          onClick={() => setFieldsOpen((old) => !old)}
        >
          <IconListDetails size={17} stroke={1.6} />
        </ActionIcon>
      </div>
      {live ? (
        <div className="panel" style={{ marginTop: 12 }}>
          <TailTable q={search.q} columns={columns} onNarrow={narrow} onColumn={toggleColumn} />
        </div>
      ) : (
        <Found
          search={search}
          order={order}
          event={asked.event}
          columns={columns}
          fieldsOpen={fieldsOpen}
          onRange={(from, to) => go({ from, to })}
          onNarrow={narrow}
          onColumn={toggleColumn}
          onOrder={() => go({ order: order === 'newest' ? 'oldest' : undefined })}
          onAllTime={() => go({ from: allTime, to: undefined })}
        />
      )}
    </div>
  )
}

interface FoundProps {
  readonly search: Search
  readonly order: 'newest' | 'oldest'
  readonly event: string | undefined
  readonly columns: readonly string[]
  readonly fieldsOpen: boolean
  readonly onRange: (from: string, to: string) => void
  readonly onNarrow: (condition: string) => void
  readonly onColumn: (name: string) => void
  readonly onOrder: () => void
  readonly onAllTime: () => void
}

const Found = (props: FoundProps) => {
  const { search, order, event, columns, fieldsOpen, onRange, onNarrow, onColumn, onOrder, onAllTime } = props
  const found = useSearch(search, order)
  const linked = useEvent(event ?? null)
  const events = found.data?.pages.flatMap((page) => page.events) ?? []
  const seconds = found.data?.pages[0]?.seconds
  const refused = found.error instanceof ApiFailure && found.error.status === 400
  return (
    <>
      <div className="panel" style={{ marginTop: 12, padding: '8px 12px 2px' }}>
        <HistogramPanel search={search} onRange={onRange} />
      </div>
      <div className="found">
        <div className={`panel fields-panel ${fieldsOpen ? 'open' : ''}`}>
          <FieldsPanel search={search} columns={columns} onNarrow={onNarrow} onColumn={onColumn} />
        </div>
        <section className="panel" aria-label="Events">
          <div className="tail-bar">
            <span className="soft" aria-live="polite">
              {seconds === undefined
                ? 'Searching'
                : `${formatNumber(events.length)} shown${found.hasNextPage ? ', more below' : ''}, in ${formatDuration(seconds)}`}
            </span>
            <Button variant="subtle" size="compact-xs" ml="auto" onClick={onOrder}>
              {order === 'newest' ? 'Newest first' : 'Oldest first'}
            </Button>
            <ActionIcon
              variant="subtle"
              size="sm"
              aria-label="Search again"
              loading={found.isFetching && !found.isFetchingNextPage}
              onClick={() => void found.refetch()}
            >
              <IconRefresh size={15} />
            </ActionIcon>
          </div>
          {found.error !== null && (found.data === undefined || refused) ? (
            <Failed error={found.error} onRetry={() => void found.refetch()} />
          ) : found.data === undefined ? (
            <Loading lines={12} label="Searching" />
          ) : events.length === 0 && linked.data === undefined ? (
            <Empty
              title="No event fits"
              actions={
                search.from === undefined ? undefined : (
                  <Button variant="default" onClick={onAllTime}>
                    Look at all time
                  </Button>
                )
              }
            >
              {search.q === '' ? 'Nothing arrived in this time.' : 'Try a longer time, or fewer conditions.'}
            </Empty>
          ) : (
            <EventTable
              key={`${JSON.stringify(search)} ${order}`}
              events={
                linked.data === undefined ? events : [linked.data, ...events.filter(({ id }) => id !== event)]
              }
              opened={event}
              columns={columns}
              onNarrow={onNarrow}
              onColumn={onColumn}
              onEnd={() => {
                if (found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage()
              }}
            />
          )}
        </section>
      </div>
    </>
  )
}
