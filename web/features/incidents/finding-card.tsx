import { CopyButton } from '@mantine/core'
import { IconChevronRight, IconCopy, IconTelescope } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { Finding } from '../../../src/api/api.ts'
import { formatNumber, inWords, inert } from '../../lib/format.ts'
import { withoutTimes } from '../../lib/query.ts'
import { ActivityBars } from '../../ui/charts.tsx'
import { EntityLink } from '../../ui/entity.tsx'
import { SeverityMark, Techniques } from '../../ui/marks.tsx'
import { Fact } from '../../ui/panel.tsx'
import { Span } from '../../ui/when.tsx'
import { DetailBlock } from './details.tsx'
import { Evidence } from './evidence.tsx'
import { Reasons } from './reasons.tsx'

interface FindingCardProps {
  readonly finding: Finding
  readonly open: boolean
  readonly onFold: () => void
}

export const FindingCard = ({ finding, open, onFold }: FindingCardProps) => {
  const id = useId()
  return (
    <article className={`panel finding of-${finding.severity}`} id={finding.id} aria-labelledby={id}>
      <header onClick={onFold}>
        <button
          type="button"
          className="fold"
          aria-expanded={open}
          aria-label={open ? 'Fold this finding' : 'Unfold this finding'}
          onClick={(event) => {
            event.stopPropagation()
            onFold()
          }}
        >
          <IconChevronRight size={16} />
        </button>
        <div className="grow">
          <h3 id={id}>{inert(finding.title)}</h3>
          <p className="soft small">{finding.rarity}</p>
        </div>
        <SeverityMark severity={finding.severity} />
      </header>
      {open ? <Content finding={finding} /> : null}
    </article>
  )
}

const Content = ({ finding }: { readonly finding: Finding }) => {
  const { entity, related, company = [], evidence, knowledge, activity, reasons, details } = finding
  return (
    <div className="content">
      <div className="two">
        <dl className="facts">
          <Fact name="When">
            <Span first={finding.first} last={finding.last} />
          </Fact>
          <Fact name="Events">{formatNumber(finding.events)}</Fact>
          <Fact name="Surprise">
            <span title="−log10 of how often a window scores this high when nothing is wrong">
              {finding.surprise.toFixed(1)}
            </span>
          </Fact>
          <Fact name="Detector">
            <Link to="/detectors/$id" params={{ id: finding.detector }}>
              {finding.detector}
            </Link>
          </Fact>
          {(entity.parts ?? [entity]).map(({ kind, value }) => (
            <Fact key={`${kind} ${value}`} name={inWords(kind)}>
              <EntityLink kind={kind} value={value} />
            </Fact>
          ))}
          <Others name="With" entities={related} />
          <Others name="At the same time" entities={company} />
          {finding.attack.length === 0 ? null : (
            <Fact name="ATT&CK">
              <Techniques ids={finding.attack} />
            </Fact>
          )}
        </dl>
        {activity.length === 0 ? null : (
          <div>
            <h4>
              Activity <span className="soft">coloured where it stands out</span>
            </h4>
            <ActivityBars buckets={activity} label="Activity of the entity" height={84} />
          </div>
        )}
      </div>
      {reasons.length === 0 ? null : <Reasons reasons={reasons} />}
      {details.map((detail, at) => (
        <DetailBlock key={`${detail.kind} ${at}`} detail={detail} />
      ))}
      {knowledge.length === 0 ? null : (
        <section>
          <h4>
            Known from elsewhere <span className="soft">than the logs</span>
          </h4>
          <dl className="facts">
            {knowledge.map(({ about, source, label, value }) => (
              <Fact key={`${about} ${source} ${label} ${value}`} name={`${inert(about)}: ${label}`}>
                {inert(value)}
              </Fact>
            ))}
          </dl>
        </section>
      )}
      <Evidence evidence={evidence} />
      {evidence.filter === '' ? null : (
        <p className="row">
          <Link
            className="chip accent"
            to="/explore"
            search={{
              q: withoutTimes(evidence.filter),
              from: finding.first,
              to: new Date(Date.parse(finding.last) + 1000).toISOString(),
            }}
          >
            <IconTelescope size={14} stroke={1.7} aria-hidden="true" /> Show all its events in Explore
          </Link>
          <CopyButton value={evidence.filter}>
            {({ copied, copy }) => (
              <button type="button" className="plain-button chip" onClick={copy}>
                <IconCopy size={13} stroke={1.7} aria-hidden="true" /> {copied ? 'Copied' : 'Copy the filter'}
              </button>
            )}
          </CopyButton>
        </p>
      )}
    </div>
  )
}

interface OthersProps {
  readonly name: string
  readonly entities: Finding['related']
}

const Others = ({ name, entities }: OthersProps) =>
  entities.length === 0 ? null : (
    <Fact name={name}>
      <span className="row tight">
        {entities.map(({ kind, value }) => (
          <EntityLink key={`${kind} ${value}`} kind={kind} value={value} />
        ))}
      </span>
    </Fact>
  )
