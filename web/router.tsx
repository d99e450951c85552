/**
 * The console's addresses. Each page is loaded when it is first looked at; what a page shows is in its address.
 *
 * @module
 */
import {
  Outlet,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { Crashed, NotFound } from './ui/crashed.tsx'
import { Frame } from './ui/frame.tsx'
import { Loading } from './ui/states.tsx'

/** Keeps these names of an address's query, as texts. */
const only =
  <const Name extends string>(...names: readonly Name[]) =>
  (search: Readonly<Record<string, unknown>>): { [name in Name]?: string } => {
    const kept: { [name in Name]?: string } = {}
    for (const name of names) {
      const value = search[name]
      if (typeof value === 'string' && value !== '') kept[name] = value
    }
    return kept
  }

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: only('to', 'error'),
  component: lazyRouteComponent(() => import('./features/sign-in/sign-in-page.tsx'), 'SignInPage'),
})
const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  component: lazyRouteComponent(() => import('./features/sign-in/setup-page.tsx'), 'SetupPage'),
})
const choosePassword = createRoute({
  getParentRoute: () => root,
  path: '/choose-password',
  component: lazyRouteComponent(
    () => import('./features/sign-in/choose-password-page.tsx'),
    'ChoosePasswordPage',
  ),
})
const frame = createRoute({ getParentRoute: () => root, id: 'frame', component: Frame })

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/today' })
  },
})
const today = createRoute({
  getParentRoute: () => frame,
  path: '/today',
  component: lazyRouteComponent(() => import('./features/today/today-page.tsx'), 'TodayPage'),
})
const incidents = createRoute({
  getParentRoute: () => frame,
  path: '/incidents',
  validateSearch: only('state', 'severity', 'detector', 'entity', 'owner', 'q', 'from', 'to', 'sort'),
  component: lazyRouteComponent(() => import('./features/incidents/incidents-page.tsx'), 'IncidentsPage'),
})
const incident = createRoute({
  getParentRoute: () => frame,
  path: '/incidents/$id',
  component: lazyRouteComponent(() => import('./features/incidents/incident-page.tsx'), 'IncidentRoute'),
})
const explore = createRoute({
  getParentRoute: () => frame,
  path: '/explore',
  validateSearch: only('q', 'from', 'to', 'order', 'event', 'live', 'columns'),
  component: lazyRouteComponent(() => import('./features/explore/explore-page.tsx'), 'ExplorePage'),
})
const entities = createRoute({
  getParentRoute: () => frame,
  path: '/entities',
  validateSearch: only('kind', 'prefix'),
  component: lazyRouteComponent(() => import('./features/entities/entities-page.tsx'), 'EntitiesPage'),
})
const entity = createRoute({
  getParentRoute: () => frame,
  path: '/entities/$kind/$value',
  component: lazyRouteComponent(() => import('./features/entities/entity-page.tsx'), 'EntityRoute'),
})
const detectors = createRoute({
  getParentRoute: () => frame,
  path: '/detectors',
  validateSearch: only('q', 'state'),
  component: lazyRouteComponent(() => import('./features/detectors/detectors-page.tsx'), 'DetectorsPage'),
})
const detector = createRoute({
  getParentRoute: () => frame,
  path: '/detectors/$id',
  component: lazyRouteComponent(() => import('./features/detectors/detector-page.tsx'), 'DetectorRoute'),
})
const sources = createRoute({
  getParentRoute: () => frame,
  path: '/sources',
  validateSearch: only('source'),
  component: lazyRouteComponent(() => import('./features/sources/sources-page.tsx'), 'SourcesPage'),
})
const settings = createRoute({
  getParentRoute: () => frame,
  path: '/settings',
  validateSearch: only('tab'),
  component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
})

const tree = root.addChildren([
  signIn,
  setup,
  choosePassword,
  frame.addChildren([
    home,
    today,
    incidents,
    incident,
    explore,
    entities,
    entity,
    detectors,
    detector,
    sources,
    settings,
  ]),
])

/** `?a=b`, each value a text: addresses that people can read and write. */
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text))

const stringifySearch = (search: Readonly<Record<string, unknown>>): string => {
  const made = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') made.set(name, value)
  }
  const text = made.toString()
  return text === '' ? '' : `?${text}`
}

export const makeRouter = () =>
  createRouter({
    routeTree: tree,
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultPendingComponent: Loading,
    defaultErrorComponent: Crashed,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
