/**
 * Small marks that many pages share: severity, risk, state, techniques.
 *
 * @module
 */
import { IconCheck, IconCircleDot, IconEye } from '@tabler/icons-react'
import type { CloseReason, IncidentRow, IncidentState, Severity, Verdict } from '../../src/api/api.ts'
import { capitalised, inert } from '../lib/format.ts'
import './marks.css'

export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low']

/** The severity as a word and as one to four bars: never by colour alone. */
export const SeverityMark = ({ severity }: { readonly severity: Severity }) => {
  const level = severities.length - severities.indexOf(severity)
  return (
    <span className={`severity of-${severity}`}>
      <svg aria-hidden="true" width="15" height="11">
        {[1, 2, 3, 4].map((step) => (
          <rect
            key={step}
            className={step <= level ? 'on' : 'off'}
            x={(step - 1) * 4}
            y={11 - step * 2.7}
            width="3"
            height={step * 2.7}
            rx="0.6"
          />
        ))}
      </svg>
      {capitalised(severity)}
    </span>
  )
}

interface RiskProps {
  readonly risk: number
  readonly severity: Severity
  readonly large?: boolean
}

export const RiskMark = ({ risk, severity, large = false }: RiskProps) => (
  <span className={`risk of-${severity}${large ? ' large' : ''}`}>
    <b title={`Risk ${risk} of 100`}>
      <span className="only-read">Risk </span>
      {risk}
    </b>
    <SeverityMark severity={severity} />
  </span>
)

export const stateWords: Readonly<Record<IncidentState, string>> = {
  open: 'Open',
  acknowledged: 'Acknowledged',
  closed: 'Closed',
}

export const reasonWords: Readonly<Record<CloseReason, string>> = {
  threat: 'Threat',
  expected: 'Expected',
  'false-alarm': 'False alarm',
  duplicate: 'Duplicate',
}

export const reasonMeanings: Readonly<Record<CloseReason, string>> = {
  threat: 'It was an attack, or could have become one.',
  expected: 'It happened as described, and that is fine here.',
  'false-alarm': 'It did not happen as described.',
  duplicate: 'Another incident tells the same story.',
}

/** A verdict's scope in words: "198.51.100.7, web-client-behaviour". */
export const scopeText = ({ entity, detector, pattern }: Verdict['scope']): string =>
  [entity?.value, detector, pattern === undefined ? undefined : `“${pattern}”`]
    .filter((part) => part !== undefined)
    .map(inert)
    .join(', ')

export const StateMark = ({ incident }: { readonly incident: Pick<IncidentRow, 'state' | 'reason'> }) => {
  const { state, reason } = incident
  const size = { size: 13, stroke: 2, 'aria-hidden': true } as const
  return (
    <span className={`chip ${state === 'open' ? 'accent' : ''}`}>
      {state === 'open' ? (
        <IconCircleDot {...size} />
      ) : state === 'acknowledged' ? (
        <IconEye {...size} />
      ) : (
        <IconCheck {...size} />
      )}
      {stateWords[state]}
      {state === 'closed' && reason !== null ? `: ${reasonWords[reason].toLowerCase()}` : null}
    </span>
  )
}

/** A technique's id, leading to its page where it is one. */
export const Technique = ({ id }: { readonly id: string }) => {
  const [, technique, part] = /^(T\d{4})(?:\.(\d{3}))?$/.exec(id) ?? []
  if (technique === undefined) return <span className="chip">{id}</span>
  const path = part === undefined ? technique : `${technique}/${part}`
  return (
    <a
      className="chip"
      rel="noreferrer"
      target="_blank"
      href={`https://attack.mitre.org/techniques/${path}/`}
      title="MITRE ATT&CK, in a new tab"
    >
      {id}
    </a>
  )
}

export const Techniques = ({ ids }: { readonly ids: readonly string[] }) => (
  <span className="row tight">
    {ids.map((id) => (
      <Technique key={id} id={id} />
    ))}
  </span>
)
