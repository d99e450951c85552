/**
 * Incidents: the queue, a page, and what people do with them.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import {
  addNote,
  changeIncident,
  getIncident,
  listIncidents,
  mergeIncidents,
  splitIncident,
  type Changed,
} from '../../store/incidents.ts'
import type { IncidentRow } from '../../api/api.ts'
import { byOf } from '../asker.ts'
import type { App, Running } from '../context.ts'
import { momentsOf } from '../moments.ts'
import * as incidents from '../schemas/incidents.ts'
import { id, idParams, many, nothing, text } from '../schemas/parts.ts'

export const addIncidentRoutes = (app: App, context: Running): void => {
  const { bus, now, premises } = context
  const { db } = context.store

  const told = ({ row, events }: Changed): IncidentRow => {
    for (const event of events) bus.publish(event)
    return row
  }

  app.get(
    '/api/incidents',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'Incidents that fit a filter, a page at a time',
        querystring: incidents.incidentFilter,
        response: { 200: incidents.incidentList },
      },
    },
    (request) => {
      const { from, to, ...filter } = request.query
      const me = request.asker.kind === 'user' ? request.asker.session.user.id : null
      return listIncidents(db, { ...filter, ...momentsOf({ from, to }, now()) }, me)
    },
  )

  app.get(
    '/api/incidents/:id',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'An incident and its story',
        params: idParams,
        response: { 200: incidents.incidentPage },
      },
    },
    async ({ params }) => {
      const page = await getIncident(db, params.id)
      if (page === null) throw new AppError('unknown-incident', { id: params.id })
      return page
    },
  )

  app.patch(
    '/api/incidents/:id',
    {
      config: { role: 'analyst', action: 'incident changed' },
      schema: {
        summary: 'Change the state, owner or title of an incident',
        params: idParams,
        body: incidents.incidentChange,
        response: { 200: incidents.incidentRow },
      },
    },
    async (request) => {
      request.audited = { detail: JSON.stringify(request.body) }
      return told(await changeIncident(db, request.params.id, request.body, byOf(request), now()))
    },
  )

  app.post(
    '/api/incidents/change',
    {
      config: { role: 'analyst', action: 'incidents changed' },
      schema: {
        summary: 'Change many incidents alike: all of them, or none',
        body: z.strictObject({ ids: z.array(id).min(1).max(200), change: incidents.incidentChange }),
        response: { 200: z.object({ incidents: many(incidents.incidentRow) }) },
      },
    },
    async (request) => {
      const { ids, change } = request.body
      request.audited = { target: ids.join(' '), detail: JSON.stringify(change) }
      const changes = await db.transaction().execute(async (trx) => {
        const all: Changed[] = []
        for (const id of new Set(ids)) all.push(await changeIncident(trx, id, change, byOf(request), now()))
        return all
      })
      return { incidents: changes.map(told) }
    },
  )

  app.post(
    '/api/incidents/:id/notes',
    {
      config: { role: 'analyst', action: 'note added' },
      schema: {
        summary: 'Add a note to an incident',
        params: idParams,
        body: z.strictObject({ text: text(20_000).trim().min(1) }),
        response: { 200: nothing },
      },
    },
    async (request) => {
      told(await addNote(db, request.params.id, request.body.text, byOf(request), now()))
      return null
    },
  )

  app.post(
    '/api/incidents/:id/merge',
    {
      config: { role: 'analyst', action: 'incident merged' },
      schema: {
        summary: 'Put an incident into another',
        params: idParams,
        body: z.strictObject({ into: id }),
        response: { 200: incidents.incidentRow },
      },
    },
    async (request) => {
      request.audited = { detail: `into ${request.body.into}` }
      return told(
        await mergeIncidents(db, request.params.id, request.body.into, byOf(request), premises, now()),
      )
    },
  )

  app.post(
    '/api/incidents/:id/split',
    {
      config: { role: 'analyst', action: 'incident split' },
      schema: {
        summary: 'Take findings out of an incident, into one of their own',
        params: idParams,
        body: z.strictObject({ findings: z.array(id).min(1).max(200) }),
        response: { 200: incidents.incidentRow },
      },
    },
    async (request) => {
      const { findings } = request.body
      request.audited = { detail: findings.join(' ') }
      return told(await splitIncident(db, request.params.id, findings, byOf(request), premises, now()))
    },
  )
}
