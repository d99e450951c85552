import './ui/tokens.css'
import './ui/base.css'
import '@mantine/core/styles.layer.css'
import '@mantine/notifications/styles.layer.css'
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiFailure, makeQueryClient } from './lib/api/http.ts'
import { sessionKey } from './lib/api/session.ts'
import { makeRouter } from './router.tsx'
import { theme, variables } from './ui/theme.ts'

const client = makeQueryClient()
const router = makeRouter()

/** A session that ended shows wherever it is noticed first: the frame then leads to the sign-in. */
client.getQueryCache().subscribe((event) => {
  if (event.type !== 'updated' || event.action.type !== 'error') return
  const error: unknown = event.action.error
  if (error instanceof ApiFailure && error.status === 401 && event.query.queryKey[0] !== 'session') {
    void client.invalidateQueries({ queryKey: sessionKey })
  }
})

const place = document.getElementById('root')
if (place === null) throw new Error('the page has no place for the console')

createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      colorSchemeManager={localStorageColorSchemeManager({ key: 'winnow-scheme' })}
    >
      <QueryClientProvider client={client}>
        <Notifications position="bottom-right" limit={4} autoClose={5000} />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)
