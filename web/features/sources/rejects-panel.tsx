import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useExplainLine, useRejects } from '../../lib/api/sources.ts'
import { countOf, inert } from '../../lib/format.ts'
import { Panel } from '../../ui/panel.tsx'
import { Empty, Failed, Loading, Shown } from '../../ui/states.tsx'
import { When } from '../../ui/when.tsx'
import { Explanation } from './explanation.tsx'

/** Lines that no parser understood, by reason, and why each was not. */
export const RejectsPanel = ({ source }: { readonly source: string }) => {
  const rejects = useRejects(source)
  return (
    <Panel
      title={`Rejected lines of ${inert(source)}`}
      flush
      aside={
        <Link to="/sources" className="small">
          Close
        </Link>
      }
    >
      <Shown query={rejects} loading={<Loading lines={4} />}>
        {({ groups }) =>
          groups.length === 0 ? (
            <Empty slim title="Every line of it was understood" />
          ) : (
            groups.map(({ reason, lines, examples }, at) => (
              <details key={reason} className="group" open={at === 0}>
                <summary>
                  <b>{inert(reason)}</b> <span className="soft">{countOf(lines, 'line')}</span>
                </summary>
                <ul className="inside stack tight">
                  {examples.map((example) => (
                    <RejectedLine key={`${example.line} ${example.time}`} {...example} />
                  ))}
                </ul>
              </details>
            ))
          )
        }
      </Shown>
    </Panel>
  )
}

interface RejectedLineProps {
  readonly line: number
  readonly text: string
  readonly time: string
}

const RejectedLine = ({ line, text, time }: RejectedLineProps) => {
  const [asked, setAsked] = useState(false)
  const explain = useExplainLine()
  return (
    <li>
      <div className="evidence" style={{ padding: '4px 10px', overflowWrap: 'anywhere' }}>
        <span className="soft">
          line {line}, <When iso={time} />{' '}
        </span>
        {inert(text.slice(0, 2000))}
      </div>
      {asked ? null : (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            setAsked(true)
            explain.mutate({ line: text })
          }}
        >
          Why was this line rejected?
        </Button>
      )}
      {explain.isPending ? <Loading lines={2} /> : null}
      {explain.error === null ? null : <Failed error={explain.error} />}
      {explain.data === undefined ? null : <Explanation explanation={explain.data} />}
    </li>
  )
}
