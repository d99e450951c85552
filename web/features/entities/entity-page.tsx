import { Button, NativeSelect } from '@mantine/core'
import { IconTelescope } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { Suspense, lazy, useMemo, useState } from 'react'
import type { EntityPage } from '../../../src/api/search.ts'
import { useEntity, useEntityGraph } from '../../lib/api/entities.ts'
import { countOf, formatNumber, formatShare, inWords, inert } from '../../lib/format.ts'
import { term } from '../../lib/query.ts'
import { allTime } from '../../lib/range.ts'
import { Share } from '../../ui/charts.tsx'
import { EntityLink, KindIcon } from '../../ui/entity.tsx'
import { FindingLines, IncidentLines } from '../../ui/lines.tsx'
import { Panel, Tile } from '../../ui/panel.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { Ago, When } from '../../ui/when.tsx'
import './entities.css'
import { HeatMap } from './heat-map.tsx'
import { NoveltyPanel } from './novelty-panel.tsx'

const Graph = lazy(() => import('../../ui/graph.tsx'))

export const EntityRoute = () => {
  const { kind, value } = useParams({ from: '/frame/entities/$kind/$value' })
  const entity = useEntity(kind, value)
  return (
    <div className="page">
      <Shown query={entity} heading="Entity" loading={<Loading lines={12} />}>
        {(page) => <EntityView entity={page} />}
      </Shown>
    </div>
  )
}

const EntityView = ({ entity }: { readonly entity: EntityPage }) => {
  return (
    <>
      <div className="page-head">
        <div className="grow">
          <p className="soft small">
            <Link to="/entities" search={{ kind: entity.kind }}>
              Entities
            </Link>{' '}
            / {inWords(entity.kind)}
          </p>
          <h1 className="entity-title">
            <KindIcon kind={entity.kind} />
            {inert(entity.value)}
          </h1>
        </div>
        <Button
          variant="default"
          leftSection={<IconTelescope size={15} stroke={1.6} />}
          renderRoot={(props: object) => (
            <Link to="/explore" search={{ q: term(entity.kind, entity.value), from: allTime }} {...props} />
          )}
        >
          Its events
        </Button>
      </div>
      <div className="stack">
        <div className="tiles">
          <Tile name="Events">{formatNumber(entity.events)}</Tile>
          <Tile name="First seen">
            <When iso={entity.first} />
          </Tile>
          <Tile name="Last seen">
            <Ago iso={entity.last} />
          </Tile>
          {entity.categories.slice(0, 3).map(({ category, events }) => (
            <Tile key={category} name={`${category} events`}>
              {formatNumber(events)}
            </Tile>
          ))}
        </div>
        <div className="columns">
          <div className="stack">
            <Panel title="Incidents" flush>
              {entity.incidents.length === 0 ? (
                <Empty slim title="Part of no incident" />
              ) : (
                <IncidentLines incidents={entity.incidents} />
              )}
            </Panel>
            <Panel
              title="Activity"
              aside={<span className="soft small">by day and hour, UTC; darker is more</span>}
            >
              <HeatMap heat={entity.heat} />
            </Panel>
            <RelatedPanel entity={entity} />
            <Panel title="Findings" flush>
              {entity.findings.length === 0 ? (
                <Empty slim title="None" />
              ) : (
                <FindingLines findings={entity.findings} />
              )}
            </Panel>
          </div>
          <div className="stack">
            <NoveltyPanel novelty={entity.novelty} />
            <GraphPanel entity={entity} />
            <PeersPanel entity={entity} />
          </div>
        </div>
      </div>
    </>
  )
}

const RelatedPanel = ({ entity }: { readonly entity: EntityPage }) => (
  <Panel
    title="Has to do with"
    aside={<span className="soft small">new: first seen together in its last day</span>}
  >
    {entity.related.length === 0 ? (
      <p className="soft">Nobody and nothing else.</p>
    ) : (
      <div className="related">
        {entity.related.map(({ kind, distinct, values }) => {
          const most = Math.max(1, ...values.map(({ events }) => events))
          return (
            <section key={kind}>
              <h3>
                {inWords(kind)} <span className="soft">{formatNumber(distinct)}</span>
              </h3>
              <ul>
                {values.map(({ value, events, fresh }) => (
                  <li key={value}>
                    <span className="row tight">
                      <EntityLink kind={kind} value={value} />
                      {fresh ? <span className="chip accent">new</span> : null}
                    </span>
                    <span className="soft small">{formatNumber(events)}</span>
                    <Share share={events / most} />
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    )}
  </Panel>
)

const GraphPanel = ({ entity }: { readonly entity: EntityPage }) => {
  const days = [...new Set(entity.heat.map(({ day }) => day))].toSorted().toReversed()
  const [day, setDay] = useState<string | null>(null)
  const graph = useEntityGraph(entity.kind, entity.value, day)
  const drawn = useMemo(
    () => ({
      nodes: (graph.data?.nodes ?? []).map(({ id, kind, value }, at) => ({
        id,
        kind,
        value,
        strong: at === 0,
      })),
      edges: (graph.data?.edges ?? []).map(({ from, to, events, fresh }) => ({
        id: `${from} ${to}`,
        from,
        to,
        label: `${countOf(events, 'event')}${fresh ? ', new' : ''}`,
        fresh,
      })),
    }),
    [graph.data],
  )
  return (
    <Panel
      title="Its day"
      aside={
        <NativeSelect
          size="xs"
          aria-label="Day"
          data={days}
          value={day ?? graph.data?.day ?? days[0] ?? ''}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
      }
    >
      <Shown query={graph} loading={<Loading lines={4} />}>
        {(data) =>
          data.edges.length === 0 ? (
            <p className="soft">It had to do with nobody and nothing on that day.</p>
          ) : (
            <>
              <p className="soft small">
                {countOf(data.edges.length, 'other')}, {data.edges.filter(({ fresh }) => fresh).length} of
                them new in 28 days (strong lines)
              </p>
              <Suspense fallback={<Loading lines={4} />}>
                <Graph {...drawn} label={`What ${entity.value} had to do with on ${data.day}`} height={320} />
              </Suspense>
            </>
          )
        }
      </Shown>
    </Panel>
  )
}

const PeersPanel = ({ entity }: { readonly entity: EntityPage }) => (
  <Panel title="Does alike" aside={<span className="soft small">by what they share</span>}>
    {entity.peers.length === 0 ? (
      <p className="soft">Nobody.</p>
    ) : (
      <ul className="stack tight">
        {entity.peers.map(({ value, shared, similarity }) => (
          <li key={value}>
            <p className="row between">
              <EntityLink kind={entity.kind} value={value} />
              <span className="soft small">
                {formatShare(similarity)}, {formatNumber(shared)} in common
              </span>
            </p>
            <Share share={similarity} />
          </li>
        ))}
      </ul>
    )}
  </Panel>
)
