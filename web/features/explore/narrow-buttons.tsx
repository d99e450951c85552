import { IconMinus, IconPlus } from '@tabler/icons-react'
import { term } from '../../lib/query.ts'

interface NarrowButtonsProps {
  readonly name: string
  readonly value: string | number | boolean
  /** What the two do, in words. */
  readonly only: string
  readonly without: string
  readonly onNarrow: (condition: string) => void
}

/** Only the events with a value, or only those without it. */
export const NarrowButtons = ({ name, value, only, without, onNarrow }: NarrowButtonsProps) => (
  <>
    <button type="button" className="mini" aria-label={only} onClick={() => onNarrow(term(name, value))}>
      <IconPlus size={13} />
    </button>
    <button
      type="button"
      className="mini"
      aria-label={without}
      onClick={() => onNarrow(`NOT ${term(name, value)}`)}
    >
      <IconMinus size={13} />
    </button>
  </>
)
