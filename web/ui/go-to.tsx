import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { Loading } from './states.tsx'

/**
 * Leads to another address, once: the router's own component goes anew at each drawing, and this one may be drawn
 * again while the other page is on its way.
 */
export const GoTo = ({ address }: { readonly address: string }) => {
  const { history } = useRouter()
  const [first] = useState(address)
  useEffect(() => history.replace(first), [history, first])
  return <Loading label="On the way" />
}
