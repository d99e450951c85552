/**
 * The API's description, made from the schemas of its routes.
 *
 * @module
 */
import swagger from '@fastify/swagger'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { version } from '../version.ts'
import type { App } from './context.ts'

export const addOpenapi = async (app: App): Promise<void> => {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Winnow',
        version,
        description:
          'Times are ISO 8601, UTC. Changes need a key, or the session’s cookie with the header `x-winnow: 1` from the same origin.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'winnow_session' },
          key: { type: 'http', scheme: 'bearer', description: 'An API key: `winnow_…`' },
        },
      },
      security: [{ session: [] }, { key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  })
}

export const addOpenapiRoute = (app: App): void => {
  app.get(
    '/api/openapi.json',
    { config: { role: 'anyone' }, schema: { hide: true } },
    // Its own shape is the OpenAPI standard's.
    (_request, reply) => reply.type('application/json').serializer(JSON.stringify).send(app.swagger()),
  )
}
