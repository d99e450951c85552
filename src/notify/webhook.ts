/**
 * The signed webhook: version 1 of what it sends, and how it is signed.
 *
 * @module
 */
import { createHmac } from 'node:crypto'
import type { Bulletin, Item } from './bulletin.ts'

/** Grows when a field changes its meaning or goes; further fields may come at any time. */
const payloadVersion = 1

/** An incident as machines are told of it: values as they were in the logs. */
export const incidentPayload = (item: Item) => {
  const { incident, change, time, riskBefore, url, lines } = item
  return { change, time, riskBefore, ...incident, url, ...(lines.length === 0 ? {} : { lines }) }
}

export const webhookPayload = (bulletin: Bulletin) => ({
  version: payloadVersion,
  id: bulletin.id,
  kind: bulletin.isTest ? ('test' as const) : ('incidents' as const),
  sent: new Date(bulletin.nowMs).toISOString(),
  incidents: bulletin.items.map(incidentPayload),
  more: bulletin.more,
  heldBack: bulletin.heldBack !== null,
  url: bulletin.url,
})

/** Hexadecimal HMAC-SHA256 over `timestamp.body`. The time is part of it: what was recorded cannot be sent again later. */
export const signatureOf = (secret: string, timestamp: number, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')

/** @param secret undefined: not signed */
export const webhookHeaders = (
  { id, nowMs }: Bulletin,
  body: string,
  secret: string | undefined,
): Record<string, string> => {
  const timestamp = Math.floor(nowMs / 1000)
  return {
    'x-winnow-delivery': id,
    'x-winnow-timestamp': String(timestamp),
    ...(secret === undefined
      ? {}
      : { 'x-winnow-signature': `sha256=${signatureOf(secret, timestamp, body)}` }),
  }
}
