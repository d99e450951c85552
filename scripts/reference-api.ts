/** The page of the API, from its OpenAPI description. */
import { pino } from 'pino'
import { openBus } from '../src/bus.ts'
import type { LiveEvent } from '../src/api/api.ts'
import { parseConfig } from '../src/config/read-config.ts'
import { buildApp } from '../src/server/app.ts'
import type { Context } from '../src/server/context.ts'
import type { DeclaredRoute } from '../src/server/gate.ts'
import { noSurroundings } from '../src/triage/identity.ts'
import { typeText, type JsonSchema } from './json-schema.ts'
import { list, page, table } from './markdown.ts'

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>
}

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly {
    readonly in: string
    readonly name: string
    readonly required?: boolean
    readonly schema: JsonSchema
  }[]
  readonly requestBody?: Content
  readonly responses?: Readonly<Record<string, Content>>
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
}

/** What the app is given and does not ask while it is only described. */
const unasked = <T>(): T =>
  // Whoever asks it anyway is told; it stands for any type.
  new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === 'then') return undefined
        throw new Error(`the description needs no ${String(name)}`)
      },
    },
  ) as T

const describe = async (): Promise<{ document: Document; declared: readonly DeclaredRoute[] }> => {
  const oidc = { issuer: 'https://sso.example.com', client_id: 'id', client_secret: 'secret' }
  const { config } = parseConfig(JSON.stringify({ data: 'data', oidc }), 'reference')
  if (config === null) throw new Error('the configuration is wrong')
  const app = await buildApp({
    engine: unasked<Context['engine']>(),
    store: {
      db: unasked<Context['store']['db']>(),
      dialect: 'pglite',
      lost: new Promise(() => undefined),
      close: () => Promise.resolve(),
    },
    config,
    bus: openBus<LiveEvent>(),
    detectors: [],
    premises: noSurroundings,
    log: pino({ level: 'silent' }),
    sources: () => [],
    consoleFolder: '/nonexistent',
  })
  // It is OpenAPI 3.1, as a test of the description holds.
  const document = app.swagger() as unknown as Document
  const { declared } = app
  await app.close()
  return { document, declared }
}

const code = (text: string): string => (text === '' ? '' : `\`${text}\``)

const schemaIn = (content: Content | undefined): JsonSchema | undefined =>
  Object.values(content?.content ?? {})[0]?.schema

const takes = ({ parameters = [], requestBody }: Operation): string => {
  const query = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, required, schema }) => `${name}${required === true ? '' : '?'}: ${typeText(schema)}`)
  const body = schemaIn(requestBody)
  return [
    ...(query.length === 0 ? [] : [`query ${code(`{ ${query.join(', ')} }`)}`]),
    ...(body === undefined ? [] : [`body ${code(typeText(body))}`]),
  ].join('; ')
}

const gives = (route: DeclaredRoute, { responses = {} }: Operation): string => {
  if (route.url.endsWith('/live')) return 'server-sent events'
  const [status, content] = Object.entries(responses).find(([one]) => /^[23]\d\d$/.test(one)) ?? []
  const schema = schemaIn(content)
  if (status !== undefined && status.startsWith('3')) return 'a redirection'
  if (schema === undefined || schema.type === 'null') return route.url === '/metrics' ? 'text' : 'nothing'
  return code(typeText(schema))
}

const scopes = { viewer: 'read', analyst: 'write', administrator: 'admin' } as const

const who = ({ role, scope }: DeclaredRoute): string => {
  if (role === 'anyone') return 'anyone'
  if (scope === null) return `${role}, people only`
  return `${role}; key: ${scope ?? scopes[role]}`
}

const groupOf = (url: string): string => (url.startsWith('/api/') ? (url.split('/')[2] ?? '') : 'health')

const shape = (name: string, schema: JsonSchema): string => {
  const { properties = {}, required = [], description } = schema
  const fields = Object.entries(properties).map(
    ([field, type]) => `  ${field}${required.includes(field) ? '' : '?'}: ${typeText(type)}`,
  )
  const text =
    fields.length === 0
      ? `type ${name} = ${typeText(schema)}`
      : `interface ${name} {\n${fields.join('\n')}\n}`
  return [
    `### ${name}`,
    ...(description === undefined ? [] : [`${description}.`]),
    `\`\`\`ts\n${text}\n\`\`\``,
  ].join('\n\n')
}

export const apiPage = async (): Promise<string> => {
  const { document, declared } = await describe()
  const rows = declared.flatMap((route) => {
    const url = route.url.replaceAll(/:(\w+)/g, '{$1}')
    const operation = document.paths[url]?.[route.method.toLowerCase()]
    return operation === undefined ? [] : [{ route, url, operation }]
  })
  const groups = [...new Set(rows.map(({ url }) => groupOf(url)))].toSorted()
  return page(
    'The API',
    'What the console uses is open to programs: `GET /api/openapi.json` describes it for tools (OpenAPI 3.1), this page for people.',
    list([
      'A key (`Authorization: Bearer winnow_…`), made in the console under *Settings → API keys*, has scopes: `read`, `write`, which includes it, `admin`, which includes both, and `ingest`, which only sends logs. A browser has a session cookie; its changes need the header `x-winnow: 1` and the same origin.',
      '*Who* is the least role, and the scope with which a key may.',
      'Bodies are JSON, times ISO 8601 in UTC; in queries `24h` or `7d` before now, too. A `next` that is not null is the `cursor` of the next page.',
      'What is refused has the status and the code of the [errors page](errors.md), as `Error` below.',
    ]),
    ...groups.map((group) =>
      [
        `## ${group}`,
        table(
          ['route', 'what it does', 'who', 'takes', 'gives'],
          rows
            .filter(({ url }) => groupOf(url) === group)
            .map(({ route, url, operation }) => [
              code(`${route.method} ${url}`),
              operation.summary ?? '',
              who(route),
              takes(operation),
              gives(route, operation),
            ]),
        ),
      ].join('\n\n'),
    ),
    '## Shapes',
    ...Object.entries(document.components.schemas)
      // The same ones, for what is sent: only answers are named.
      .filter(([name]) => !name.endsWith('Input'))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, schema]) => shape(name, schema)),
  )
}
