import type { ReactNode } from 'react'

interface Column {
  readonly head: string
  /** Aligned like the numbers below it. */
  readonly number?: boolean
  /** Not on phones. */
  readonly wideOnly?: boolean
  /** Read out, not shown. */
  readonly onlyRead?: boolean
}

/** A column's head; mostly its words are all there is to say. */
type Head = string | Column

/** Above the buttons of each row. */
export const actions: Head = { head: 'Actions', onlyRead: true }

const columnOf = (head: Head): Column => (typeof head === 'string' ? { head } : head)

/** Names of classes; none at all where nothing is named. */
const classes = (...names: readonly (string | false | undefined)[]): string | undefined =>
  names.filter(Boolean).join(' ') || undefined

/** For tables that have looks or a place of their own. */
export const TableHead = ({ heads }: { readonly heads: readonly Head[] }) => (
  <thead>
    <tr>
      {heads.map(columnOf).map(({ head, number = false, wideOnly = false, onlyRead = false }) => (
        <th key={head} scope="col" className={classes(number && 'number', wideOnly && 'wide-only')}>
          {onlyRead ? <span className="only-read">{head}</span> : head}
        </th>
      ))}
    </tr>
  </thead>
)

interface TableProps {
  /** What the table lists: the name of the region that it scrolls in where the screen is too narrow. */
  readonly label: string
  readonly heads: readonly Head[]
  /** Rows show where the pointer is. */
  readonly hover?: boolean
  /** In px: narrower, it scrolls. */
  readonly minWidth?: number
  readonly className?: string
  /** The rows. */
  readonly children: ReactNode
}

export const Table = ({ label, heads, hover = false, minWidth, className, children }: TableProps) => (
  <div className="scroll-x" tabIndex={0} role="group" aria-label={label}>
    <table
      className={classes('table', hover && 'hover', className)}
      style={minWidth === undefined ? undefined : { minWidth }}
    >
      <TableHead heads={heads} />
      <tbody>{children}</tbody>
    </table>
  </div>
)
