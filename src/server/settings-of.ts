import type { Config } from '../config/config.ts'
import type { Settings } from '../api/api.ts'

/** What the settings are where nobody has changed them. */
export const settingsOf = (config: Config): Settings => ({
  budgetPerDay: config.budgetPerDay,
  retentionDays: config.retention.days,
  retentionBytes: config.retention.bytes,
  excludedPeriods: [],
  ownNetworks: config.ownNetworks,
})
