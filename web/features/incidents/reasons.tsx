import type { Reason } from '../../../src/api/api.ts'
import { formatShare, formatValue } from '../../lib/format.ts'
import { TableHead } from '../../ui/table.tsx'

/** From this ratio on the smaller bar would vanish on a linear scale. */
const logFrom = 20

/** Lengths of the two bars in percent. A share is drawn as what it is; the rest compares within its row. */
const lengthsOf = ({ observed, typical, unit }: Reason) => {
  const [a, b] = [Math.abs(observed) || 0, Math.abs(typical) || 0]
  const most = Math.max(a, b)
  const least = Math.min(a, b)
  if (unit === 'share' && most <= 1) return { observed: a * 100, typical: b * 100, log: false }
  if (most === 0 || !Number.isFinite(most)) return { observed: 0, typical: 0, log: false }
  const log = least > 0 && most / least > logFrom
  const floor = Math.max(least, most / 1e12)
  const length = (value: number): number =>
    100 * (log ? Math.log1p(value / floor) / Math.log1p(most / floor) : value / most)
  return { observed: length(a), typical: length(b), log }
}

/** Why it stands out: observed against typical, in figures and as a pair of bars. */
export const Reasons = ({ reasons }: { readonly reasons: readonly Reason[] }) => (
  <section>
    <div className="row between">
      <h4>Why it stands out</h4>
      <p className="soft small">
        <span className="key-of" /> observed &nbsp; <span className="key-of typical" /> typical
      </p>
    </div>
    <table className="reasons">
      <TableHead
        heads={[
          'Reason',
          { head: 'Observed', number: true },
          { head: 'Typical', number: true },
          { head: 'Weight', number: true },
        ]}
      />
      <tbody>
        {reasons.map((reason) => {
          const lengths = lengthsOf(reason)
          return (
            <tr key={reason.feature}>
              <th scope="row">
                {reason.label}
                {lengths.log ? (
                  <span
                    className="chip"
                    style={{ marginLeft: 6 }}
                    title="These bars are on a logarithmic scale"
                  >
                    log
                  </span>
                ) : null}
                <span className="pair" aria-hidden="true">
                  <i style={{ width: `${lengths.observed}%` }} />
                  <i className="typical" style={{ width: `${lengths.typical}%` }} />
                </span>
              </th>
              <td className="number">
                <b>{formatValue(reason.observed, reason.unit)}</b>
              </td>
              <td className="number soft">{formatValue(reason.typical, reason.unit)}</td>
              <td className="number">{formatShare(reason.share)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  </section>
)
