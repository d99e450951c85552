import type { ReactNode } from 'react'

interface BlockProps {
  readonly title: string
  readonly about: ReactNode
  readonly children: ReactNode
}

export const Block = ({ title, about, children }: BlockProps) => (
  <section>
    <h4>
      {title} <span className="soft">{about}</span>
    </h4>
    {children}
  </section>
)
