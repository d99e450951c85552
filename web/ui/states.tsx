/**
 * What stands where data is not there: loading, nothing, an error that can be tried again, and no right to look.
 *
 * @module
 */
import { Button } from '@mantine/core'
import { IconLock, IconMoodSmile, IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiFailure } from '../lib/api/http.ts'
import './states.css'

export const Loading = ({
  lines = 5,
  label = 'Loading',
}: {
  readonly lines?: number
  readonly label?: string
}) => (
  <div className="skeleton" role="status" aria-label={label}>
    {Array.from({ length: lines }, (_, at) => (
      <span key={at} />
    ))}
  </div>
)

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly icon?: ReactNode
  readonly slim?: boolean
  readonly actions?: ReactNode
}

export const Empty = ({ title, children, icon, slim = false, actions }: EmptyProps) => (
  <div className={slim ? 'state slim' : 'state'}>
    {slim ? null : (
      <span className="icon" aria-hidden="true">
        {icon ?? <IconMoodSmile size={30} stroke={1.4} />}
      </span>
    )}
    <b>{title}</b>
    {children === undefined ? null : <p>{children}</p>}
    {actions === undefined ? null : <div className="actions">{actions}</div>}
  </div>
)

export const Denied = () => (
  <div className="state" role="alert">
    <span className="icon" aria-hidden="true">
      <IconLock size={30} stroke={1.4} />
    </span>
    <b>Your role does not show this</b>
    <p>An administrator can change your role under Settings, Users.</p>
  </div>
)

export const Failed = ({ error, onRetry }: { readonly error: Error; readonly onRetry?: () => void }) => {
  if (error instanceof ApiFailure && error.status === 403) return <Denied />
  const missing = error instanceof ApiFailure && error.status === 404
  return (
    <div className="state" role="alert">
      <span className="icon" aria-hidden="true">
        <IconPlugConnectedX size={30} stroke={1.4} />
      </span>
      <b>{missing ? 'This is not there' : 'This could not be read'}</b>
      <p className="break">{error.message}</p>
      {onRetry === undefined || missing ? null : (
        <div className="actions">
          <Button variant="default" onClick={onRetry}>
            Try again
          </Button>
        </div>
      )}
    </div>
  )
}

interface Asked<Data> {
  readonly data: Data | undefined
  readonly error: Error | null
  readonly refetch: () => unknown
}

interface ShownProps<Data> {
  readonly query: Asked<Data>
  readonly loading?: ReactNode
  /** Where it is a whole page: what the page is called until its data says it. */
  readonly heading?: string
  readonly children: (data: NonNullable<Data>) => ReactNode
}

/** What a query brought, or the state it is in. Older data stays while newer data fails. */
export const Shown = <Data,>({ query, loading, heading, children }: ShownProps<Data>) => {
  if (query.data !== undefined && query.data !== null) return children(query.data)
  return (
    <>
      {heading === undefined ? null : <h1 className="only-read">{heading}</h1>}
      {query.error === null ? (
        (loading ?? <Loading />)
      ) : (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      )}
    </>
  )
}
