import { type ReactNode, useId } from 'react'

interface PanelProps {
  readonly title: ReactNode
  readonly aside?: ReactNode
  readonly flush?: boolean
  readonly children: ReactNode
  readonly className?: string
}

/** A titled part of a page, which assistive technology can jump to. */
export const Panel = ({ title, aside, flush = false, children, className }: PanelProps) => {
  const id = useId()
  return (
    <section className={className === undefined ? 'panel' : `panel ${className}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      <div className={flush ? 'body flush' : 'body'}>{children}</div>
    </section>
  )
}

export const Fact = ({ name, children }: { readonly name: ReactNode; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)

interface TileProps {
  readonly name: ReactNode
  readonly title?: string
  readonly children: ReactNode
}

/** A figure that stands for itself, beside others. */
export const Tile = ({ name, title, children }: TileProps) => (
  <div className="tile" title={title}>
    <span className="soft small">{name}</span>
    <b>{children}</b>
  </div>
)
