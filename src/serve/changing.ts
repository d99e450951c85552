/**
 * What a server works with that can change while it runs.
 *
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Config, ListenAddress } from '../config/config.ts'
import { readTls } from '../config/tls.ts'
import type { Told } from '../ingest/reading.ts'
import type { DetectorSetting } from '../live/live.ts'
import { checkedNetwork } from '../logs.ts'
import type { Settings } from '../api/api.ts'
import type { Db } from '../store/database.ts'
import { readDetectorSettings } from '../store/detector-settings.ts'

/**
 * What lines are read with.
 *
 * @throws AppError `invalid-network`
 */
export const toldOf = ({ timeZone }: Config, { ownNetworks }: Settings): Told => ({
  ownNetworks: ownNetworks.map(checkedNetwork),
  ...(timeZone === undefined ? {} : { timeZone }),
})

/** How detectors are set: by the console where somebody did, else by the file. */
export const detectorSettings = async (
  db: Db,
  { detectors: { off } }: Config,
): Promise<ReadonlyMap<string, DetectorSetting>> =>
  new Map([
    ...off.map((id) => [id, { enabled: false, strictness: 0 }] as const),
    ...(await readDetectorSettings(db)),
  ])

/** Says which settings of the file do not count, because somebody set them in the console. */
export const tellUnused = (inFile: Settings, now: Settings, log: Pick<Logger, 'info'>): void => {
  const settings = Object.entries(inFile).flatMap(([name, value]) =>
    // Names of its own fields; periods are set in the console only.
    name === 'excludedPeriods' || isDeepStrictEqual(value, now[name as keyof Settings]) ? [] : [name],
  )
  if (settings.length > 0) log.info({ settings }, 'set in the console: the file does not count for these')
}

/** Reads certificate and key of a listening server again: they are renewed every few weeks. Connections that are there stay. */
export const renewalOf =
  (app: { readonly server: object }, { tls }: ListenAddress) =>
  (): void => {
    const { server } = app
    if (tls === undefined || !('setSecureContext' in server)) return
    // Node's https.Server, which Fastify's type does not show.
    const secure = server as { setSecureContext(files: object): void }
    secure.setSecureContext(readTls(tls))
  }
