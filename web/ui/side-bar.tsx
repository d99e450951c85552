import { Menu, useMantineColorScheme } from '@mantine/core'
import {
  IconBug,
  IconClock,
  IconContrast,
  IconFlag3,
  IconKeyboard,
  IconLogout,
  IconRadar2,
  IconSearch,
  IconSettings,
  IconSun,
  IconTopologyStar3,
  IconTelescope,
  IconUser,
  IconWaveSine,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useSession, useSignOut } from '../lib/api/session.ts'
import { useToday } from '../lib/api/today.ts'
import type { LiveState } from '../lib/live.ts'
import { setZone, useZone, zoneName } from '../lib/time.ts'
import { Brand } from './brand.tsx'

const pages = [
  { to: '/today', label: 'Today', icon: IconSun },
  { to: '/incidents', label: 'Incidents', icon: IconFlag3 },
  { to: '/explore', label: 'Explore', icon: IconTelescope },
  { to: '/entities', label: 'Entities', icon: IconTopologyStar3 },
  { to: '/detectors', label: 'Detectors', icon: IconRadar2 },
  { to: '/sources', label: 'Sources', icon: IconWaveSine },
  { to: '/settings', label: 'Settings', icon: IconSettings },
] as const

const liveWords: Readonly<Record<LiveState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost, trying again',
}

const schemes = { auto: 'light', light: 'dark', dark: 'auto' } as const
const schemeWords = { auto: 'Colours: system', light: 'Colours: light', dark: 'Colours: dark' } as const

interface SideBarProps {
  readonly open: boolean
  readonly live: LiveState
  readonly onFind: () => void
  readonly onKeys: () => void
}

export const SideBar = ({ open, live, onFind, onKeys }: SideBarProps) => {
  const today = useToday()
  const zone = useZone()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const small = { size: 16, stroke: 1.6, 'aria-hidden': true } as const
  return (
    <aside className={open ? 'side open' : 'side'} aria-label="Console">
      <Brand />
      <button type="button" className="find" onClick={onFind}>
        <IconSearch {...small} />
        Find
        <kbd>Ctrl K</kbd>
      </button>
      <nav aria-label="Pages">
        {pages.map(({ to, label, icon: Icon }) => (
          <Link key={to} to={to} activeProps={{ className: 'active' }}>
            <Icon size={18} stroke={1.6} aria-hidden="true" />
            {label}
            {to === '/incidents' && today.data !== undefined && today.data.open > 0 ? (
              <span className="count">
                {today.data.open}
                <span className="only-read"> open</span>
              </span>
            ) : null}
          </Link>
        ))}
      </nav>
      <div className="foot">
        <span className={`live ${live === 'live' ? 'on' : live === 'lost' ? 'off' : ''}`} role="status">
          <i aria-hidden="true" />
          {liveWords[live]}
        </span>
        <button
          type="button"
          title="Switch between your zone and UTC"
          onClick={() => setZone(zone === 'utc' ? 'local' : 'utc')}
        >
          <IconClock {...small} />
          <span className="cut">Times in {zoneName(zone)}</span>
        </button>
        <button type="button" onClick={() => setColorScheme(schemes[colorScheme])}>
          <IconContrast {...small} />
          {schemeWords[colorScheme]}
        </button>
        <button type="button" onClick={onKeys}>
          <IconKeyboard {...small} />
          Keyboard
        </button>
        <UserMenu />
      </div>
    </aside>
  )
}

const UserMenu = () => {
  const session = useSession()
  const signOut = useSignOut()
  const user = session.data?.user
  if (user === undefined || user === null) return null
  return (
    <Menu position="top-start" width={220} withinPortal>
      <Menu.Target>
        <button type="button">
          <span className="avatar" aria-hidden="true">
            {user.name.slice(0, 1).toUpperCase()}
          </span>
          <span className="only-read">Account of </span>
          <span className="cut">{user.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.email}, {user.role}
        </Menu.Label>
        <Menu.Item
          leftSection={<IconUser size={15} />}
          renderRoot={(props: object) => <Link to="/settings" search={{ tab: 'account' }} {...props} />}
        >
          Account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => signOut.mutate()}>
          Sign out
        </Menu.Item>
        <Menu.Label>
          <span className="row tight">
            <IconBug size={13} aria-hidden="true" /> Winnow {session.data?.version}
          </span>
        </Menu.Label>
      </Menu.Dropdown>
    </Menu>
  )
}
