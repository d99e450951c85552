/**
 * Incidents that have changed → what each channel is to be told, written into the outbox.
 *
 * @module
 */
import type { IncidentRow } from '../api/api.ts'
import type { Db } from '../store/database.ts'
import { inNotices, listeningChannels, reopeningsOf, toldOf } from '../store/notices.ts'
import { putMessages, type Message } from '../store/outbox.ts'
import { decide } from './decide.ts'
import type { Notice } from './notice.ts'

const key = (channel: string, incident: string): string => `${channel}\0${incident}`

/** @returns how many messages were written */
export const planNotices = async (
  db: Db,
  incidents: readonly IncidentRow[],
  nowMs: number,
): Promise<number> => {
  const going = incidents.filter(({ state }) => state !== 'closed')
  if (going.length === 0 || (await listeningChannels(db)).length === 0) return 0
  return inNotices(db, async (trx) => {
    const ids = going.map(({ id }) => id)
    const channels = await listeningChannels(trx)
    const reopenings = await reopeningsOf(trx, ids)
    const told = new Map<string, Notice[]>()
    for (const { channel, incident, payload } of await toldOf(trx, ids)) {
      const place = key(channel, incident)
      // Written below, as this type.
      told.set(place, [...(told.get(place) ?? []), payload as Notice])
    }
    const messages = channels.flatMap((channel) =>
      going.flatMap((incident): Message[] => {
        const notice = decide({
          incident,
          channel,
          told: told.get(key(channel.id, incident.id)) ?? [],
          reopening: reopenings.get(incident.id) ?? null,
          nowMs,
        })
        return notice === null
          ? []
          : [{ channel: channel.id, incident: incident.id, kind: notice.change, payload: notice }]
      }),
    )
    await putMessages(trx, messages, nowMs)
    return messages.length
  })
}
