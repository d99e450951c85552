import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Verdict } from '../../../src/api/api.ts'
import { useMay } from '../../lib/api/session.ts'
import { useRevokeVerdict, useVerdicts } from '../../lib/api/verdicts.ts'
import { formatNumber, inert } from '../../lib/format.ts'
import { reasonWords, scopeText } from '../../ui/marks.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { Table, actions } from '../../ui/table.tsx'
import { telling } from '../../ui/told.ts'
import { Ago, When } from '../../ui/when.tsx'

/** What people decided once and for later, and how much of it is hidden by that. */
export const VerdictsTab = () => {
  const verdicts = useVerdicts()
  const may = useMay('analyst')
  return (
    <Panel
      title="Verdicts"
      flush
      aside={<span className="soft small">revoking one shows again what it hid</span>}
    >
      <Shown query={verdicts}>
        {({ verdicts: rows }) =>
          rows.length === 0 ? (
            <Empty slim title="No verdicts yet">
              They are given on an incident’s page.
            </Empty>
          ) : (
            <Table
              label="Verdicts"
              heads={['Verdict', 'On', { head: 'Hides', number: true }, 'Ends', 'By', actions]}
            >
              {rows.map((verdict) => (
                <VerdictRow key={verdict.id} verdict={verdict} may={may} />
              ))}
            </Table>
          )
        }
      </Shown>
    </Panel>
  )
}

const VerdictRow = ({ verdict, may }: { readonly verdict: Verdict; readonly may: boolean }) => {
  const revoke = useRevokeVerdict()
  return (
    <tr>
      <th scope="row">{reasonWords[verdict.verdict]}</th>
      <td className="break">
        {verdict.incident === null ? (
          scopeText(verdict.scope)
        ) : (
          <Link to="/incidents/$id" params={{ id: verdict.incident }}>
            {scopeText(verdict.scope)}
          </Link>
        )}
        {verdict.note === '' ? null : <p className="soft small">{inert(verdict.note)}</p>}
      </td>
      <td className="number">{formatNumber(verdict.hides)}</td>
      <td>{verdict.expires === null ? 'never' : <When iso={verdict.expires} precision="day" />}</td>
      <td>
        {verdict.by === null ? 'Winnow' : inert(verdict.by.name)}{' '}
        <span className="soft">
          <Ago iso={verdict.created} />
        </span>
      </td>
      <td className="number">
        {verdict.revoked !== null ? (
          <span className="soft">revoked</span>
        ) : may ? (
          <Button
            variant="subtle"
            size="compact-xs"
            loading={revoke.isPending}
            onClick={() => revoke.mutate(verdict.id, telling('The verdict is revoked'))}
          >
            Revoke
          </Button>
        ) : null}
      </td>
    </tr>
  )
}
