/**
 * All routes of the API.
 *
 * @module
 */
import type { App, Running } from '../context.ts'
import { addAuditRoutes } from './audit.ts'
import { addBackupRoutes } from './backups.ts'
import { addDetectorRoutes } from './detectors.ts'
import { addEntityRoutes } from './entities.ts'
import { addExplainLineRoutes } from './explain-line.ts'
import { addFieldRoutes } from './fields.ts'
import { addFindingRoutes } from './findings.ts'
import { addHealthRoutes } from './health.ts'
import { addIncidentRoutes } from './incidents.ts'
import { addKeyRoutes } from './keys.ts'
import { addLiveRoutes } from './live.ts'
import { addOidcRoutes } from './oidc.ts'
import { addSearchRoutes } from './search.ts'
import { addSavedSearchRoutes } from './searches.ts'
import { addSessionRoutes } from './session.ts'
import { addSettingsRoutes } from './settings.ts'
import { addSourceRoutes } from './sources.ts'
import { addTodayRoutes } from './today.ts'
import { addUserRoutes } from './users.ts'
import { addVerdictRoutes } from './verdicts.ts'

export const addRoutes = (app: App, context: Running): void => {
  const parts = [
    addHealthRoutes,
    addSessionRoutes,
    addOidcRoutes,
    addUserRoutes,
    addKeyRoutes,
    addAuditRoutes,
    addLiveRoutes,
    addTodayRoutes,
    addIncidentRoutes,
    addFindingRoutes,
    addVerdictRoutes,
    addDetectorRoutes,
    addSourceRoutes,
    addSearchRoutes,
    addFieldRoutes,
    addSavedSearchRoutes,
    addEntityRoutes,
    addExplainLineRoutes,
    addSettingsRoutes,
    addBackupRoutes,
  ]
  for (const add of parts) add(app, context)
}
