import { Button } from '@mantine/core'
import { useState } from 'react'
import type { Finding } from '../../../src/api/api.ts'
import { countOf, formatNumber, inert } from '../../lib/format.ts'

/** Lines shown at once. */
const atOnce = 6
/** A line longer than this says nothing more to an eye. */
const longest = 2000

/** Raw lines, as text and nothing else. */
export const Evidence = ({ evidence }: Pick<Finding, 'evidence'>) => {
  const [all, setAll] = useState(false)
  const lines: readonly { readonly text: string; readonly path?: string; readonly line?: number }[] =
    evidence.places.length > 0 ? evidence.places : evidence.lines.map((text) => ({ text }))
  if (lines.length === 0) return null
  return (
    <section>
      <h4>
        Evidence <span className="soft">{countOf(lines.length, 'raw line')}</span>
      </h4>
      <ol className="evidence" tabIndex={0} aria-label="Raw lines">
        {lines.slice(0, all ? lines.length : atOnce).map(({ text, path, line }, at) => (
          <li key={at}>
            {path === undefined ? null : (
              <span className="soft">
                {inert(path)}:{line}{' '}
              </span>
            )}
            {inert(text.slice(0, longest))}
            {text.length > longest ? (
              <span className="soft"> … {formatNumber(text.length - longest)} more characters</span>
            ) : null}
          </li>
        ))}
      </ol>
      {lines.length > atOnce ? (
        <Button variant="subtle" size="compact-xs" mt={4} onClick={() => setAll((old) => !old)}>
          {all ? 'Fewer' : countOf(lines.length - atOnce, 'more line')}
        </Button>
      ) : null}
    </section>
  )
}
