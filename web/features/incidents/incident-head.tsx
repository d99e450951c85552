import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconDots, IconGavel, IconTelescope } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { IncidentChange, IncidentPage } from '../../../src/api/api.ts'
import { useChangeIncident } from '../../lib/api/incidents.ts'
import { useMay, useSession } from '../../lib/api/session.ts'
import { useUsers } from '../../lib/api/users.ts'
import { countOf, formatNumber, inert } from '../../lib/format.ts'
import { term } from '../../lib/query.ts'
import { Spark } from '../../ui/charts.tsx'
import { RiskMark, StateMark, Technique } from '../../ui/marks.tsx'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { telling } from '../../ui/told.ts'
import { Ago, Span } from '../../ui/when.tsx'
import { CloseDialog } from './close-dialog.tsx'
import { MergeDialog, SplitDialog, TitleDialog } from './reshape-dialogs.tsx'
import { VerdictDialog } from './verdict-dialog.tsx'

type Asked = 'close' | 'verdict' | 'merge' | 'split' | 'title' | null

/** All events of those who acted, while it lasted. */
const exploreQuery = ({ incident }: IncidentPage): string => {
  const actors = incident.entities.filter(({ role }) => role === 'actor').slice(0, 5)
  const terms = actors.map(({ kind, value }) => term(kind, value))
  return terms.length > 1 ? `(${terms.join(' OR ')})` : (terms[0] ?? '')
}

export const IncidentHead = ({ page }: { readonly page: IncidentPage }) => {
  const { incident } = page
  const may = useMay('analyst')
  const change = useChangeIncident(incident.id)
  const [asked, setAsked] = useState<Asked>(null)
  const apply = (what: IncidentChange, words: string) => change.mutate(what, telling(words))
  const acknowledge = () => apply({ state: 'acknowledged' }, 'Acknowledged')
  const done = () => setAsked(null)
  useShortcuts(
    {
      a: () => incident.state === 'open' && acknowledge(),
      c: () => incident.state !== 'closed' && setAsked('close'),
      v: () => setAsked('verdict'),
      n: () => document.querySelector<HTMLTextAreaElement>('#note')?.focus(),
    },
    may,
  )
  return (
    <header className="incident-head">
      <div className="over">
        <p className="crumbs">
          <Link to="/incidents">Incidents</Link> / #{incident.number}
        </p>
        <div className="acts">
          <Button
            variant="default"
            leftSection={<IconTelescope size={15} stroke={1.6} />}
            renderRoot={(props: object) => (
              <Link
                to="/explore"
                search={{ q: exploreQuery(page), from: incident.first, to: after(incident.last) }}
                {...props}
              />
            )}
          >
            Explore
          </Button>
          {may ? (
            <>
              <OwnerMenu
                name={incident.owner?.name ?? null}
                onChange={(owner, words) => apply({ owner }, words)}
              />
              <Button
                variant="default"
                leftSection={<IconGavel size={15} stroke={1.6} />}
                onClick={() => setAsked('verdict')}
              >
                Verdict…
              </Button>
              {incident.state === 'open' ? (
                <Button variant="default" loading={change.isPending} onClick={acknowledge}>
                  Acknowledge
                </Button>
              ) : null}
              {incident.state === 'closed' ? (
                <Button loading={change.isPending} onClick={() => apply({ state: 'open' }, 'Opened again')}>
                  Open again
                </Button>
              ) : (
                <Button onClick={() => setAsked('close')}>Close…</Button>
              )}
              <Menu position="bottom-end">
                <Menu.Target>
                  <Button variant="default" px={8} aria-label="More actions">
                    <IconDots size={16} />
                  </Button>
                </Menu.Target>
                <Menu.Dropdown>
                  <Menu.Item onClick={() => setAsked('title')}>Change the title…</Menu.Item>
                  <Menu.Item onClick={() => setAsked('merge')}>Merge into another…</Menu.Item>
                  <Menu.Item disabled={page.findings.length < 2} onClick={() => setAsked('split')}>
                    Split findings off…
                  </Menu.Item>
                </Menu.Dropdown>
              </Menu>
            </>
          ) : (
            <span className="soft small">Your role may look, not change</span>
          )}
        </div>
      </div>
      <RiskMark risk={incident.risk} severity={incident.severity} large />
      <div>
        <h1>{inert(incident.title)}</h1>
        <p className="sub">
          <StateMark incident={incident} />
          <span>
            <Span first={incident.first} last={incident.last} />, updated <Ago iso={incident.updated} />
          </span>
          <span>{countOf(incident.findings, 'finding')}</span>
          <span>{formatNumber(incident.events)} events</span>
          {incident.tactics.map(({ id, name, techniques }) => (
            <span key={id} className="row tight">
              {name}{' '}
              {techniques.map((technique) => (
                <Technique key={technique} id={technique} />
              ))}
            </span>
          ))}
          {incident.risks.length < 2 ? null : (
            <span className={`row tight of-${incident.severity}`}>
              Risk
              <Spark
                values={incident.risks.map(({ risk }) => risk)}
                most={100}
                label={`Risk over time: ${incident.risks.map(({ risk }) => risk).join(', ')}`}
              />
            </span>
          )}
        </p>
      </div>
      <CloseDialog ids={asked === 'close' ? [incident.id] : null} onDone={done} onCancel={done} />
      <VerdictDialog opened={asked === 'verdict'} page={page} onClose={done} />
      <MergeDialog opened={asked === 'merge'} page={page} onClose={done} />
      <SplitDialog opened={asked === 'split'} page={page} onClose={done} />
      <TitleDialog opened={asked === 'title'} page={page} onClose={done} />
    </header>
  )
}

/** A range leaves its end out, and an incident's last event must be in it. */
const after = (iso: string): string => new Date(Date.parse(iso) + 1000).toISOString()

interface OwnerProps {
  readonly name: string | null
  readonly onChange: (owner: string | null, words: string) => void
}

const OwnerMenu = ({ name, onChange }: OwnerProps) => {
  const me = useSession().data?.user
  const users = useUsers()
  const others = (users.data?.users ?? []).filter(({ id, disabled }) => id !== me?.id && !disabled)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={13} />}>
          {name === null ? 'No owner' : name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {me === undefined || me === null ? null : (
          <Menu.Item onClick={() => onChange(me.id, 'It is yours now')}>Take it</Menu.Item>
        )}
        {others.map((user) => (
          <Menu.Item key={user.id} onClick={() => onChange(user.id, `Given to ${user.name}`)}>
            {user.name}
          </Menu.Item>
        ))}
        {name === null ? null : (
          <Menu.Item onClick={() => onChange(null, 'Nobody owns it now')}>Nobody</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
