import { Alert, Button } from '@mantine/core'
import { Link, useLocation, useParams } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { IncidentPage } from '../../../src/api/api.ts'
import { useIncident } from '../../lib/api/incidents.ts'
import { inert } from '../../lib/format.ts'
import { IncidentLines } from '../../ui/lines.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Loading, Shown } from '../../ui/states.tsx'
import { EntitiesPanel } from './entities-panel.tsx'
import { FindingCard } from './finding-card.tsx'
import { HistoryPanel } from './history-panel.tsx'
import { IncidentHead } from './incident-head.tsx'
import './incident.css'
import { StoryTimeline } from './story-timeline.tsx'
import { VerdictsPanel } from './verdicts-panel.tsx'

export const IncidentRoute = () => {
  const { id } = useParams({ from: '/frame/incidents/$id' })
  const incident = useIncident(id)
  return (
    <div className="page">
      <Shown query={incident} heading="Incident" loading={<Loading lines={12} />}>
        {(page) => <IncidentView key={id} page={page} />}
      </Shown>
    </div>
  )
}

const IncidentView = ({ page }: { readonly page: IncidentPage }) => {
  const { incident, findings } = page
  const { hash } = useLocation()
  const [open, setOpen] = useState<ReadonlySet<string>>(
    // The strongest, and the one that the address names.
    () => new Set(findings.filter(({ id }, at) => at === 0 || id === hash).map(({ id }) => id)),
  )
  useEffect(() => {
    document.title = `#${incident.number} ${inert(incident.title)} · Winnow`
  }, [incident.number, incident.title])
  const show = (id: string) => {
    setOpen((old) => new Set(old).add(id))
    requestAnimationFrame(() => document.getElementById(id)?.scrollIntoView({ block: 'start' }))
  }
  useEffect(() => {
    if (findings.some(({ id }) => id === hash)) show(hash)
    // A new address leads to its finding; new data must not move the page.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [hash])
  const all = open.size >= findings.length
  return (
    <>
      <IncidentHead page={page} />
      {page.mergedInto === null ? null : (
        <Alert variant="light" mb="md" title="This incident went into another">
          <Link to="/incidents/$id" params={{ id: page.mergedInto }}>
            Go to the one it is part of now
          </Link>
        </Alert>
      )}
      <div className="columns">
        <div className="stack">
          <Panel title="What happened">
            <StoryTimeline findings={findings} onShow={show} />
          </Panel>
          <div className="row between">
            <h2>
              Findings <span className="soft">strongest first</span>
            </h2>
            {findings.length < 2 ? null : (
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() => setOpen(all ? new Set() : new Set(findings.map(({ id }) => id)))}
              >
                {all ? 'Fold all' : 'Unfold all'}
              </Button>
            )}
          </div>
          {findings.map((finding) => (
            <FindingCard
              key={finding.id}
              finding={finding}
              open={open.has(finding.id)}
              onFold={() =>
                setOpen((old) => {
                  const next = new Set(old)
                  if (!next.delete(finding.id)) next.add(finding.id)
                  return next
                })
              }
            />
          ))}
        </div>
        <div className="stack">
          <EntitiesPanel page={page} />
          <HistoryPanel page={page} />
          <VerdictsPanel verdicts={page.verdicts} />
          <Panel title="Similar incidents" flush>
            {page.similar.length === 0 ? (
              <p className="soft" style={{ padding: '2px 14px 14px' }}>
                None with the same entities or detectors.
              </p>
            ) : (
              <IncidentLines incidents={page.similar} narrow />
            )}
          </Panel>
        </div>
      </div>
    </>
  )
}
