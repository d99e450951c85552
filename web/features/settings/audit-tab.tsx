import { Button } from '@mantine/core'
import { useAudit } from '../../lib/api/audit.ts'
import { inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { Table } from '../../ui/table.tsx'
import { When } from '../../ui/when.tsx'

export const AuditTab = () => {
  const audit = useAudit()
  return (
    <Panel title="Audit log" flush aside={<span className="soft small">who did what, newest first</span>}>
      <Shown query={audit}>
        {({ pages }) => {
          const entries = pages.flatMap((page) => page.entries)
          return entries.length === 0 ? (
            <Empty slim title="Nothing has been done yet" />
          ) : (
            <Table label="Audit log" heads={['Time', 'Who', 'What', 'Address']}>
              {entries.map(({ id, time, who, action, target, detail, address }) => (
                <tr key={id}>
                  <td>
                    <When iso={time} precision="second" />
                  </td>
                  <th scope="row">{inert(who)}</th>
                  <td>
                    {inert(action)} <code className="break">{inert(target)}</code>
                    {detail === '' ? null : <p className="soft small break">{inert(detail)}</p>}
                  </td>
                  <td>
                    <code>{address ?? ''}</code>
                  </td>
                </tr>
              ))}
            </Table>
          )
        }}
      </Shown>
      {audit.hasNextPage ? (
        <div style={{ padding: 12 }}>
          <Button
            variant="default"
            loading={audit.isFetchingNextPage}
            onClick={() => void audit.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      ) : null}
    </Panel>
  )
}
