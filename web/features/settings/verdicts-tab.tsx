import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Verdict } from '../../../src/api/api.ts'
import { useMay } from '../../lib/api/session.ts'
import { useRevokeVerdict, useVerdicts } from '../../lib/api/verdicts.ts'
import { formatNumber, inert } from '../../lib/format.ts'
import { reasonWords } from '../../ui/marks.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Shown } from '../../ui/states.tsx'
import { told } from '../../ui/told.ts'
import { Ago, When } from '../../ui/when.tsx'

const scopeText = ({ entity, detector, pattern }: Verdict['scope']): string =>
  [entity?.value, detector, pattern === undefined ? undefined : `“${pattern}”`]
    .filter((part) => part !== undefined)
    .map(inert)
    .join(', ')

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
            <div className="scroll-x" tabIndex={0} role="group" aria-label="Verdicts">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">Verdict</th>
                    <th scope="col">On</th>
                    <th scope="col" className="number">
                      Hides
                    </th>
                    <th scope="col">Ends</th>
                    <th scope="col">By</th>
                    <th scope="col">
                      <span className="only-read">Actions</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((verdict) => (
                    <VerdictRow key={verdict.id} verdict={verdict} may={may} />
                  ))}
                </tbody>
              </table>
            </div>
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
            onClick={() =>
              revoke.mutate(verdict.id, {
                onSuccess: () => told('The verdict is revoked'),
                onError: (error) => told(error),
              })
            }
          >
            Revoke
          </Button>
        ) : null}
      </td>
    </tr>
  )
}
