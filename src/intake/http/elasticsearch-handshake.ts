/**
 * What senders ask an Elasticsearch before they send: its version, licence and health, and whether their templates and
 * policies are there. All of them are, and making one changes nothing.
 *
 * @module
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Of an Elasticsearch whose `_bulk` is understood; senders of versions 7 to 9 speak with it. */
const spoken = '8.19.0'

const uuid = 'winnow-winnow-winnow-w'

const about = {
  name: 'winnow',
  cluster_name: 'winnow',
  cluster_uuid: uuid,
  version: {
    number: spoken,
    build_flavor: 'default',
    build_type: 'tar',
    build_hash: '0000000000000000000000000000000000000000',
    build_date: '2025-01-01T00:00:00.000Z',
    build_snapshot: false,
    lucene_version: '9.12.0',
    minimum_wire_compatibility_version: '7.17.0',
    minimum_index_compatibility_version: '7.0.0',
  },
  tagline: 'You Know, for Search',
}

const license = {
  status: 'active',
  uid: uuid,
  type: 'basic',
  issue_date: '2025-01-01T00:00:00.000Z',
  issue_date_in_millis: 1_735_689_600_000,
  max_nodes: 1000,
  issued_to: 'winnow',
  issuer: 'winnow',
  start_date_in_millis: -1,
}

const health = {
  cluster_name: 'winnow',
  status: 'green',
  timed_out: false,
  number_of_nodes: 1,
  number_of_data_nodes: 1,
  active_primary_shards: 1,
  active_shards: 1,
  relocating_shards: 0,
  initializing_shards: 0,
  unassigned_shards: 0,
  active_shards_percent_as_number: 100,
}

const off = { available: true, enabled: false }

const xpack = {
  build: {},
  license: { uid: uuid, type: 'basic', mode: 'basic', status: 'active' },
  features: { ilm: { available: true, enabled: true }, security: { ...off, enabled: true }, monitoring: off },
  tagline: 'You know, for X',
}

interface Named {
  readonly Params: { readonly name: string }
}

const nameOf = (request: FastifyRequest<Named>): string => request.params.name

const template = (name: string) => ({ index_patterns: [`${name}*`], composed_of: [], data_stream: {} })

/** What is there under each path, whatever its name. */
const things: Readonly<Record<string, (name: string) => unknown>> = {
  '/_ilm/policy/:name': (name) => Object.fromEntries([[name, { version: 1, policy: { phases: {} } }]]),
  '/_index_template/:name': (name) => ({ index_templates: [{ name, index_template: template(name) }] }),
  '/_component_template/:name': (name) => ({
    component_templates: [{ name, component_template: { template: {} } }],
  }),
  '/_template/:name': (name) => Object.fromEntries([[name, { order: 1, index_patterns: [`${name}*`] }]]),
  '/_data_stream/:name': (name) => ({
    data_streams: [
      {
        name,
        timestamp_field: { name: '@timestamp' },
        indices: [],
        generation: 1,
        status: 'GREEN',
        template: name,
      },
    ],
  }),
  '/_ingest/pipeline/:name': (name) => Object.fromEntries([[name, { processors: [] }]]),
  '/_alias/:name': (name) => Object.fromEntries([[name, { aliases: {} }]]),
}

const acknowledged = { acknowledged: true }

export const addHandshakeRoutes = (routes: FastifyInstance): void => {
  // Fastify answers HEAD by itself where there is a GET.
  routes.get('/', () => about)
  routes.get('/_license', () => ({ license: { ...license, mode: 'basic' } }))
  routes.get('/_xpack', () => xpack)
  routes.get('/_cluster/health', () => health)
  routes.get('/_cluster/health/:name', () => health)
  routes.get('/_nodes/http', () => ({ cluster_name: 'winnow', nodes: {} }))
  routes.get('/_nodes/_all/http', () => ({ cluster_name: 'winnow', nodes: {} }))
  for (const [url, thing] of Object.entries(things)) {
    routes.get<Named>(url, (request) => thing(nameOf(request)))
    routes.put(url, () => acknowledged)
    routes.post(url, () => acknowledged)
  }
  routes.get<Named>('/:name', (request) =>
    Object.fromEntries([[nameOf(request), { aliases: {}, mappings: {}, settings: {} }]]),
  )
  routes.put<Named>('/:name', (request) => ({
    ...acknowledged,
    shards_acknowledged: true,
    index: nameOf(request),
  }))
  routes.put<Named>('/:name/_alias/:alias', () => acknowledged)
  routes.put<Named>('/:name/_settings', () => acknowledged)
  routes.put<Named>('/:name/_mapping', () => acknowledged)
}
