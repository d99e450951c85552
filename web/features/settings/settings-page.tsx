import { Link, useSearch } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useMay } from '../../lib/api/session.ts'
import { AccountTab } from './account-tab.tsx'
import { AuditTab } from './audit-tab.tsx'
import { ChannelsTab } from './channels-tab.tsx'
import { DataTab } from './data-tab.tsx'
import { KeysTab } from './keys-tab.tsx'
import './settings.css'
import { UsersTab } from './users-tab.tsx'
import { VerdictsTab } from './verdicts-tab.tsx'

interface Tab {
  readonly id: string
  readonly label: string
  readonly page: ComponentType
  readonly administrators?: boolean
}

const tabs: readonly [Tab, ...Tab[]] = [
  { id: 'account', label: 'Account', page: AccountTab },
  { id: 'data', label: 'Budget and data', page: DataTab },
  { id: 'verdicts', label: 'Verdicts', page: VerdictsTab },
  { id: 'users', label: 'Users', page: UsersTab },
  { id: 'keys', label: 'API keys', page: KeysTab, administrators: true },
  { id: 'notifications', label: 'Notifications', page: ChannelsTab, administrators: true },
  { id: 'audit', label: 'Audit log', page: AuditTab, administrators: true },
]

export const SettingsPage = () => {
  const { tab: asked } = useSearch({ from: '/frame/settings' })
  const administrator = useMay('administrator')
  const tab = tabs.find(({ id }) => id === asked) ?? tabs[0]
  const Page = tab.page
  return (
    <div className="page">
      <div className="page-head">
        <h1>Settings</h1>
      </div>
      <div className="settings">
        <nav aria-label="Settings">
          {tabs
            .filter(({ administrators }) => administrators !== true || administrator)
            .map(({ id, label }) => (
              <Link
                key={id}
                to="/settings"
                search={{ tab: id }}
                aria-current={id === tab.id ? 'page' : undefined}
              >
                {label}
              </Link>
            ))}
        </nav>
        <div className="stack">
          <Page />
        </div>
      </div>
    </div>
  )
}
