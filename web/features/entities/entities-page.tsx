import { SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { EntityRow } from '../../../src/api/search.ts'
import { useEntities } from '../../lib/api/entities.ts'
import { capitalised, formatNumber } from '../../lib/format.ts'
import { kinds } from '../../lib/kinds.ts'
import { Share } from '../../ui/charts.tsx'
import { EntityLink } from '../../ui/entity.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Empty, Loading, Shown } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { Ago, When } from '../../ui/when.tsx'
import './entities.css'

export const EntitiesPage = () => {
  const { kind = 'address', prefix = '' } = useSearch({ from: '/frame/entities' })
  const navigate = useNavigate({ from: '/entities' })
  const go = (next: { kind: string; prefix: string }) =>
    void navigate({
      search: { kind: next.kind, ...(next.prefix === '' ? {} : { prefix: next.prefix }) },
      replace: true,
    })
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
              onChange={(value) => go({ kind: value, prefix })}
            />
          </div>
          <SearchField
            className="grow"
            style={{ minWidth: 180, maxWidth: 380 }}
            label="Begins with"
            text={prefix}
            onText={(typed) => go({ kind, prefix: typed })}
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
    <Table
      label="Entities"
      heads={[
        'Entity',
        { head: 'Events', number: true },
        { head: 'First seen', number: true, wideOnly: true },
        { head: 'Last seen', number: true },
      ]}
      hover
    >
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
    </Table>
  )
}
