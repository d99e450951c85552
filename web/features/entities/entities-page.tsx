import { SegmentedControl, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { EntityRow } from '../../../src/api/search.ts'
import { useEntities } from '../../lib/api/entities.ts'
import { capitalised, formatNumber } from '../../lib/format.ts'
import { kinds } from '../../lib/kinds.ts'
import { Share } from '../../ui/charts.tsx'
import { EntityLink } from '../../ui/entity.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { Ago, When } from '../../ui/when.tsx'
import './entities.css'

export const EntitiesPage = () => {
  const { kind = 'address', prefix = '' } = useSearch({ from: '/frame/entities' })
  const navigate = useNavigate({ from: '/entities' })
  const [typed, setTyped] = useState(prefix)
  useEffect(() => setTyped(prefix), [prefix])
  useEffect(() => {
    if (typed === prefix) return undefined
    const timer = setTimeout(
      () => void navigate({ search: { kind, ...(typed === '' ? {} : { prefix: typed }) }, replace: true }),
      250,
    )
    return () => clearTimeout(timer)
  }, [typed, prefix, kind, navigate])
  const entities = useEntities({ kind, prefix })
  return (
    <div className="page">
      <div className="page-head">
        <h1>Entities</h1>
      </div>
      <div className="panel">
        <div className="row" style={{ padding: '10px 12px', borderBottom: '1px solid var(--line)' }}>
          <div className="scroll-x">
            <SegmentedControl
              size="xs"
              aria-label="Kind of entity"
              data={kinds.map((value) => ({ value, label: capitalised(value) }))}
              value={kind}
              onChange={(value) =>
                void navigate({
                  search: { kind: value, ...(prefix === '' ? {} : { prefix }) },
                  replace: true,
                })
              }
            />
          </div>
          <TextInput
            className="grow"
            style={{ minWidth: 180, maxWidth: 380 }}
            size="xs"
            type="search"
            aria-label="Begins with"
            placeholder="Begins with"
            leftSection={<IconSearch size={14} stroke={1.6} />}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <Shown query={entities} loading={<Loading lines={10} />}>
          {({ entities: rows }) =>
            rows.length === 0 ? (
              <Empty title={prefix === '' ? `No ${kind} in the logs yet` : `No ${kind} begins so`} />
            ) : (
              <EntityTable rows={rows} />
            )
          }
        </Shown>
      </div>
    </div>
  )
}

const EntityTable = ({ rows }: { readonly rows: readonly EntityRow[] }) => {
  const most = Math.max(1, ...rows.map(({ events }) => events))
  return (
    <div className="scroll-x" tabIndex={0} role="group" aria-label="Entities">
      <table className="table hover">
        <thead>
          <tr>
            <th scope="col">Entity</th>
            <th scope="col" className="number">
              Events
            </th>
            <th scope="col" className="number wide-only">
              First seen
            </th>
            <th scope="col" className="number">
              Last seen
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kind, value, events, first, last }) => (
            <tr key={`${kind} ${value}`}>
              <th scope="row">
                <EntityLink kind={kind} value={value} />
                <Share share={events / most} />
              </th>
              <td className="number">{formatNumber(events)}</td>
              <td className="number wide-only">
                <When iso={first} />
              </td>
              <td className="number">
                <Ago iso={last} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
