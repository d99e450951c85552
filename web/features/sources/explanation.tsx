import type { LineExplanation } from '../../../src/api/search.ts'
import { inert } from '../../lib/format.ts'

/** How a line is read, or what each parser that came near says. */
export const Explanation = ({ explanation }: { readonly explanation: LineExplanation }) => {
  const { format, fields, near } = explanation
  const entries = Object.entries(fields)
  return (
    <div className="stack tight" style={{ padding: '6px 0' }}>
      {format === null ? (
        <p>No parser understands it.</p>
      ) : (
        <p>
          Read as <b>{format}</b>
          {entries.length === 0 ? null : ', with these fields:'}
        </p>
      )}
      {entries.length === 0 ? null : (
        <dl className="facts">
          {entries.map(([name, value]) => [
            <dt key={name}>{name}</dt>,
            <dd key={`${name} value`} className="mono">
              {inert(String(value))}
            </dd>,
          ])}
        </dl>
      )}
      {near.length === 0 ? null : (
        <>
          <p className="soft small">{format === null ? 'What came near:' : 'Others that came near:'}</p>
          <ul className="near">
            {near.map(({ parser, title, why }) => (
              <li key={parser}>
                <b>{title}</b> <code className="soft">{parser}</code>
                <p>{inert(why)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}
