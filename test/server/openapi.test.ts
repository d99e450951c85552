import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { config, runServer, type Running } from './running.ts'

interface Operation {
  readonly summary?: string
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly schema: object }[]
  readonly requestBody?: object
  readonly responses?: Readonly<Record<string, { readonly content?: object }>>
}

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, object>> }
}

/** What `$ref`s lead to. */
const references = (part: unknown): string[] => {
  if (typeof part !== 'object' || part === null) return []
  return Object.entries(part).flatMap(([name, value]) =>
    name === '$ref' && typeof value === 'string' ? [value] : references(value),
  )
}

describe('the description of the API', () => {
  let server: Running
  let document: Document
  beforeAll(async () => {
    const oidc = { issuer: 'http://127.0.0.1:9', clientId: 'a', clientSecret: 'b', label: 'Elsewhere' }
    server = await runServer({ config: { ...config, oidc } })
    document = (await server.app.inject('/api/openapi.json')).json()
  })
  afterAll(() => server.close())

  it('names every route, with a summary, its parameters, its body and its answers', () => {
    const described = server.app.declared.filter(({ url }) => !['/*', '/api/openapi.json'].includes(url))
    expect(described.length).toBeGreaterThan(40)
    for (const { method, url } of described) {
      const place = `${method} ${url}`
      const operation = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]
      expect([place, (operation?.summary?.length ?? 0) > 5]).toEqual([place, true])
      const inPath = operation?.parameters?.filter((parameter) => parameter.in === 'path') ?? []
      expect([place, inPath.length]).toEqual([place, url.match(/:/g)?.length ?? 0])
      const statuses = Object.keys(operation?.responses ?? {})
      const isText = /live$|metrics$/.test(url)
      expect([place, statuses.some((status) => /^[23]/.test(status)) || isText]).toEqual([place, true])
      const errors = statuses.filter((status) => /^[45]XX$/.test(status))
      expect([place, errors.length]).toEqual([place, url.startsWith('/api/') ? 2 : 0])
    }
  })

  it('leads nowhere that is not described', () => {
    const lead = new Set(references(document))
    expect(lead.size).toBeGreaterThan(10)
    for (const reference of lead) {
      expect(Object.keys(document.components.schemas)).toContain(
        reference.replace('#/components/schemas/', ''),
      )
    }
  })

  it('bounds every text and list that comes in', () => {
    const unbounded: string[] = []
    const walk = (part: unknown, place: string): void => {
      if (typeof part !== 'object' || part === null) return
      const { type, maxLength, maxItems, enum: values, pattern, format } = part as Record<string, unknown>
      const isBound =
        maxLength !== undefined || values !== undefined || pattern !== undefined || format !== undefined
      if (type === 'string' && !isBound) unbounded.push(place)
      if (type === 'array' && maxItems === undefined) unbounded.push(place)
      for (const [name, value] of Object.entries(part)) walk(value, `${place}.${name}`)
    }
    for (const [url, methods] of Object.entries(document.paths)) {
      for (const [method, { requestBody, parameters = [] }] of Object.entries(methods)) {
        walk(requestBody, `${method} ${url} body`)
        for (const parameter of parameters) walk(parameter.schema, `${method} ${url} ${parameter.name}`)
      }
    }
    expect(unbounded.filter((place) => !place.includes('propertyNames'))).toEqual([])
  })
})
