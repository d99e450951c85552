import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { CloseReason, VerdictPreview } from '../../../src/api/api.ts'
import { countOf, inert } from '../../lib/format.ts'
import { Failed, Loading } from '../../ui/states.tsx'

interface VerdictEffectProps {
  readonly preview: {
    readonly data: VerdictPreview | undefined
    readonly error: Error | null
    readonly isFetching: boolean
    readonly refetch: () => unknown
  }
  readonly verdict: CloseReason
}

/** Named at once. */
const most = 5

/** What the verdict would have hidden in the last 30 days; confirmed threats among it stand in red, first. */
export const VerdictEffect = ({ preview, verdict }: VerdictEffectProps) => {
  const { data, error, isFetching, refetch } = preview
  if (data === undefined) {
    return error === null ? (
      <div className="effect">
        <Loading lines={2} label="Looking what it would hide" />
      </div>
    ) : (
      <Failed error={error} onRetry={() => void refetch()} />
    )
  }
  const { confirmedThreats, incidents, findings } = data
  return (
    <div className="stack tight" aria-live="polite" aria-busy={isFetching}>
      {confirmedThreats.length === 0 || verdict === 'threat' ? null : (
        <div className="effect danger" role="alert">
          <p className="row">
            <IconAlertTriangle size={17} aria-hidden="true" />
            <b>It would hide {countOf(confirmedThreats.length, 'confirmed threat')}</b>
          </p>
          <ul>
            {confirmedThreats.slice(0, most).map(({ id, number, title }) => (
              <li key={id}>
                <Link to="/incidents/$id" params={{ id }} target="_blank">
                  #{number} {inert(title)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      )}
      <div className="effect">
        {verdict === 'threat' ? (
          <p>
            A threat hides nothing: it teaches what to look for. It fits {countOf(findings, 'finding')} of the
            last 30 days.
          </p>
        ) : findings === 0 ? (
          <p>Nothing else of the last 30 days fits; what fits later will be hidden.</p>
        ) : (
          <p>
            In the last 30 days it would have hidden <b>{countOf(findings, 'finding')}</b> in{' '}
            {countOf(incidents.length, 'incident')}.
          </p>
        )}
        {incidents.length === 0 ? null : (
          <ul>
            {incidents.slice(0, most).map(({ id, number, title }) => (
              <li key={id}>
                <span className="soft">#{number}</span> {inert(title)}
              </li>
            ))}
            {incidents.length > most ? <li className="soft">and {incidents.length - most} more</li> : null}
          </ul>
        )}
      </div>
    </div>
  )
}
