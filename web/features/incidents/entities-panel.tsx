import { Suspense, lazy } from 'react'
import type { IncidentPage } from '../../../src/api/api.ts'
import { EntityLink } from '../../ui/entity.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loading } from '../../ui/states.tsx'
import { graphOf } from './story-graph.ts'

const Graph = lazy(() => import('../../ui/graph.tsx'))

const roles = [
  ['actor', 'Acted'],
  ['target', 'Concerned'],
  ['detail', 'Part of it'],
] as const

/** Named at once in each role. */
const most = 12

export const EntitiesPanel = ({ page }: { readonly page: IncidentPage }) => {
  const { entities } = page.incident
  const graph = graphOf(page)
  return (
    <Panel title="Who and what">
      <div className="roles">
        {roles.map(([role, words]) => {
          const of = entities.filter((entity) => entity.role === role)
          return of.length === 0 ? null : (
            <div key={role}>
              <h3 className="soft small">{words}</h3>
              <ul>
                {of.slice(0, most).map(({ kind, value }) => (
                  <li key={`${kind} ${value}`}>
                    <EntityLink kind={kind} value={value} />
                  </li>
                ))}
                {of.length > most ? <li className="soft small">and {of.length - most} more</li> : null}
              </ul>
            </div>
          )
        })}
      </div>
      {graph.edges.length === 0 ? null : (
        <Suspense fallback={<Loading lines={3} />}>
          <Graph {...graph} label="How they connect" height={260} />
        </Suspense>
      )}
    </Panel>
  )
}
