import { Link } from '@tanstack/react-router'
import type { Today } from '../../../src/api/api.ts'
import { inert } from '../../lib/format.ts'
import { FindingLines } from '../../ui/lines.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Ago } from '../../ui/when.tsx'

export const BelowPanel = ({ findings }: { readonly findings: Today['below'] }) => (
  <Panel
    title="Just below the line"
    flush
    aside={<span className="soft small">unusual, but not enough</span>}
  >
    {findings.length === 0 ? (
      <p className="soft" style={{ padding: '2px 14px 14px' }}>
        Nothing came close.
      </p>
    ) : (
      <FindingLines findings={findings} quiet />
    )}
  </Panel>
)

export const SilentPanel = ({ silent }: { readonly silent: Today['silent'] }) => (
  <Panel
    title="Silent sources"
    flush={silent.length > 0}
    aside={silent.length > 0 ? <span className="chip high">{silent.length}</span> : null}
  >
    {silent.length === 0 ? (
      <p className="soft">Every source speaks as usual.</p>
    ) : (
      <ul className="notices">
        {silent.map(({ source, since, blinds }) => (
          <li key={source}>
            <Link to="/sources" search={{ source }} className="mono break">
              {inert(source)}
            </Link>{' '}
            <span className="soft">
              silent since <Ago iso={since} />
            </span>
            {blinds.length === 0 ? null : (
              <p className="soft small">
                Blind meanwhile:{' '}
                {blinds.map((id, at) => (
                  <span key={id}>
                    {at === 0 ? null : ', '}
                    <Link to="/detectors/$id" params={{ id }}>
                      {id}
                    </Link>
                  </span>
                ))}
              </p>
            )}
          </li>
        ))}
      </ul>
    )}
  </Panel>
)

/** How many are named at once. */
const most = 6

export const BlindPanel = ({ blind }: { readonly blind: Today['blind'] }) => (
  <Panel
    title="Blind detectors"
    flush={blind.length > 0}
    aside={blind.length > 0 ? <span className="chip">{blind.length}</span> : null}
  >
    {blind.length === 0 ? (
      <p className="soft">Every detector has what it needs.</p>
    ) : (
      <ul className="notices">
        {blind.slice(0, most).map(({ detector, title, why }) => (
          <li key={detector}>
            <Link to="/detectors/$id" params={{ id: detector }}>
              {title}
            </Link>
            <p className="soft small">{inert(why)}</p>
          </li>
        ))}
        {blind.length > most ? (
          <li>
            <Link to="/detectors" search={{ state: 'blind' }}>
              {blind.length - most} more
            </Link>
          </li>
        ) : null}
      </ul>
    )}
  </Panel>
)
