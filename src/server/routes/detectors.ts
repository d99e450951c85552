/**
 * Detectors: what they are, how they do, and how strict they are.
 *
 * @module
 */
import { z } from 'zod'
import { AppError } from '../../errors.ts'
import type { Detector } from '../../detect/detector.ts'
import { changeDetector } from '../../store/detector-settings.ts'
import { listFindings } from '../../store/findings.ts'
import { previewLine } from '../../store/strictness.ts'
import type { App, Running } from '../context.ts'
import { calibratedLine, detectorPage, detectorRows, knownDetector } from '../detector-rows.ts'
import * as schemas from '../schemas/detectors.ts'
import { idParams, many } from '../schemas/parts.ts'

const mostRecent = 20

export const addDetectorRoutes = (app: App, context: Running): void => {
  const { now, detectors } = context
  const { db } = context.store

  const detectorOf = (id: string): Detector => {
    const detector = detectors.find((detector) => detector.id === id)
    if (detector === undefined) throw new AppError('not-found', { what: 'detector' })
    return detector
  }

  const pageOf = async (id: string) => {
    const detector = detectorOf(id)
    const { findings } = await listFindings(db, { detector: id, limit: mostRecent })
    return detectorPage(context, detector, findings)
  }

  app.get(
    '/api/detectors',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'All detectors',
        response: { 200: z.object({ detectors: many(schemas.detectorRow) }) },
      },
    },
    async () => ({ detectors: await detectorRows(context) }),
  )

  app.get(
    '/api/detectors/:id',
    {
      config: { role: 'viewer' },
      schema: {
        summary: 'A detector, its calibration and its last findings',
        params: idParams,
        response: { 200: schemas.detectorPage },
      },
    },
    ({ params }) => pageOf(params.id),
  )

  app.patch(
    '/api/detectors/:id',
    {
      config: { role: 'analyst', action: 'detector changed' },
      schema: {
        summary: 'Switch a detector on or off, or make it stricter',
        params: idParams,
        body: z
          .strictObject({
            enabled: z.boolean().exactOptional(),
            strictness: schemas.strictness.exactOptional(),
          })
          .refine((change) => Object.keys(change).length > 0, 'changes nothing'),
        response: { 200: schemas.detectorPage },
      },
    },
    async (request) => {
      const detector = detectorOf(request.params.id)
      // What the configuration switches off stays off when only its strictness is set.
      const { setting } = await knownDetector(context, detector)
      await changeDetector(db, detector.id, { enabled: setting.enabled, ...request.body }, now())
      context.settingsChanged?.()
      request.audited = { detail: JSON.stringify(request.body) }
      return pageOf(detector.id)
    },
  )

  app.post(
    '/api/detectors/:id/preview',
    {
      config: { role: 'viewer', action: null },
      schema: {
        summary: 'What another strictness would have shown in the last 30 days',
        params: idParams,
        body: z.strictObject({ strictness: schemas.strictness }),
        response: { 200: schemas.strictnessPreview },
      },
    },
    async ({ params, body }) => {
      const detector = detectorOf(params.id)
      const known = await knownDetector(context, detector)
      // What is certain is shown however often it happens.
      const line = detector.certain ? -1e300 : calibratedLine(context, known) + body.strictness
      return previewLine(db, detector.id, line, now())
    },
  )
}
