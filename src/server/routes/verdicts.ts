/**
 * Verdicts: given, looked at beforehand, taken back.
 *
 * @module
 */
import { z } from 'zod'
import {
  giveVerdict,
  listVerdicts,
  previewVerdict,
  revokeVerdict,
  type VerdictChange,
} from '../../store/verdicts.ts'
import type { Verdict } from '../../api/api.ts'
import { byOf } from '../asker.ts'
import type { App, Running } from '../context.ts'
import * as incidents from '../schemas/incidents.ts'
import { idParams, many, nothing } from '../schemas/parts.ts'

export const addVerdictRoutes = (app: App, { bus, now, premises, store: { db } }: Running): void => {
  const told = ({ verdict, events }: VerdictChange): Verdict => {
    for (const event of events) bus.publish(event)
    return verdict
  }

  app.get(
    '/api/verdicts',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'The newest verdicts, those taken back among them',
        response: { 200: z.object({ verdicts: many(incidents.verdict) }) },
      },
    },
    async () => ({ verdicts: await listVerdicts(db) }),
  )

  app.post(
    '/api/verdicts',
    {
      config: { role: 'analyst', action: 'verdict given' },
      schema: {
        summary: 'Give a verdict: it hides what it covers, now and later',
        body: incidents.newVerdict,
        response: { 200: incidents.verdict },
      },
    },
    async (request) => {
      const verdict = told(await giveVerdict(db, request.body, byOf(request), premises, now()))
      request.audited = { target: verdict.id, detail: JSON.stringify(request.body) }
      return verdict
    },
  )

  app.post(
    '/api/verdicts/preview',
    {
      config: { role: 'analyst', action: null },
      schema: {
        summary: 'What a verdict would hide of the last 30 days',
        body: incidents.newVerdict,
        response: { 200: incidents.verdictPreview },
      },
    },
    ({ body }) => previewVerdict(db, body, now()),
  )

  app.delete(
    '/api/verdicts/:id',
    {
      config: { role: 'analyst', action: 'verdict taken back' },
      schema: {
        summary: 'Take a verdict back: what it hid is seen again',
        params: idParams,
        response: { 200: nothing },
      },
    },
    async (request) => {
      told(await revokeVerdict(db, request.params.id, byOf(request), premises, now()))
      return null
    },
  )
}
