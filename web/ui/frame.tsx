/**
 * What every page stands in: navigation, the palette, live updates, and the way to the sign-in where it is needed.
 *
 * @module
 */
import { ActionIcon } from '@mantine/core'
import { IconMenu2, IconSearch } from '@tabler/icons-react'
import { Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Suspense, lazy, useEffect, useState } from 'react'
import { useSession } from '../lib/api/session.ts'
import { capitalised } from '../lib/format.ts'
import { useLive } from '../lib/live.ts'
import { Brand } from './brand.tsx'
import './frame.css'
import { GoTo } from './go-to.tsx'
import { KeysDialog } from './keys-dialog.tsx'
import { SideBar } from './side-bar.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Failed, Loading } from './states.tsx'

const Palette = lazy(() => import('./palette.tsx'))

export const Frame = () => {
  const session = useSession()
  if (session.error !== null && session.data === undefined) {
    return (
      <main className="page">
        <Failed error={session.error} onRetry={() => void session.refetch()} />
      </main>
    )
  }
  if (session.data === undefined) return <Loading label="Opening the console" />
  if (session.data.user === null) {
    if (session.data.setupNeeded) return <GoTo address="/setup" />
    return <SignInFirst />
  }
  return <Inside demo={session.data.demo} />
}

/** Leads to the sign-in, which leads back to where one is now. */
const SignInFirst = () => {
  const { href, pathname } = useLocation()
  const back = pathname === '/' ? '' : `?to=${encodeURIComponent(href)}`
  return <GoTo address={`/sign-in${back}`} />
}

const Inside = ({ demo }: { readonly demo: boolean }) => {
  const live = useLive(true)
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [menu, setMenu] = useState(false)
  const [keys, setKeys] = useState(false)
  const [palette, setPalette] = useState(0)
  const openPalette = () => setPalette((times) => times + 1)

  useEffect(() => {
    setMenu(false)
    const [, page = ''] = pathname.split('/')
    document.title = `${capitalised(page)} · Winnow`
  }, [pathname])
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      openPalette()
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [])
  useShortcuts({
    '?': () => setKeys(true),
    'g t': () => void navigate({ to: '/today' }),
    'g i': () => void navigate({ to: '/incidents' }),
    'g x': () => void navigate({ to: '/explore' }),
    'g e': () => void navigate({ to: '/entities' }),
    'g d': () => void navigate({ to: '/detectors' }),
    'g s': () => void navigate({ to: '/sources' }),
  })

  return (
    <div className="frame">
      <a className="skip" href="#main">
        Skip to the content
      </a>
      <header className="top">
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Menu" onClick={() => setMenu(true)}>
          <IconMenu2 size={20} stroke={1.7} />
        </ActionIcon>
        <Brand />
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Search for anything"
          onClick={openPalette}
        >
          <IconSearch size={19} stroke={1.7} />
        </ActionIcon>
      </header>
      {menu ? (
        <button type="button" className="shade" aria-label="Close the menu" onClick={() => setMenu(false)} />
      ) : null}
      <SideBar open={menu} live={live} onFind={openPalette} onKeys={() => setKeys(true)} />
      <div>
        {demo ? (
          <aside className="demo" aria-label="About these logs">
            These are the example logs that come with Winnow, as if they were written until now. Their last
            part is coming in while you look.
          </aside>
        ) : null}
        <main id="main" tabIndex={-1} style={{ outline: 'none' }}>
          <Suspense fallback={<Loading />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <KeysDialog opened={keys} onClose={() => setKeys(false)} />
      {palette === 0 ? null : (
        <Suspense fallback={null}>
          <Palette asked={palette} />
        </Suspense>
      )}
    </div>
  )
}
