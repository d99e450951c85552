import { Button } from '@mantine/core'
import type { IncidentPage } from '../../../src/api/api.ts'
import { useMay } from '../../lib/api/session.ts'
import { useRevokeVerdict } from '../../lib/api/verdicts.ts'
import { countOf, inert } from '../../lib/format.ts'
import { reasonWords, scopeText } from '../../ui/marks.tsx'
import { Panel } from '../../ui/panel.tsx'
import { telling } from '../../ui/told.ts'
import { Ago, When } from '../../ui/when.tsx'

export const VerdictsPanel = ({ verdicts }: Pick<IncidentPage, 'verdicts'>) => {
  const may = useMay('analyst')
  const revoke = useRevokeVerdict()
  if (verdicts.length === 0) return null
  return (
    <Panel title="Verdicts">
      <ul className="history">
        {verdicts.map((verdict) => (
          <li key={verdict.id} style={{ gridTemplateColumns: 'minmax(0, 1fr) auto' }}>
            <div>
              <b>{reasonWords[verdict.verdict]}</b> <span className="break">{scopeText(verdict.scope)}</span>
              <p className="soft small">
                {verdict.by?.name ?? 'Winnow'} <Ago iso={verdict.created} />, hides{' '}
                {countOf(verdict.hides, 'finding')}
                {verdict.expires === null ? null : (
                  <>
                    , until <When iso={verdict.expires} />
                  </>
                )}
              </p>
              {verdict.note === '' ? null : <p className="note">{inert(verdict.note)}</p>}
            </div>
            {verdict.revoked !== null ? (
              <span className="soft small">revoked</span>
            ) : may ? (
              <Button
                variant="subtle"
                size="compact-xs"
                loading={revoke.isPending && revoke.variables === verdict.id}
                onClick={() => revoke.mutate(verdict.id, telling('The verdict is revoked'))}
              >
                Revoke
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
