/**
 * Ctrl+K: one box that leads to any page, incident, entity or detector, and to the events that hold a text.
 *
 * @module
 */
import '@mantine/spotlight/styles.layer.css'
import './palette.css'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { useDetectors } from '../lib/api/detectors.ts'
import { useEntitiesOf } from '../lib/api/entities.ts'
import { useSomeIncidents } from '../lib/api/incidents.ts'
import { useSavedSearches } from '../lib/api/searches.ts'
import { inWords, inert } from '../lib/format.ts'
import { kindOf } from '../lib/kinds.ts'
import { rangeOf } from '../lib/range.ts'
import { KindIcon } from './entity.tsx'
import { SeverityMark } from './marks.tsx'

const pages = [
  ['Today', '/today'],
  ['Incidents', '/incidents'],
  ['Explore', '/explore'],
  ['Entities', '/entities'],
  ['Detectors', '/detectors'],
  ['Sources', '/sources'],
  ['Settings', '/settings'],
] as const

/** What a text can be the beginning of. */
const likelyKinds = (text: string): readonly string[] =>
  /^[\d.]+$|:/.test(text) ? ['address'] : ['user', 'host', 'domain', 'application']

interface Choice {
  readonly key: string
  readonly label: string
  readonly about?: string
  readonly mark?: ReactNode
  readonly go: () => unknown
}

const Palette = ({ asked }: { readonly asked: number }) => {
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text.trim(), 160)
  const navigate = useNavigate()
  useEffect(() => spotlight.open(), [asked])

  const wanted = query.length > 1
  const incidents = useSomeIncidents({ ...(query === '' ? { state: ['open'] } : { q: query }), limit: 6 })
  const entities = useEntitiesOf(wanted ? likelyKinds(query) : [], query)
  const detectors = useDetectors()
  const searches = useSavedSearches()
  const holds = (label: string): boolean => label.toLowerCase().includes(query.toLowerCase())

  const groups: readonly { readonly label: string; readonly choices: readonly Choice[] }[] = [
    {
      label: 'Pages',
      choices: pages
        .filter(([label]) => holds(label))
        .map(([label, to]) => ({ key: to, label, go: () => navigate({ to }) })),
    },
    {
      label: query === '' ? 'Open incidents' : 'Incidents',
      choices: (incidents.data?.incidents ?? []).slice(0, 6).map((incident) => ({
        key: incident.id,
        label: incident.title,
        about: `#${incident.number}`,
        mark: <SeverityMark severity={incident.severity} />,
        go: () => navigate({ to: '/incidents/$id', params: { id: incident.id } }),
      })),
    },
    {
      label: 'Entities',
      choices: wanted
        ? entities.slice(0, 8).map(({ kind, value }) => ({
            key: `${kind} ${value}`,
            label: value,
            about: inWords(kind),
            mark: <KindIcon kind={kind} />,
            go: () =>
              navigate({ to: '/entities/$kind/$value', params: { kind: kindOf(kind) ?? kind, value } }),
          }))
        : [],
    },
    {
      label: 'Detectors',
      choices: wanted
        ? (detectors.data?.detectors ?? [])
            .filter(({ id, title }) => holds(`${id} ${title}`))
            .slice(0, 6)
            .map(({ id, title }) => ({
              key: id,
              label: title,
              about: id,
              go: () => navigate({ to: '/detectors/$id', params: { id } }),
            }))
        : [],
    },
    {
      label: 'Saved searches',
      choices: (searches.data?.searches ?? [])
        .filter(({ name }) => holds(name))
        .slice(0, 5)
        .map((saved) => ({
          key: saved.id,
          label: saved.name,
          about: saved.query,
          go: () => navigate({ to: '/explore', search: { q: saved.query, ...rangeOf(saved.range) } }),
        })),
    },
    {
      label: 'Events',
      choices: wanted
        ? [
            {
              key: 'events',
              label: `Events with “${query}”`,
              mark: <IconSearch size={15} aria-hidden="true" />,
              go: () => navigate({ to: '/explore', search: { q: query } }),
            },
          ]
        : [],
    },
  ]
  const shown = groups.filter(({ choices }) => choices.length > 0)

  return (
    <Spotlight.Root
      query={text}
      onQueryChange={setText}
      attributes={{ content: { 'aria-label': 'Find anything' } }}
      overlayProps={{ backgroundOpacity: 0.4, blur: 0 }}
      centered={false}
      yOffset="12dvh"
      size={640}
      clearQueryOnClose
      shortcut={null}
    >
      <Spotlight.Search
        placeholder="Find a page, an incident, an address, a user …"
        aria-label="Find anything"
        leftSection={<IconSearch size={17} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {shown.map(({ label, choices }) => (
          <Spotlight.ActionsGroup key={label} label={label}>
            {choices.map(({ key, label: words, about, mark, go }) => (
              <Spotlight.Action key={key} onClick={() => void go()}>
                <span className="row" style={{ flexWrap: 'nowrap', flex: 1, minWidth: 0 }}>
                  {mark}
                  <span className="cut grow">{inert(words)}</span>
                  {about === undefined ? null : <span className="soft small cut">{inert(about)}</span>}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {shown.length === 0 ? <Spotlight.Empty>Nothing is called that.</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

// React's lazy() takes a module's default export.
export default Palette
