import { Button } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Empty } from './states.tsx'

/** What stands where a page broke: a bug of ours, or a console that is older than its server. */
export const Crashed = ({ error }: ErrorComponentProps) => (
  <main className="page">
    <Empty
      title="This page broke"
      actions={
        <Button variant="default" onClick={() => location.reload()}>
          Load the page again
        </Button>
      }
    >
      {error instanceof Error ? error.message : String(error)}
    </Empty>
  </main>
)

export const NotFound = () => (
  <main className="page">
    <Empty title="There is no such page" actions={<Link to="/today">Go to Today</Link>} />
  </main>
)
