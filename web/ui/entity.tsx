import {
  IconAppWindow,
  IconDeviceDesktop,
  IconFile,
  IconPoint,
  IconRobot,
  IconServer,
  IconUser,
  IconWorld,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { inWords, inert } from '../lib/format.ts'
import { kindOf } from '../lib/kinds.ts'
import './marks.css'

const icons = {
  address: IconDeviceDesktop,
  user: IconUser,
  host: IconServer,
  domain: IconWorld,
  application: IconAppWindow,
  agent: IconRobot,
  resource: IconFile,
  file: IconFile,
} as const

export const KindIcon = ({ kind }: { readonly kind: string }) => {
  const Icon = icons[kindOf(kind) as keyof typeof icons] ?? IconPoint // a kind without its own mark
  return <Icon size={14} stroke={1.7} aria-hidden="true" />
}

interface EntityProps {
  readonly kind: string
  readonly value: string
  readonly plain?: boolean
}

/** Someone or something that acts, leading to its page where it has one. */
export const EntityLink = ({ kind, value, plain = false }: EntityProps) => {
  const general = kindOf(kind)
  const inner = (
    <>
      <KindIcon kind={kind} />
      <span className="break">{inert(value)}</span>
    </>
  )
  if (plain || general === null) {
    return (
      <span className="entity" title={inWords(kind)}>
        {inner}
      </span>
    )
  }
  return (
    <Link
      className="entity"
      to="/entities/$kind/$value"
      params={{ kind: general, value }}
      title={inWords(kind)}
    >
      {inner}
    </Link>
  )
}
