/**
 * The fields that a query may name.
 *
 * @module
 */
import { columnOf } from '../../schema/columns.ts'
import { columnNames } from '../../investigate/fields.ts'
import type { App } from '../context.ts'
import * as search from '../schemas/search.ts'

const all = columnNames.map((name) => {
  const { type, ecs, meaning, entity } = columnOf(name)
  return { name, ecs: ecs ?? '', meaning, type, entity: entity ?? null }
})

export const addFieldRoutes = (app: App): void => {
  app.get(
    '/api/fields',
    {
      config: { role: 'viewer' },
      schema: { summary: 'The fields of events', response: { 200: search.fields } },
    },
    () => ({ fields: all }),
  )
}
